//! Somebody's notifications: theirs alone, without the names of what is hidden; read, put off, chosen, heard of at once.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::event_stream::Stream;
use crate::harness::{TestApp, answer};
use crate::notifications::{NOBODY, at, give, inbox, lines, mark};
use crate::records_given::{id, ids};

async fn unread(app: &TestApp, who: &str) -> i64 {
    app.get(who, "/me/notifications/count").await.expect(200)["unread"].as_i64().unwrap()
}

// ---------------------------------------------------------------- whose they are

#[actix_web::test]
async fn they_are_theirs_alone_and_no_keys() {
    TestApp::each(async |app| {
        give(app, "admin", "sales", "Theirs").await;
        let line = lines(app, "sales").await.remove(0);
        let place = format!("/me/notifications/{}", id(&line));
        for who in ["admin", "manager", "sales2"] {
            assert_eq!(lines(app, who).await, Vec::<Value>::new());
            app.patch(who, &place, json!({"is_read": true})).await.refused(404, "not_found");
            let refused = app.post(who, "/me/notifications/read", json!({"up_to": line["id"]})).await;
            assert_eq!(refused.refused(422, "validation_failed")["errors"][0]["pointer"], "/up_to");
        }
        let key = app.post("sales", "/api-keys", json!({"name": "All", "scopes": ["*:write"]})).await.expect(201);
        let key = key["key"].as_str().unwrap();
        for (method, path, body) in [
            (Method::GET, "/me/notifications", None),
            (Method::GET, "/me/notifications/count", None),
            (Method::PATCH, place.as_str(), Some(json!({"is_read": true}))),
            (Method::POST, "/me/notifications/read", Some(json!({"up_to": line["id"]}))),
            (Method::GET, "/me/notification-settings", None),
            (Method::PUT, "/me/notification-settings", Some(json!({}))),
        ] {
            let request = app.request(method, path).bearer_auth(key);
            let request = if let Some(body) = body { request.json(&body) } else { request };
            answer(request).await.refused(403, "forbidden");
        }
        assert_eq!(lines(app, "sales").await[0]["read_at"], Value::Null);
    })
    .await;
}

#[actix_web::test]
async fn what_is_no_longer_seen_keeps_no_name() {
    TestApp::each(async |app| {
        let lead =
            app.make("admin", "leads", json!({"company_name": "Secret", "owner_id": app.id("sales").await})).await;
        let about = json!([{"type": "lead", "id": lead["id"]}]);
        let note = json!({"kind": "note", "name": "Secret", "body": at(app, "sales").await, "about": about});
        let note = app.make("admin", "activities", note).await;
        let shown = inbox(app, "sales", "").await;
        assert_eq!(shown.to_string().matches("Secret").count(), 3, "{shown}");
        let to = json!({"owner_id": app.id("sales2").await});
        app.post("admin", &format!("/leads/{}/transfer", id(&lead)), to).await.expect(200);
        let hidden = inbox(app, "sales", "").await;
        assert!(!hidden.to_string().contains("Secret"), "{hidden}");
        let (named, given) = (&hidden["data"][0], &hidden["data"][1]);
        assert_eq!(given["record"], json!({"type": "lead", "id": lead["id"], "name": null}));
        assert_eq!((&named["activity"], &named["record"]), (&json!({"id": note["id"], "name": null}), &Value::Null));
        assert_eq!(given["actor"]["name"], "Ada Admin");

        // What lies in the trash can be seen there; what is purged is no line any more.
        app.post("admin", &format!("/leads/{}/transfer", id(&lead)), json!({"owner_id": app.id("sales").await}))
            .await
            .expect(200);
        app.delete("admin", &format!("/activities/{}", id(&note))).await.expect(204);
        assert_eq!(inbox(app, "sales", "kind=mentioned").await["data"][0]["activity"]["name"], "Secret");
        app.advance(TimeDelta::days(31));
        rapport_api::upkeep::once(&app.app).await.unwrap();
        assert_eq!(inbox(app, "sales", "kind=mentioned").await["data"], json!([]));
        assert_eq!(lines(app, "sales").await.len(), 2);
    })
    .await;
}

// ---------------------------------------------------------------- the inbox

#[actix_web::test]
async fn what_is_read_is_counted_no_more_and_what_came_since_stays_unread() {
    TestApp::each(async |app| {
        for n in 0..5 {
            give(app, "admin", "sales", &format!("Customer {n}")).await;
        }
        let found = lines(app, "sales").await;
        assert_eq!((unread(app, "sales").await, inbox(app, "sales", "").await["unread"].as_i64()), (5, Some(5)));
        let read = mark(app, "sales", &found[0], json!({"is_read": true})).await;
        assert!(read["read_at"].is_string());
        let again = mark(app, "sales", &found[0], json!({"is_read": true})).await;
        assert_eq!(again["read_at"], read["read_at"], "read once");
        assert_eq!(mark(app, "sales", &found[0], json!({"is_read": false})).await["read_at"], Value::Null);
        assert_eq!(unread(app, "sales").await, 5);

        // Everything up to the third: what came later than one has looked stays.
        let done = app.post("sales", "/me/notifications/read", json!({"up_to": found[2]["id"]})).await.expect(200);
        assert_eq!((done, unread(app, "sales").await), (json!({"changed": 3}), 2));
        let ids_of = |page: Value| ids(&page);
        assert_eq!(ids_of(inbox(app, "sales", "unread=true").await), [id(&found[0]), id(&found[1])]);
        assert_eq!(ids_of(inbox(app, "sales", "unread=false").await).len(), 3);
        assert_eq!(ids_of(inbox(app, "sales", "kind=mentioned").await), Vec::<String>::new());

        // Page by page, and never another list's cursor.
        let first = inbox(app, "sales", "limit=2").await;
        let next = first["page"]["next_cursor"].as_str().unwrap();
        let second = inbox(app, "sales", &format!("limit=2&cursor={next}")).await;
        let third = second["page"]["next_cursor"].as_str().unwrap();
        let third = inbox(app, "sales", &format!("limit=2&cursor={third}")).await;
        let all: Vec<String> = [first.clone(), second, third.clone()].iter().flat_map(ids).collect();
        assert_eq!(all, found.iter().map(id).collect::<Vec<_>>());
        assert_eq!((&third["page"]["has_more"], &third["page"]["next_cursor"]), (&json!(false), &Value::Null));
        let wrong = app.get("sales", &format!("/me/notifications?state=all&cursor={next}")).await;
        wrong.refused(400, "cursor_mismatch");
        app.get("sales2", &format!("/me/notifications?limit=2&cursor={next}")).await.refused(400, "cursor_mismatch");
    })
    .await;
}

#[actix_web::test]
async fn what_is_put_off_comes_back_unread_above_the_others() {
    TestApp::each(async |app| {
        give(app, "admin", "sales", "First").await;
        give(app, "admin", "sales", "Second").await;
        let first = lines(app, "sales").await.remove(1);
        mark(app, "sales", &first, json!({"is_read": true})).await;
        let until = "2026-11-21T10:00:00Z";
        let put_off = mark(app, "sales", &first, json!({"snoozed_until": until})).await;
        assert_eq!((&put_off["snoozed_until"], &put_off["read_at"]), (&json!(until), &Value::Null));
        assert_eq!((lines(app, "sales").await.len(), unread(app, "sales").await), (1, 1));
        assert_eq!(ids(&inbox(app, "sales", "state=snoozed").await), [id(&first)]);
        assert_eq!(ids(&inbox(app, "sales", "state=all").await)[0], id(&first));
        // Whoever reads everything does not read what is put off.
        let second = lines(app, "sales").await.remove(0);
        app.post("sales", "/me/notifications/read", json!({"up_to": second["id"]})).await.expect(200);
        assert_eq!(unread(app, "sales").await, 0);
        app.advance(TimeDelta::hours(3));
        let back = lines(app, "sales").await.remove(0);
        assert_eq!((&back["id"], &back["snoozed_until"], unread(app, "sales").await), (&first["id"], &Value::Null, 1));
        assert_eq!(back["created_at"], first["created_at"]);

        mark(app, "sales", &second, json!({"snoozed_until": "2026-11-25T10:00:00Z"})).await;
        let now = mark(app, "sales", &second, json!({"snoozed_until": null, "is_read": true})).await;
        assert!(now["snoozed_until"].is_null() && now["read_at"].is_string());
        assert_eq!(ids(&inbox(app, "sales", "").await), [id(&first), id(&second)]);
        let place = format!("/me/notifications/{}", id(&second));
        for wrong in ["2026-11-21T09:00:00Z", "2027-12-01T00:00:00Z", "9999-12-31T00:00:00Z"] {
            let refused = app.patch("sales", &place, json!({"snoozed_until": wrong})).await;
            assert_eq!(refused.errors(), [("/snoozed_until".to_owned(), "invalid_value".to_owned())], "{wrong}");
        }
        for wrong in [
            json!({"snoozed_until": "soon"}),
            json!({"is_read": null}),
            json!({"is_read": 1}),
            json!({"kind": "x"}),
            json!([]),
        ] {
            app.patch("sales", &place, wrong).await.refused(422, "validation_failed");
        }
        app.patch("sales", "/me/notifications/no-id", json!({})).await.refused(404, "not_found");
        app.patch("sales", &format!("/me/notifications/{NOBODY}"), json!({})).await.refused(404, "not_found");
        for (query, code) in [
            ("state=gone", "parameter_invalid"),
            ("kind=stale", "parameter_invalid"),
            ("unread=maybe", "parameter_invalid"),
            ("limit=0", "limit_invalid"),
            ("limit=101", "limit_invalid"),
            ("cursor=x", "cursor_invalid"),
            ("colour=red", "unknown_field"),
        ] {
            app.get("sales", &format!("/me/notifications?{query}")).await.refused(400, code);
        }
    })
    .await;
}

#[actix_web::test]
async fn more_than_ninety_nine_are_counted_as_a_hundred_and_what_is_old_goes() {
    TestApp::each(async |app| {
        let sales = app.id("sales").await;
        let operation = |n: usize| {
            let data =
                json!({"kind": "note", "body": format!("@[x](user:{sales})"), "name": format!("{n}"), "about": []});
            json!({"action": "create", "data": data})
        };
        let seen = app.make("admin", "leads", json!({"company_name": "Seen", "owner_id": sales})).await;
        let operations: Vec<Value> = (0..104)
            .map(|n| {
                let mut one = operation(n);
                one["data"]["about"] = json!([{"type": "lead", "id": seen["id"]}]);
                one
            })
            .collect();
        app.post("admin", "/activities/batch", json!({"atomic": true, "operations": operations})).await.expect(200);
        assert_eq!((unread(app, "sales").await, inbox(app, "sales", "").await["unread"].as_i64()), (100, Some(100)));
        let found = lines(app, "sales").await;
        app.post("sales", "/me/notifications/read", json!({"up_to": found[50]["id"]})).await.expect(200);
        assert_eq!(unread(app, "sales").await, 50);
        app.advance(TimeDelta::days(89));
        rapport_api::upkeep::once(&app.app).await.unwrap();
        assert_eq!(inbox(app, "sales", "limit=100").await["page"]["has_more"], true);
        app.advance(TimeDelta::days(2));
        rapport_api::upkeep::once(&app.app).await.unwrap();
        assert_eq!(lines(app, "sales").await.len(), 50, "what was read three months ago has gone");
        app.advance(TimeDelta::days(275));
        rapport_api::upkeep::once(&app.app).await.unwrap();
        assert_eq!(lines(app, "sales").await, Vec::<Value>::new(), "and after a year the rest");
    })
    .await;
}

#[actix_web::test]
async fn open_pages_hear_of_it_and_nobody_elses_do() {
    TestApp::each(async |app| {
        let mut mine = Stream::of(app, "sales").await;
        let mut theirs = Stream::of(app, "admin").await;
        let made = give(app, "admin", "sales", "Customer").await;
        let line = lines(app, "sales").await.remove(0);
        let told = |what: &str| (format!("notification.{what}"), id(&line).to_owned(), 1);
        assert_eq!(mine.notification().await.told(), told("create"));
        mark(app, "sales", &line, json!({"snoozed_until": "2026-11-22T08:00:00Z"})).await;
        mark(app, "sales", &line, json!({"snoozed_until": null})).await;
        app.post("sales", "/me/notifications/read", json!({"up_to": line["id"]})).await.expect(200);
        // What was read already is no event.
        app.post("sales", "/me/notifications/read", json!({"up_to": line["id"]})).await.expect(200);
        for what in ["update", "update", "read"] {
            assert_eq!(mine.notification().await.told(), told(what));
        }
        assert_eq!(mine.change().await.told().1, id(&made));
        mine.is_quiet().await;
        assert_eq!(theirs.change().await.told().1, id(&made));
        theirs.is_quiet().await;
        assert!(!theirs.has_notifications());
        let key = app.post("sales", "/api-keys", json!({"name": "All", "scopes": ["*:read"]})).await.expect(201);
        let missed = app.request(Method::GET, "/events?follow=false&last_event_id=0");
        let missed = missed.bearer_auth(key["key"].as_str().unwrap()).send().await.unwrap().text().await.unwrap();
        assert!(missed.contains(id(&made)) && !missed.contains("notification"), "{missed}");
    })
    .await;
}

// ---------------------------------------------------------------- what somebody wants to know

#[actix_web::test]
async fn everybody_chooses_what_they_are_told_of() {
    TestApp::each(async |app| {
        let place = "/me/notification-settings";
        let found = app.get("sales", place).await;
        assert_eq!(found.header("etag"), "\"1\"");
        let both = json!({"inbox": true, "digest": true});
        let kinds = ["mentioned", "assigned", "task_due", "opportunity_slow", "opportunity_stale", "opportunity_escalated",
            "customer_release_soon", "customer_released", "job_finished", "handed_over"];
        let kinds: Value = kinds.map(|kind| (kind.to_owned(), both.clone())).into_iter().collect();
        let expected = json!({"kinds": kinds, "quiet_hours": null,
            "digest": "off", "digest_at": "08:00", "has_mail": false, "version": 1});
        assert_eq!(found.expect(200), expected);

        let chosen = json!({"kinds": {"assigned": {"inbox": false, "digest": false}}, "quiet_hours": {"start": "22:00", "end": "07:30"},
            "digest": "daily", "digest_at": "07:45"});
        let send = async |tag: &str, body: &Value| {
            app.send_with("sales", Method::PUT, place, &[("if-match", tag)], Some(body.clone())).await
        };
        let put = send("\"1\"", &chosen).await;
        assert_eq!(put.header("etag"), "\"2\"");
        let put = put.expect(200);
        assert_eq!((&put["kinds"]["assigned"], &put["kinds"]["task_due"]), (&json!({"inbox": false, "digest": false}), &both));
        assert_eq!((&put["quiet_hours"], &put["digest_at"]), (&chosen["quiet_hours"], &json!("07:45")));
        let stale = send("\"1\"", &chosen).await.refused(412, "version_conflict");
        assert_eq!(stale["current"], put);
        assert_eq!(app.get("sales", place).await.expect(200), put);
        assert_eq!(app.get("admin", place).await.expect(200)["version"], 1, "everybody their own");

        give(app, "admin", "sales", "Quietly").await;
        assert_eq!(lines(app, "sales").await, Vec::<Value>::new());
        assert_eq!(send("\"2\"", &json!({})).await.expect(200)["kinds"]["assigned"], both, "what is left out is as it comes");
        give(app, "admin", "sales", "Aloud").await;
        assert_eq!(lines(app, "sales").await.len(), 1, "what came before does not come after all");
        // Only by e-mail: no line in the inbox.
        let by_mail = json!({"kinds": {"assigned": {"inbox": false}}, "digest": "hourly"});
        app.put("sales", place, by_mail).await.expect(200);
        give(app, "admin", "sales", "By mail").await;
        assert_eq!((lines(app, "sales").await.len(), unread(app, "sales").await), (1, 1));

        for (wrong, pointer) in [
            (json!({"digest": "weekly"}), "/digest"),
            (json!({"digest_at": "8:00"}), "/digest_at"),
            (json!({"digest_at": "24:00"}), "/digest_at"),
            (json!({"quiet_hours": {"start": "22", "end": "07:00"}}), "/quiet_hours/start"),
            (json!({"quiet_hours": {"start": "22:00", "end": "22:00"}}), "/quiet_hours/end"),
            (json!({"quiet_hours": {"start": "22:00"}}), "/quiet_hours/end"),
            (json!({"kinds": {"stale": {}}}), "/kinds/stale"),
            (json!({"kinds": {"assigned": {"sms": true}}}), "/kinds/assigned/sms"),
            (json!({"has_mail": true}), "/has_mail"),
        ] {
            let refused = app.put("sales", place, wrong.clone()).await.refused(422, "validation_failed");
            assert_eq!(refused["errors"][0]["pointer"], pointer, "{wrong}");
        }
    })
    .await;
}

#[actix_web::test]
async fn quiet_hours_are_those_of_ones_own_clock() {
    TestApp::each(async |app| {
        let hours = json!({"quiet_hours": {"start": "22:00", "end": "08:00"}});
        app.put("sales", "/me/notification-settings", hours).await.expect(200);
        let is_quiet = async || app.get("sales", "/me/notifications/count").await.expect(200)["is_quiet"].clone();
        // Eight in the morning in UTC is four in the afternoon in Shanghai and three at night in New York.
        for (zone, expected) in [("UTC", false), ("Asia/Shanghai", false), ("America/New_York", true)] {
            app.patch("sales", "/me", json!({"time_zone": zone})).await.expect(200);
            assert_eq!(is_quiet().await, expected, "{zone}");
        }
        app.put("sales", "/me/notification-settings", json!({})).await.expect(200);
        assert_eq!(is_quiet().await, false);
    })
    .await;
}

#[actix_web::test]
async fn first_choices_at_the_same_time_do_not_meet() {
    TestApp::each(async |app| {
        app.token("sales").await;
        let put = || app.put("sales", "/me/notification-settings", json!({"digest": "hourly"}));
        let done = futures_util::future::join_all((0..8).map(|_| put())).await;
        let mut versions: Vec<i64> = done.into_iter().map(|one| one.expect(200)["version"].as_i64().unwrap()).collect();
        versions.sort_unstable();
        assert_eq!(versions, [2, 3, 4, 5, 6, 7, 8, 9]);
    })
    .await;
}
