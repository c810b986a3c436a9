//! What people keep at hand: favourites and sticky notes. Theirs alone, bounded, without the names of what is hidden.

use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::event_stream::Stream;
use crate::harness::{TestApp, answer};
use crate::notifications::NOBODY;
use crate::records_given::{id, ids};

const NOTES: &str = "/me/sticky-notes";

async fn favourites(app: &TestApp, who: &str) -> Vec<Value> {
    let mut list = app.get(who, "/me/favourites").await.expect(200);
    list["data"].as_array_mut().unwrap().drain(..).map(|mut favourite| favourite["record"].take()).collect()
}

async fn star(app: &TestApp, who: &str, kind: &str, id: &str) -> crate::harness::Answer {
    app.put(who, &format!("/me/favourites/{kind}/{id}"), Value::Null).await
}

async fn notes(app: &TestApp, who: &str) -> Value {
    app.get(who, NOTES).await.expect(200)
}

// ---------------------------------------------------------------- favourites

#[actix_web::test]
async fn favourites_stay_in_their_order_and_are_there_once() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "Mine"})).await;
        let lead = app.make("sales", "leads", json!({"company_name": "Warm"})).await;
        for (kind, record) in [("lead", &lead), ("customer", &customer), ("lead", &lead)] {
            assert_eq!(star(app, "sales", kind, id(record)).await.expect(204), Value::Null);
        }
        let expected = json!([{"type": "lead", "id": lead["id"], "name": "Warm"}, {"type": "customer", "id": customer["id"], "name": "Mine"}]);
        assert_eq!(Value::from(favourites(app, "sales").await), expected);
        assert!(favourites(app, "admin").await.is_empty(), "they are theirs alone");
        for _ in 0..2 {
            app.delete("sales", &format!("/me/favourites/lead/{}", id(&lead))).await.expect(204);
            assert_eq!(Value::from(favourites(app, "sales").await), json!([expected[1]]));
        }
    })
    .await;
}

#[actix_web::test]
async fn nothing_hidden_or_unknown_becomes_a_favourite_and_what_is_hidden_later_keeps_no_name() {
    TestApp::each(async |app| {
        let lead = app.make("sales2", "leads", json!({"company_name": "Theirs"})).await;
        for (kind, which) in [("lead", id(&lead)), ("lead", NOBODY), ("contact", id(&lead)), ("lead", "no-id")] {
            star(app, "sales", kind, which).await.refused(404, "not_found");
        }
        for kind in ["leads", "activity", "user", "%00"] {
            star(app, "admin", kind, id(&lead)).await.refused(404, "not_found");
        }
        assert!(favourites(app, "sales").await.is_empty());

        let to = |who: Value| json!({"owner_id": who});
        let place = format!("/leads/{}/transfer", id(&lead));
        app.post("admin", &place, to(json!(app.id("sales").await))).await.expect(200);
        star(app, "sales", "lead", id(&lead)).await.expect(204);
        app.post("admin", &place, to(json!(app.id("sales2").await))).await.expect(200);
        assert_eq!(favourites(app, "sales").await, [json!({"type": "lead", "id": lead["id"], "name": null})]);
        app.delete("sales", &format!("/me/favourites/lead/{}", id(&lead))).await.expect(204);
        assert!(favourites(app, "sales").await.is_empty());
    })
    .await;
}

#[actix_web::test]
async fn there_are_a_hundred_favourites_and_no_more_however_many_are_added_at_once() {
    TestApp::each(async |app| {
        let data = |n: usize| json!({"action": "create", "data": {"name": format!("Customer {n}")}});
        let mut made = Vec::new();
        for part in 0..2 {
            let operations: Vec<Value> = (0..56).map(|n| data(part * 56 + n)).collect();
            let body = json!({"atomic": true, "operations": operations});
            let done = app.post("sales", "/customers/batch", body).await.expect(200);
            made.extend(done["results"].as_array().unwrap().iter().map(|one| id(one).to_owned()));
        }
        let other = app.beside().await;
        let token = app.token("sales").await;
        let add = async |(n, id): (usize, &String)| {
            let base = if n % 2 == 0 { &app.base } else { &other.base };
            let url = format!("{base}/api/v1/me/favourites/customer/{id}");
            app.client.put(url).bearer_auth(&token).send().await.unwrap().status()
        };
        let done = join_all(made.iter().enumerate().map(add)).await;
        let count = |status: StatusCode| done.iter().filter(|found| **found == status).count();
        assert_eq!((count(StatusCode::NO_CONTENT), count(StatusCode::CONFLICT)), (100, 12), "{done:?}");
        let there = favourites(app, "sales").await;
        assert_eq!(there.len(), 100);
        let one_more = made.iter().find(|id| there.iter().all(|one| one["id"] != **id)).unwrap();
        assert_eq!(star(app, "sales", "customer", one_more).await.refused(409, "limit_reached")["max"], 100);
        star(app, "sales", "customer", id(&there[0])).await.expect(204);
        other.stop().await;
    })
    .await;
}

// ---------------------------------------------------------------- sticky notes

#[actix_web::test]
async fn a_note_is_written_changed_with_its_version_and_thrown_away() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", json!({"company_name": "Warm"})).await;
        let about = json!({"type": "lead", "id": lead["id"]});
        let first = app.post("sales", NOTES, json!({"body": "  Call back\n", "about": about})).await.expect(201);
        let expected = json!({"id": first["id"], "body": "Call back", "colour": "yellow", "version": 1,
            "about": {"type": "lead", "id": lead["id"], "name": "Warm"},
            "created_at": first["created_at"], "updated_at": first["created_at"]});
        assert_eq!(first, expected);
        let own = "0198c0de-0000-7000-8000-000000000001";
        let second = app.post("sales", NOTES, json!({"id": own, "body": "二", "colour": "pink"})).await.expect(201);
        assert_eq!((&second["id"], &second["about"]), (&json!(own), &Value::Null));
        assert_eq!(ids(&notes(app, "sales").await), [own, id(&first)], "the newest first");
        app.post("sales", NOTES, json!({"id": own, "body": "x"})).await.refused(409, "duplicate");

        let place = format!("{NOTES}/{}", id(&first));
        let patch = async |version: &str, body: Value| {
            app.send_with("sales", Method::PATCH, &place, &[("If-Match", version)], Some(body)).await
        };
        let changed = patch("\"1\"", json!({"body": "Call Anna"})).await;
        assert_eq!(changed.header("etag"), "\"2\"");
        let changed = changed.expect(200);
        assert_eq!((&changed["body"], &changed["colour"]), (&json!("Call Anna"), &json!("yellow")));
        let stale = patch("\"1\"", json!({"body": "Call Bert"})).await.refused(412, "version_conflict");
        assert_eq!(stale["current"], changed);
        assert_eq!(patch("\"2\"", json!({"colour": "yellow"})).await.expect(200), changed, "nothing new is no change");
        app.patch("sales", &place, json!({"colour": "blue"})).await.expect(200);
        assert_eq!(notes(app, "sales").await["data"][1]["colour"], "blue");
        app.delete("sales", &place).await.expect(204);
        app.delete("sales", &place).await.refused(404, "not_found");
        assert_eq!(ids(&notes(app, "sales").await), [own]);
    })
    .await;
}

#[actix_web::test]
async fn what_is_no_note_is_refused_and_leaves_nothing() {
    TestApp::each(async |app| {
        let theirs = app.make("sales2", "leads", json!({"company_name": "Theirs"})).await;
        let hidden = json!({"type": "lead", "id": theirs["id"]});
        for (body, pointer, code) in [
            (json!({}), "/body", "required"),
            (json!({"body": " \n "}), "/body", "required"),
            (json!({"body": "x".repeat(2001)}), "/body", "too_long"),
            (json!({"body": "a\u{0}b"}), "/body", "invalid_value"),
            (json!({"body": "x", "colour": "red"}), "/colour", "invalid_value"),
            (json!({"body": "x", "about": hidden}), "/about/id", "not_found"),
            (json!({"body": "x", "about": {"type": "lead", "id": NOBODY}}), "/about/id", "not_found"),
            (json!({"body": "x", "about": {"type": "user", "id": NOBODY}}), "/about/type", "invalid_value"),
            (json!({"body": "x", "size": 3}), "/size", "unknown_field"),
        ] {
            let refused = app.post("sales", NOTES, body.clone()).await;
            assert_eq!(refused.status, 422, "{body} {}", refused.text);
            assert_eq!(refused.errors(), [(pointer.to_owned(), code.to_owned())], "{body}");
        }
        assert!(ids(&notes(app, "sales").await).is_empty());
        let note = app.post("sales", NOTES, json!({"body": "x".repeat(2000)})).await.expect(201);
        let place = format!("{NOTES}/{}", id(&note));
        for body in [json!({"body": ""}), json!({"body": null}), json!({"colour": null}), json!({"about": hidden})] {
            app.patch("sales", &place, body).await.refused(422, "validation_failed");
        }
        assert_eq!(notes(app, "sales").await["data"][0], note);
    })
    .await;
}

#[actix_web::test]
async fn a_note_is_theirs_alone_and_no_keys() {
    TestApp::each(async |app| {
        let note = app.post("sales", NOTES, json!({"body": "Secret"})).await.expect(201);
        let place = format!("{NOTES}/{}", id(&note));
        for who in ["admin", "manager", "sales2"] {
            assert!(ids(&notes(app, who).await).is_empty());
            app.patch(who, &place, json!({"body": "Mine"})).await.refused(404, "not_found");
            app.delete(who, &place).await.refused(404, "not_found");
            app.post(who, NOTES, json!({"id": note["id"], "body": "x"})).await.refused(409, "duplicate");
        }
        let key = app.post("sales", "/api-keys", json!({"name": "All", "scopes": ["*:write"]})).await.expect(201);
        let star = format!("/me/favourites/customer/{NOBODY}");
        for (method, path) in [
            (Method::GET, NOTES),
            (Method::POST, NOTES),
            (Method::PATCH, place.as_str()),
            (Method::DELETE, place.as_str()),
            (Method::GET, "/me/favourites"),
            (Method::PUT, star.as_str()),
            (Method::DELETE, star.as_str()),
        ] {
            let request = app.request(method, path).bearer_auth(key["key"].as_str().unwrap());
            answer(request.json(&json!({"body": "x"}))).await.refused(403, "forbidden");
        }
        assert_eq!(notes(app, "sales").await["data"][0], note);
    })
    .await;
}

#[actix_web::test]
async fn a_hundred_notes_are_enough_and_a_retry_writes_none_twice() {
    TestApp::each(async |app| {
        let write = async |key: &str, body: &str| {
            app.send_with("sales", Method::POST, NOTES, &[("Idempotency-Key", key)], Some(json!({"body": body}))).await
        };
        let first = write("one", "Once").await.expect(201);
        assert_eq!(write("one", "Once").await.expect(201), first);
        let keys: Vec<String> = (0..105).map(|n| format!("n{n}")).collect();
        let done = join_all(keys.iter().map(|key| write(key, "More"))).await;
        let refused: Vec<_> = done.iter().filter(|answer| answer.status == 409).collect();
        assert_eq!((done.iter().filter(|answer| answer.status == 201).count(), refused.len()), (99, 6));
        assert!(refused.iter().all(|answer| answer.body["code"] == "limit_reached"));
        assert_eq!(ids(&notes(app, "sales").await).len(), 100);
        app.post("sales2", NOTES, json!({"body": "Another's own"})).await.expect(201);
    })
    .await;
}

// ---------------------------------------------------------------- what becomes of them

#[actix_web::test]
async fn what_is_purged_is_no_favourite_and_the_note_about_it_stays() {
    TestApp::each(async |app| {
        let lead = app.make("admin", "leads", json!({"company_name": "Gone"})).await;
        star(app, "admin", "lead", id(&lead)).await.expect(204);
        let about = json!({"type": "lead", "id": lead["id"]});
        app.post("admin", NOTES, json!({"body": "Kept", "about": about})).await.expect(201);
        app.delete("admin", &format!("/leads/{}", id(&lead))).await.expect(204);
        assert_eq!(favourites(app, "admin").await[0]["name"], "Gone", "it lies in the trash");
        star(app, "sales", "lead", id(&lead)).await.refused(404, "not_found");
        app.advance(TimeDelta::days(31));
        rapport_api::upkeep::once(&app.app).await.unwrap();
        assert!(favourites(app, "admin").await.is_empty());
        let kept = &notes(app, "admin").await["data"][0];
        assert_eq!((&kept["body"], &kept["about"]), (&json!("Kept"), &Value::Null));
    })
    .await;
}

#[actix_web::test]
async fn their_own_open_pages_hear_of_it_and_nobody_elses_do() {
    TestApp::each(async |app| {
        let lead = app.make("sales", "leads", json!({"company_name": "Warm"})).await;
        let mut mine = Stream::of(app, "sales").await;
        let mut theirs = Stream::of(app, "admin").await;
        let place = format!("/me/favourites/lead/{}", id(&lead));
        for _ in 0..2 {
            star(app, "sales", "lead", id(&lead)).await.expect(204);
        }
        for _ in 0..2 {
            app.delete("sales", &place).await.expect(204);
        }
        let note = app.post("sales", NOTES, json!({"body": "x"})).await.expect(201);
        let note_place = format!("{NOTES}/{}", id(&note));
        app.patch("sales", &note_place, json!({"body": "y"})).await.expect(200);
        app.patch("sales", &note_place, json!({"body": "y"})).await.expect(200);
        app.delete("sales", &note_place).await.expect(204);
        for (what, which) in [
            ("favourite.create", id(&lead)),
            ("favourite.delete", id(&lead)),
            ("sticky_note.create", id(&note)),
            ("sticky_note.update", id(&note)),
            ("sticky_note.delete", id(&note)),
        ] {
            assert_eq!(mine.change().await.told(), (what.to_owned(), which.to_owned(), 1));
        }
        mine.is_quiet().await;
        theirs.is_quiet().await;
    })
    .await;
}
