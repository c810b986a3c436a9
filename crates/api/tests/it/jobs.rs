//! Many leads are converted by a job: which ones, with what result for each, and who sees it.

use chrono::TimeDelta;
use rapport_api::jobs::run;
use reqwest::Method;
use serde_json::{Value, json};

use crate::event_stream::Stream;
use crate::harness::{Answer, TestApp};
use crate::keys::{by_key, make};
use crate::notifications::{NOBODY, lines};
use crate::records_given::{id, ids};

/// Leads of somebody's: of companies and people that nobody else has.
pub(crate) async fn leads(app: &TestApp, who: &str, count: usize) -> Vec<String> {
    let mut made = Vec::new();
    for n in 0..count {
        let lead = json!({"company_name": format!("Works {who} {n}"), "given_name": format!("Person {n}"),
            "email": format!("{who}{n}@works{n}.example")});
        made.push(id(&app.make(who, "leads", lead).await).to_owned());
    }
    made
}

/// All three records, each linked where it is there.
pub(crate) fn linking() -> Value {
    json!({"customer": "link_best", "contact": "link_best", "opportunity": "create"})
}

pub(crate) async fn ask(app: &TestApp, who: &str, body: Value) -> Answer {
    app.post(who, "/leads/conversions", body).await
}

/// Begins a job.
pub(crate) async fn begin(app: &TestApp, who: &str, leads: &[String], plan: Value) -> Value {
    ask(app, who, json!({"ids": leads, "plan": plan})).await.expect(202)
}

pub(crate) async fn read(app: &TestApp, who: &str, job: &Value) -> Value {
    app.get(who, &format!("/jobs/{}", id(job))).await.expect(200)
}

pub(crate) async fn items(app: &TestApp, who: &str, job: &Value) -> Vec<Value> {
    let mut page = app.get(who, &format!("/jobs/{}/items?limit=200", id(job))).await.expect(200);
    page["data"].as_array_mut().unwrap().drain(..).collect()
}

/// Does what there is to do.
pub(crate) async fn work(app: &TestApp) -> u64 {
    run::once(&app.app).await.unwrap()
}

/// The state of each item, and the code of its problem.
fn states(items: &[Value]) -> Vec<(&str, &str)> {
    items
        .iter()
        .map(|item| (item["state"].as_str().unwrap(), item["problem"]["code"].as_str().unwrap_or_default()))
        .collect()
}

fn kinds(item: &Value) -> Vec<&str> {
    item["made"].as_array().unwrap().iter().map(|record| record["type"].as_str().unwrap()).collect()
}

// ---------------------------------------------------------------- results

#[actix_web::test]
async fn each_lead_is_converted_by_the_plan_and_tells_what_it_became() {
    TestApp::each(async |app| {
        let leads = leads(app, "sales", 3).await;
        let answer = ask(app, "sales", json!({"ids": leads, "plan": linking()})).await;
        let place = answer.header("location").to_owned();
        let job = answer.expect(202);
        assert_eq!(place, format!("/api/v1/jobs/{}", id(&job)));
        assert_eq!(
            (&job["kind"], &job["status"], &job["position"], &job["progress"], &job["request"]["customer"]),
            (
                &json!("convert_leads"),
                &json!("queued"),
                &json!(1),
                &json!({"done": 0, "total": 3}),
                &json!("link_best")
            )
        );
        assert_eq!(job["left_out"], json!({"not_found": 0, "forbidden": 0, "already_converted": 0}));
        let waiting = items(app, "sales", &job).await;
        assert_eq!(states(&waiting), [("pending", ""); 3]);
        assert_eq!(waiting[0]["record"], json!({"type": "lead", "id": leads[0], "name": "Person 0"}));
        app.advance(TimeDelta::seconds(5));
        assert_eq!(work(app).await, 3);
        let done = read(app, "sales", &job).await;
        assert_eq!(
            (&done["status"], &done["position"], &done["can_cancel"], &done["error"]),
            (&json!("succeeded"), &Value::Null, &json!(false), &Value::Null)
        );
        assert_eq!(done["counts"], json!({"succeeded": 3, "failed": 0, "skipped": 0}));
        assert!(done["started_at"].as_str() > done["created_at"].as_str() && done["finished_at"].is_string());
        for (item, lead) in items(app, "sales", &job).await.iter().zip(&leads) {
            let lead = app.get("sales", &format!("/leads/{lead}")).await.expect(200);
            assert_eq!(kinds(item), ["customer", "contact", "opportunity"]);
            for record in item["made"].as_array().unwrap() {
                let kind = record["type"].as_str().unwrap();
                assert_eq!(record["id"], lead["conversion"][format!("{kind}_id")], "{kind}");
                assert!(record["name"].is_string(), "{record}");
            }
            assert_eq!(item["problem"], Value::Null);
            assert!(item["done_at"].is_string() && item["done_at"].as_str() <= done["finished_at"].as_str(), "{item}");
            let history = app.get("sales", &format!("/leads/{}/history", id(&lead))).await.expect(200);
            assert_eq!(
                (&history["data"][0]["action"], &history["data"][0]["actor"]["name"]),
                (&json!("convert"), &json!("孙悟空"))
            );
            app.post("sales", &format!("/leads/{}/conversion/undo", id(&lead)), json!({})).await.expect(200);
        }
        assert_eq!(work(app).await, 0, "it is over");
        assert_eq!(crate::doctor::levels(&app.database.target).1["jobs"], "ok");
    })
    .await;
}

#[actix_web::test]
async fn what_cannot_be_converted_says_why_and_the_others_are() {
    TestApp::each(async |app| {
        let mut given = leads(app, "sales", 2).await;
        app.make("sales", "customers", json!({"name": "Known Works"})).await;
        for lead in [
            json!({"company_name": "Known Works", "given_name": "Known"}),
            json!({"company_name": "Only a company"}),
            json!({"company_name": "Meanwhile", "given_name": "Somebody"}),
            json!({"company_name": "Goes", "given_name": "Gone"}),
        ] {
            given.push(id(&app.make("sales", "leads", lead).await).to_owned());
        }
        let plan = json!({"customer": "create", "contact": "create"});
        let job = begin(app, "sales", &given, plan.clone()).await;
        let before = app
            .post("sales", &format!("/leads/{}/conversion", given[4]), json!({"customer": {"mode": "create"}}))
            .await;
        let before = before.expect(201);
        app.delete("sales", &format!("/leads/{}", given[5])).await.expect(204);
        assert_eq!(work(app).await, 6);
        let done = read(app, "sales", &job).await;
        assert_eq!(
            (&done["status"], &done["counts"]),
            (&json!("partially_succeeded"), &json!({"succeeded": 2, "failed": 3, "skipped": 1}))
        );
        let told = items(app, "sales", &job).await;
        let expected = [
            ("succeeded", ""),
            ("succeeded", ""),
            ("failed", "duplicate_candidates"),
            ("failed", "validation_failed"),
            ("skipped", "already_converted"),
            ("failed", "not_found"),
        ];
        assert_eq!(states(&told), expected, "{told:#?}");
        assert_eq!(told[2]["candidates"][0]["name"], "Known Works");
        assert!(told[2]["problem"]["candidates"].is_null(), "names are not kept");
        assert_eq!(told[3]["problem"]["errors"][0]["pointer"], "/contact/fields/family_name");
        assert_eq!(told[4]["made"][0]["id"], before["customer"]["id"]);
        assert_eq!(told[5]["record"], json!({"type": "lead", "id": given[5], "name": "Gone"}), "it lies in the trash");
        assert!(told[2]["made"].as_array().unwrap().is_empty());
        // Whoever forces says why, and gets what was refused.
        let forced = json!({"customer": "create", "on_duplicate": "force", "duplicate_reason": "another one"});
        let job = begin(app, "sales", &given[2..4], forced).await;
        work(app).await;
        assert_eq!(states(&items(app, "sales", &job).await), [("succeeded", ""); 2]);
    })
    .await;
}

#[actix_web::test]
async fn the_surest_that_is_there_is_linked_and_what_is_hidden_never() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "Shared Works"})).await;
        let deal = app.make("sales", "opportunities", json!({"name": "Open", "customer_id": customer["id"]})).await;
        app.make("sales2", "customers", json!({"name": "Hidden Works"})).await;
        let mut given = Vec::new();
        for (company, person) in [
            ("Shared Works", "A"),
            ("Shared Works", "B"),
            ("New Works", "C"),
            ("New Works", "D"),
            ("Hidden Works", "E"),
        ] {
            let lead = json!({"company_name": company, "given_name": person, "title": "Buyer"});
            given.push(id(&app.make("sales", "leads", lead).await).to_owned());
        }
        let plan = json!({"customer": "link_best", "contact": "create", "opportunity": "link_best"});
        let job = begin(app, "sales", &given, plan).await;
        work(app).await;
        let told = items(app, "sales", &job).await;
        assert_eq!(
            states(&told),
            [
                ("succeeded", ""),
                ("succeeded", ""),
                ("succeeded", ""),
                ("succeeded", ""),
                ("failed", "duplicate_candidates")
            ]
        );
        for item in &told[..2] {
            assert_eq!((&item["made"][0]["id"], &item["made"][2]["id"]), (&customer["id"], &deal["id"]));
        }
        assert_eq!(told[2]["made"][0]["id"], told[3]["made"][0]["id"], "what an item has made the next one finds");
        assert_eq!(told[2]["made"][2]["id"], told[3]["made"][2]["id"]);
        assert_eq!(told[4]["candidates"], json!([]), "that there is one is all that is said");
        let linked = app.get("sales", &format!("/contacts?filter=customer_id%20%3D%20%22{}%22", id(&customer))).await;
        assert_eq!(ids(&linked.expect(200)).len(), 2);
    })
    .await;
}

// ---------------------------------------------------------------- which leads

#[actix_web::test]
async fn leads_are_settled_when_the_job_begins_and_those_left_out_are_counted() {
    TestApp::each(async |app| {
        let own = leads(app, "sales", 2).await;
        let others = leads(app, "sales2", 1).await;
        let converted = leads(app, "manager", 1).await;
        let customer = json!({"customer": {"mode": "create"}});
        app.post("manager", &format!("/leads/{}/conversion", converted[0]), customer).await.expect(201);
        let role = json!({"key": "looker", "names": {"en": "Looks"}, "grants": [
            {"type": "lead", "action": "view", "scope": "all"}, {"type": "lead", "action": "convert", "scope": "team"}]});
        let role = app.post("admin", "/roles", role).await.expect(201)["id"].clone();
        let sales = app.id("sales").await;
        let roles = app.get("admin", &format!("/users/{sales}")).await.expect(200)["roles"][0]["id"].clone();
        app.patch("admin", &format!("/users/{sales}"), json!({"role_ids": [roles, role]})).await.expect(200);
        let named = json!({"ids": [own[1], own[0], own[1], others[0], converted[0], NOBODY], "plan": {"customer": "create"}});
        let job = ask(app, "sales", named).await.expect(202);
        assert_eq!(job["left_out"], json!({"not_found": 1, "forbidden": 1, "already_converted": 1}));
        let told = items(app, "sales", &job).await;
        let order: Vec<&Value> = told.iter().map(|item| &item["record"]["id"]).collect();
        assert_eq!(order, [&json!(own[1]), &json!(own[0])], "in the order of the request, each once");
        let found = json!({"filter": "company_name ~ \"Works\"", "plan": {"customer": "create"}});
        let job = ask(app, "sales", found).await.expect(202);
        assert_eq!(
            (&job["left_out"], &job["progress"]["total"]),
            (&json!({"not_found": 0, "forbidden": 1, "already_converted": 1}), &json!(2))
        );
        let json_filter = json!({"field": "company_name", "op": "eq", "value": "Works sales 1"});
        let by_words = ask(app, "sales", json!({"filter": json_filter, "q": "Works", "plan": {"customer": "create"}})).await;
        let job = by_words.expect(202);
        leads(app, "sales", 2).await;
        assert_eq!(items(app, "sales", &job).await.len(), 1, "what comes later is no part of it");
        work(app).await;
        let refused = ask(app, "sales", json!({"ids": others, "plan": {"customer": "create"}})).await;
        assert_eq!(refused.errors(), [("/ids".to_owned(), "invalid_value".to_owned())]);
        assert_eq!(refused.refused(422, "validation_failed")["left_out"]["forbidden"], 1);
    })
    .await;
}

#[actix_web::test]
async fn a_request_that_makes_no_sense_begins_nothing() {
    TestApp::each(async |app| {
        let lead = leads(app, "sales", 1).await;
        for (body, pointer, code) in [
            (json!({"plan": {"customer": "create"}}), "/ids", "required"),
            (json!({"ids": [], "plan": {"customer": "create"}}), "/ids", "required"),
            (json!({"ids": vec![lead[0].clone(); 10_001], "plan": {"customer": "create"}}), "/ids", "too_long"),
            (json!({"ids": lead, "q": "Works", "plan": {"customer": "create"}}), "/ids", "invalid_value"),
            (json!({"ids": lead, "plan": {}}), "/plan/customer", "required"),
            (json!({"ids": lead, "plan": {"opportunity": "create"}}), "/plan/customer", "required"),
            (
                json!({"ids": lead, "plan": {"contact": "create", "opportunity": "link_best"}}),
                "/plan/customer",
                "required",
            ),
            (json!({"ids": lead, "plan": {"customer": "link"}}), "/plan/customer", "invalid_value"),
            (
                json!({"ids": lead, "plan": {"customer": "create", "on_duplicate": "force"}}),
                "/plan/duplicate_reason",
                "required",
            ),
            (json!({"ids": lead, "plan": {"customer": "create", "owner_id": NOBODY}}), "/plan/owner_id", "not_found"),
            (json!({"ids": lead, "plan": {"customer": "create"}, "atomic": true}), "/atomic", "unknown_field"),
        ] {
            let answer = ask(app, "sales", body).await;
            assert_eq!(answer.errors().first(), Some(&(pointer.to_owned(), code.to_owned())), "{}", answer.text);
            assert_eq!(answer.status, 422);
        }
        ask(app, "sales", json!({"filter": "nonsense = 1", "plan": {"customer": "create"}}))
            .await
            .refused(400, "unknown_field");
        ask(app, "viewer", json!({"ids": lead, "plan": {"customer": "create"}})).await.refused(403, "forbidden");
        assert_eq!(app.get("admin", "/jobs?all=true").await.expect(200)["data"], json!([]));
    })
    .await;
}

#[actix_web::test]
async fn a_request_sent_again_with_its_key_is_the_same_job_and_three_are_enough() {
    TestApp::each(async |app| {
        let given = leads(app, "sales", 4).await;
        let body = json!({"ids": given[..1], "plan": {"customer": "create"}});
        let key = [("idempotency-key", "once-and-for-all")];
        let sent = || app.send_with("sales", Method::POST, "/leads/conversions", &key, Some(body.clone()));
        let first = sent().await.expect(202);
        let again = sent().await;
        assert_eq!(
            (again.header("idempotent-replayed"), again.header("location")),
            ("true", format!("/api/v1/jobs/{}", id(&first)).as_str())
        );
        assert_eq!(again.expect(202)["id"], first["id"]);
        let tries = (0..6).map(|_| ask(app, "sales", json!({"ids": given[1..], "plan": {"customer": "create"}})));
        let answers = futures_util::future::join_all(tries).await;
        let (begun, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 202);
        assert_eq!((begun.len(), refused.len()), (2, 4), "with the first that makes three");
        for answer in refused {
            assert_eq!(answer.refused(409, "limit_reached")["max"], 3);
        }
        let other = leads(app, "sales2", 1).await;
        let last = begin(app, "sales2", &other, json!({"customer": "create"})).await;
        assert_eq!(last["position"], 4, "behind those who came before");
        assert_eq!(work(app).await, 8);
        let answered = sent().await;
        assert_eq!(answered.header("idempotent-replayed"), "true", "also when nothing is left to convert");
        assert_eq!(answered.expect(202)["id"], first["id"]);
        let lead = app.make("sales", "leads", json!({"company_name": "One more"})).await;
        begin(app, "sales", &[id(&lead).to_owned()], json!({"customer": "create"})).await;
    })
    .await;
}

// ---------------------------------------------------------------- who sees it

#[actix_web::test]
async fn jobs_are_seen_by_whoever_began_them_and_by_those_who_manage_users() {
    TestApp::each(async |app| {
        let mut jobs = Vec::new();
        for n in 0..5 {
            let lead = app.make("sales", "leads", json!({"company_name": format!("Works {n}")})).await;
            jobs.push(begin(app, "sales", &[id(&lead).to_owned()], json!({"customer": "create"})).await);
            app.advance(TimeDelta::seconds(1));
            work(app).await;
        }
        let newest_first: Vec<&str> = jobs.iter().rev().map(id).collect();
        let first = app.get("sales", "/jobs?limit=2").await.expect(200);
        let next = first["page"]["next_cursor"].as_str().unwrap();
        let second = app.get("sales", &format!("/jobs?limit=2&cursor={next}")).await.expect(200);
        let next = second["page"]["next_cursor"].as_str().unwrap();
        let last = app.get("sales", &format!("/jobs?limit=2&cursor={next}")).await.expect(200);
        assert_eq!([ids(&first), ids(&second), ids(&last)].concat(), newest_first);
        assert_eq!(last["page"]["has_more"], false);
        app.get("sales", &format!("/jobs?cursor={next}&status=failed")).await.refused(400, "cursor_mismatch");
        assert_eq!(ids(&app.get("sales", "/jobs?status=succeeded").await.expect(200)).len(), 5);
        for query in ["status=done", "limit=0", "limit=101", "all=perhaps"] {
            assert_eq!(app.get("sales", &format!("/jobs?{query}")).await.status, 400, "{query}");
        }
        for who in ["sales2", "manager"] {
            assert_eq!(app.get(who, "/jobs").await.expect(200)["data"], json!([]), "{who}");
            app.get(who, "/jobs?all=true").await.refused(403, "forbidden");
            for rest in ["", "/items"] {
                app.get(who, &format!("/jobs/{}{rest}", id(&jobs[0]))).await.refused(404, "not_found");
            }
            app.post(who, &format!("/jobs/{}/cancel", id(&jobs[0])), json!({})).await.refused(404, "not_found");
        }
        assert_eq!(ids(&app.get("admin", "/jobs?all=true").await.expect(200)), newest_first);
        assert_eq!(read(app, "admin", &jobs[0]).await["created_by"]["name"], "孙悟空");
        app.get("sales", &format!("/jobs/{NOBODY}")).await.refused(404, "not_found");
        app.get("sales", "/jobs/no-id").await.refused(404, "not_found");
    })
    .await;
}

#[actix_web::test]
async fn items_come_page_by_page_and_by_their_state() {
    TestApp::each(async |app| {
        let given = leads(app, "sales", 5).await;
        let job = begin(app, "sales", &given, json!({"customer": "create"})).await;
        run::turn(&app.app, 2).await.unwrap();
        let place = format!("/jobs/{}/items", id(&job));
        let positions = |page: &Value| -> Vec<i64> {
            page["data"].as_array().unwrap().iter().map(|item| item["position"].as_i64().unwrap()).collect()
        };
        let first = app.get("sales", &format!("{place}?limit=3")).await.expect(200);
        let next = first["page"]["next_cursor"].as_str().unwrap();
        let second = app.get("sales", &format!("{place}?limit=3&cursor={next}")).await.expect(200);
        assert_eq!((positions(&first), positions(&second)), (vec![0, 1, 2], vec![3, 4]));
        let state =
            async |state: &str| positions(&app.get("sales", &format!("{place}?state={state}")).await.expect(200));
        assert_eq!((state("succeeded").await, state("pending").await), (vec![0, 1], vec![2, 3, 4]));
        assert!(state("failed").await.is_empty());
        app.get("sales", &format!("{place}?state=gone")).await.refused(400, "parameter_invalid");
        app.get("sales", &format!("{place}?state=pending&cursor={next}")).await.refused(400, "cursor_mismatch");
        // Given away, the lead and what it became keep no name for whoever began the job.
        let lead = json!({"owner_id": app.id("sales2").await});
        app.post("admin", &format!("/leads/{}/transfer", given[0]), lead).await.expect(200);
        assert_eq!(items(app, "sales", &job).await[0]["record"], json!({"type": "lead", "id": given[0], "name": null}));
    })
    .await;
}

#[actix_web::test]
async fn a_key_sees_what_was_begun_with_it_and_gets_done_what_it_still_may() {
    TestApp::each(async |app| {
        let given = leads(app, "sales", 3).await;
        let (secret, _) = make(app, "sales", json!(["*:write"])).await;
        let (other, _) = make(app, "sales", json!(["leads:write"])).await;
        let body = json!({"ids": given[..2], "plan": {"customer": "create"}});
        let job = by_key(app, &secret, Method::POST, "/leads/conversions", Some(body)).await.expect(202);
        let place = format!("/jobs/{}", id(&job));
        by_key(app, &other, Method::GET, &place, None).await.refused(404, "not_found");
        assert_eq!(by_key(app, &other, Method::GET, "/jobs", None).await.expect(200)["data"], json!([]));
        assert_eq!(ids(&by_key(app, &secret, Method::GET, "/jobs", None).await.expect(200)), [id(&job)]);
        assert_eq!(ids(&app.get("sales", "/jobs").await.expect(200)), [id(&job)]);
        run::turn(&app.app, 1).await.unwrap();
        let keys = app.get("sales", "/api-keys").await.expect(200);
        for row in keys["data"].as_array().unwrap() {
            app.delete("sales", &format!("/api-keys/{}", id(row))).await.expect(204);
        }
        assert_eq!(work(app).await, 0);
        let failed = read(app, "sales", &job).await;
        assert_eq!((&failed["status"], &failed["error"]["code"]), (&json!("failed"), &json!("forbidden")));
        assert_eq!(failed["error"]["detail"], "The API key that began this has ended");
        assert_eq!(failed["progress"], json!({"done": 1, "total": 2}), "what was done stays done");
        // A key that may not create customers converts no lead into one.
        let (narrow, _) = make(app, "sales", json!(["leads:write"])).await;
        let body = json!({"ids": given[2..], "plan": {"customer": "create"}});
        let job = by_key(app, &narrow, Method::POST, "/leads/conversions", Some(body)).await.expect(202);
        work(app).await;
        assert_eq!(states(&items(app, "sales", &job).await), [("failed", "forbidden")]);
    })
    .await;
}

#[actix_web::test]
async fn whoever_began_it_is_told_on_the_page_and_in_the_inbox() {
    TestApp::each(async |app| {
        let given = leads(app, "sales", 2).await;
        let mut stream = Stream::of(app, "sales").await;
        let mut other = Stream::of(app, "sales2").await;
        let job = begin(app, "sales", &given, json!({"customer": "create"})).await;
        let told = |what: &str| (format!("job.{what}"), id(&job).to_owned(), 1);
        assert_eq!(stream.change().await.told(), told("create"));
        work(app).await;
        let mut heard = Vec::new();
        while heard.last() != Some(&told("finish")) {
            heard.push(stream.change().await.told());
        }
        assert_eq!(heard.iter().filter(|(what, ..)| what == "lead.convert").count(), 2, "{heard:?}");
        other.is_quiet().await;
        let lines = lines(app, "sales").await;
        assert_eq!((lines.len(), &lines[0]["kind"], &lines[0]["subject"]), (1, &json!("job_finished"), &json!("job")));
        let expected = json!({"id": job["id"], "kind": "convert_leads", "status": "succeeded", "total": 2, "succeeded": 2, "failed": 0});
        assert_eq!((&lines[0]["job"], &lines[0]["record"]), (&expected, &Value::Null));
        assert_eq!(crate::doctor::levels(&app.database.target).1["notifications"], "ok");
        app.put("sales", "/me/notification-settings", json!({"kinds": {"job_finished": {"inbox": false, "digest": false}}}))
            .await
            .expect(200);
        let more = leads(app, "sales", 1).await;
        begin(app, "sales", &more, json!({"customer": "create", "on_duplicate": "force", "duplicate_reason": "x"})).await;
        work(app).await;
        assert_eq!(crate::notifications::lines(app, "sales").await.len(), 1, "they do not want to know");
    })
    .await;
}
