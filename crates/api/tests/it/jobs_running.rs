//! Jobs go on whatever happens: several nodes, nodes that die, people who leave or change their mind, faults of ours.

use std::collections::HashSet;

use chrono::TimeDelta;
use rapport_api::jobs::{self, run};
use rapport_api::problem::Problem;
use rapport_api::state::App;
use rapport_persistence::Tx;
use rapport_persistence::jobs::{job_find, job_take};
use rapport_persistence::types::{Id, Instant};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::doctor::levels;
use crate::harness::TestApp;
use crate::jobs::{ask, begin, items, leads, linking, read, work};
use crate::notifications::lines;
use crate::records_given::id;
use crate::sql::run;

/// Leaves a job as a node leaves it that dies in its turn.
async fn die_with(app: &TestApp, job: &Value) {
    let (job, lease) = (Uuid::parse_str(id(job)).unwrap(), Id(app.app.ids.next()));
    let until = Instant(app.app.now() + TimeDelta::seconds(15));
    let take = move |tx: &mut Tx<'_>| {
        let seen = job_find(tx, job)?.expect("the job");
        Ok::<_, Problem>(job_take(tx, &seen, lease, until)?)
    };
    assert!(app.app.store.write("die", take).await.unwrap());
}

/// Works until nothing is left, a few items at a time.
async fn work_in_turns(node: &App) {
    while let Some(_done) = run::turn(node, 2).await.unwrap() {}
}

/// Every lead became one customer, and the counts say so.
async fn assert_once(app: &TestApp, leads: &[String], job: &Value) {
    let told = items(app, "sales", job).await;
    assert!(told.iter().all(|item| item["state"] == "succeeded"), "{told:#?}");
    let made: HashSet<&str> = told.iter().map(|item| id(&item["made"][0])).collect();
    assert_eq!(made.len(), leads.len());
    assert_eq!(app.total("admin", "/customers").await, i64::try_from(leads.len()).unwrap());
    let done = read(app, "sales", job).await;
    assert_eq!((&done["status"], &done["counts"]["succeeded"]), (&json!("succeeded"), &json!(leads.len())));
    for lead in leads {
        let history = app.get("admin", &format!("/leads/{lead}/history")).await.expect(200);
        let changes = history["data"].as_array().unwrap();
        assert_eq!(changes.iter().filter(|change| change["action"] == "convert").count(), 1, "{lead}");
    }
    assert_eq!(levels(&app.database.target).1["jobs"], "ok");
}

// ---------------------------------------------------------------- nodes

#[actix_web::test]
async fn two_nodes_do_one_job_once() {
    TestApp::each(async |app| {
        let given = leads(app, "sales", 24).await;
        let job = begin(app, "sales", &given, linking()).await;
        let (here, there) = (app.app.clone(), app.another().await);
        futures_util::future::join(work_in_turns(&here), work_in_turns(&there)).await;
        // Whoever found the other at it has stopped; what is left is done by whoever looks next.
        work(app).await;
        assert_once(app, &given, &job).await;
    })
    .await;
}

#[actix_web::test]
async fn nodes_that_take_each_others_turns_do_nothing_twice() {
    TestApp::each(async |app| {
        let given = leads(app, "sales", 30).await;
        let job = begin(app, "sales", &given, linking()).await;
        let nodes = [app.app.clone(), app.another().await, app.another().await];
        let is_over = async || read(app, "admin", &job).await["finished_at"].is_string();
        // Time flies: each lease has run out by the time that anybody looks.
        let fly = async {
            while !is_over().await {
                app.advance(TimeDelta::seconds(20));
            }
        };
        let toil = |node: &App| {
            let node = node.clone();
            async move {
                for _ in 0..60 {
                    run::turn(&node, 3).await.unwrap();
                }
            }
        };
        let toils = futures_util::future::join_all(nodes.iter().map(toil));
        futures_util::future::join(toils, async {
            actix_web::rt::time::timeout(std::time::Duration::from_secs(60), fly).await.expect("the job to end");
        })
        .await;
        assert_once(app, &given, &job).await;
    })
    .await;
}

#[actix_web::test]
async fn what_a_dead_node_had_goes_on_when_its_lease_has_run_out() {
    TestApp::each(async |app| {
        let given = leads(app, "sales", 5).await;
        let job = begin(app, "sales", &given, linking()).await;
        run::turn(&app.app, 2).await.unwrap();
        die_with(app, &job).await;
        let other = app.another().await;
        assert_eq!(run::once(&other).await.unwrap(), 0, "somebody may be at it");
        let half = read(app, "sales", &job).await;
        assert_eq!((&half["status"], &half["progress"]["done"]), (&json!("running"), &json!(2)));
        app.advance(TimeDelta::seconds(16));
        assert_eq!(run::once(&other).await.unwrap(), 3);
        assert_once(app, &given, &job).await;
    })
    .await;
}

#[actix_web::test]
async fn everybody_has_their_turn() {
    TestApp::each(async |app| {
        let (mine, theirs) = (leads(app, "sales", 3).await, leads(app, "sales2", 1).await);
        let long = begin(app, "sales", &mine, json!({"customer": "create"})).await;
        let short = begin(app, "sales2", &theirs, json!({"customer": "create"})).await;
        assert_eq!((&long["position"], &short["position"]), (&json!(1), &json!(2)));
        app.advance(TimeDelta::seconds(1));
        run::turn(&app.app, 1).await.unwrap();
        assert_eq!(read(app, "sales2", &short).await["position"], 1);
        run::turn(&app.app, 2).await.unwrap();
        assert_eq!(read(app, "sales2", &short).await["status"], "succeeded", "before the long one is done");
        assert_eq!(read(app, "sales", &long).await["progress"]["done"], 1);
        assert_eq!(work(app).await, 2);
    })
    .await;
}

// ---------------------------------------------------------------- people

#[actix_web::test]
async fn a_job_is_ended_between_two_items() {
    TestApp::each(async |app| {
        let given = leads(app, "sales", 6).await;
        let job = begin(app, "sales", &given, linking()).await;
        let place = format!("/jobs/{}/cancel", id(&job));
        run::turn(&app.app, 2).await.unwrap();
        // A node is at it: it ends the job before its next item.
        die_with(app, &job).await;
        let asked = app.post("admin", &place, json!({})).await.expect(200);
        assert_eq!((&asked["status"], &asked["can_cancel"]), (&json!("running"), &json!(false)));
        assert_eq!(asked["cancelled_by"]["name"], "Ada Admin");
        app.advance(TimeDelta::seconds(16));
        assert_eq!(work(app).await, 0);
        let ended = read(app, "sales", &job).await;
        assert_eq!((&ended["status"], &ended["progress"]), (&json!("cancelled"), &json!({"done": 2, "total": 6})));
        let states: Vec<Value> = items(app, "sales", &job).await.iter().map(|item| item["state"].clone()).collect();
        assert_eq!(states[..3], [json!("succeeded"), json!("succeeded"), json!("pending")]);
        assert_eq!(lines(app, "sales").await[0]["job"]["status"], "cancelled", "somebody else has ended it");
        let again = app.post("sales", &place, json!({})).await.expect(200);
        assert_eq!((&again["finished_at"], &again["cancelled_by"]), (&ended["finished_at"], &ended["cancelled_by"]));
        // Nobody is at it: it ends at once, and whoever did that knows.
        let job = begin(app, "sales", &given[2..], linking()).await;
        let ended = app.post("sales", &format!("/jobs/{}/cancel", id(&job)), json!({})).await.expect(200);
        assert_eq!((&ended["status"], &ended["position"]), (&json!("cancelled"), &Value::Null));
        assert_eq!((work(app).await, lines(app, "sales").await.len()), (0, 1));
        assert_eq!(app.total("admin", "/customers").await, 2);
        begin(app, "sales", &given[2..], linking()).await;
        assert_eq!(work(app).await, 4, "what was left can be done by another one");
    })
    .await;
}

#[actix_web::test]
async fn whoever_leaves_or_loses_the_right_gets_nothing_more_done() {
    TestApp::each(async |app| {
        let viewer = app.get("admin", "/roles").await.expect(200);
        let viewer = viewer["data"].as_array().unwrap().iter().find(|role| role["key"] == "viewer").unwrap().clone();
        for (who, change, detail) in [
            ("sales", json!({"is_active": false}), "Whoever began this has been deactivated"),
            ("sales2", json!({"role_ids": [viewer["id"]]}), "Not allowed"),
        ] {
            let given = leads(app, who, 4).await;
            let job = begin(app, who, &given, json!({"customer": "create"})).await;
            run::turn(&app.app, 2).await.unwrap();
            app.patch("admin", &format!("/users/{}", app.id(who).await), change).await.expect(200);
            assert_eq!(work(app).await, 0, "{who}");
            let ended = read(app, "admin", &job).await;
            assert_eq!((&ended["status"], &ended["progress"]["done"]), (&json!("failed"), &json!(2)));
            assert_eq!((&ended["error"]["code"], &ended["error"]["detail"]), (&json!("forbidden"), &json!(detail)));
        }
        assert_eq!(app.total("admin", "/customers").await, 4, "what was done stays done");
    })
    .await;
}

#[actix_web::test]
async fn rights_are_those_of_the_moment_of_each_item() {
    TestApp::each(async |app| {
        let given = leads(app, "sales", 3).await;
        let job = begin(app, "sales", &given, json!({"customer": "create"})).await;
        run::turn(&app.app, 1).await.unwrap();
        let to = json!({"owner_id": app.id("sales2").await});
        app.post("admin", &format!("/leads/{}/transfer", given[1]), to).await.expect(200);
        assert_eq!(work(app).await, 2);
        let told = items(app, "sales", &job).await;
        assert_eq!((&told[1]["state"], &told[1]["problem"]["code"]), (&json!("failed"), &json!("not_found")));
        assert_eq!(told[2]["state"], "succeeded");
    })
    .await;
}

// ---------------------------------------------------------------- faults

#[actix_web::test]
async fn a_fault_of_ours_keeps_neither_the_other_items_nor_the_other_jobs() {
    TestApp::each(async |app| {
        let (mine, theirs) = (leads(app, "sales", 2).await, leads(app, "sales2", 1).await);
        let broken = begin(app, "sales", &mine, json!({"customer": "create"})).await;
        let sound = begin(app, "sales2", &theirs, json!({"customer": "create"})).await;
        run(&app.database.target, "UPDATE jobs SET request = '{\"customer\": 7}' WHERE total = 2");
        assert_eq!(work(app).await, 3);
        let ended = read(app, "sales", &broken).await;
        assert_eq!((&ended["status"], &ended["counts"]["failed"]), (&json!("failed"), &json!(2)));
        let told = items(app, "sales", &broken).await;
        assert_eq!(
            (&told[0]["problem"]["code"], &told[1]["problem"]["code"]),
            (&json!("internal"), &json!("internal"))
        );
        assert_eq!(read(app, "sales2", &sound).await["status"], "succeeded");
    })
    .await;
}

#[actix_web::test]
async fn what_ended_a_month_ago_goes_and_what_has_not_ended_stays() {
    TestApp::each(async |app| {
        let given = leads(app, "sales", 3).await;
        let old = begin(app, "sales", &given[..2], json!({"customer": "create"})).await;
        work(app).await;
        app.advance(TimeDelta::days(20));
        let waiting = begin(app, "sales", &given[2..], json!({"customer": "create"})).await;
        jobs::tidy(&app.app, app.app.now()).await.unwrap();
        read(app, "sales", &old).await;
        app.advance(TimeDelta::days(11));
        assert_eq!(lines(app, "sales").await.len(), 1);
        jobs::tidy(&app.app, app.app.now()).await.unwrap();
        app.get("sales", &format!("/jobs/{}", id(&old))).await.refused(404, "not_found");
        assert!(lines(app, "sales").await.is_empty());
        app.advance(TimeDelta::days(40));
        jobs::tidy(&app.app, app.app.now()).await.unwrap();
        assert_eq!(read(app, "sales", &waiting).await["status"], "queued");
        assert_eq!(work(app).await, 1);
        assert_eq!(levels(&app.database.target).1["notifications"], "ok");
        ask(app, "sales", json!({"ids": given, "plan": {"customer": "create"}}))
            .await
            .refused(422, "validation_failed");
    })
    .await;
}
