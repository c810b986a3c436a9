//! Streams of events: what happens is told within a second, to those who may know, and to nobody once they may not.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::event_stream::Stream;
use crate::harness::{TestApp, answer};

async fn lead(app: &TestApp, who: &str, name: &str) -> String {
    id(&app.post(who, "/leads", json!({ "company_name": name })).await.expect(201))
}

fn id(record: &Value) -> String {
    record["id"].as_str().unwrap().to_owned()
}

fn told(event: &str, id: &str, version: i64) -> (String, String, i64) {
    (event.to_owned(), id.to_owned(), version)
}

/// Everything that is kept, as somebody is told it.
async fn missed_by(app: &TestApp, who: &str) -> String {
    let answer = app.get(who, "/events?follow=false&last_event_id=0").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text
}

#[actix_web::test]
async fn what_happens_is_told_at_once_and_in_order() {
    TestApp::each(async |app| {
        let mut stream = Stream::of(app, "manager").await;
        let began = Instant::now();
        let lead = lead(app, "sales", "云杉科技").await;
        let path = format!("/leads/{lead}");
        assert_eq!(stream.change().await.told(), told("lead.create", &lead, 1));
        let took = began.elapsed();
        eprintln!("a change was told after {} ms", took.as_millis());
        assert!(took < Duration::from_secs(5), "{took:?}");
        app.patch("sales", &path, json!({"title": "采购"})).await.expect(200);
        app.delete("sales", &path).await.expect(204);
        app.post("sales", &format!("{path}/restore"), json!({})).await.expect(200);
        // What changes nothing is no event.
        app.patch("sales", &path, json!({"title": "采购"})).await.expect(200);
        let expected = [told("lead.update", &lead, 2), told("lead.delete", &lead, 3), told("lead.restore", &lead, 4)];
        assert_eq!(stream.changes(3).await, expected);
        stream.is_quiet().await;
    })
    .await;
}

#[actix_web::test]
async fn a_message_says_what_changed_and_nothing_of_what_it_is() {
    TestApp::each(async |app| {
        let mut stream = Stream::of(app, "sales").await;
        let lead = lead(app, "sales", "机密公司").await;
        let message = stream.change().await;
        let seq = message.id.to_string();
        let expected =
            json!({"id": seq, "type": "lead.create", "record_type": "lead", "record_id": lead, "version": 1});
        assert_eq!(message.data, expected);
        for (name, value) in [
            ("content-type", "text/event-stream"),
            ("cache-control", "no-store"),
            ("x-accel-buffering", "no"),
            ("content-encoding", "identity"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(stream.headers()[name], value);
        }
    })
    .await;
}

#[actix_web::test]
async fn a_stream_goes_on_where_it_was_cut_off_also_on_another_node() {
    TestApp::each(async |app| {
        let mut stream = Stream::of(app, "sales").await;
        let first = lead(app, "sales", "第一").await;
        assert_eq!(stream.changes(1).await, [told("lead.create", &first, 1)]);
        let last_id = stream.last_id.clone();
        drop(stream);
        let second = lead(app, "sales", "第二").await;
        app.patch("sales", &format!("/leads/{first}"), json!({"title": "采购"})).await.expect(200);
        let missed = [told("lead.create", &second, 1), told("lead.update", &first, 2)];
        let (mut again, before) = Stream::after(app, "sales", Some(&last_id)).await;
        assert_eq!(before.iter().map(|message| message.told()).collect::<Vec<_>>(), missed);
        // Another process, which has seen nothing of this; the place stands in the address here.
        let node = app.beside().await;
        let url = format!("{}/api/v1/events?last_event_id={last_id}", node.base);
        let mut there = Stream::by(app.client.get(url).bearer_auth(app.token("sales").await)).await;
        let before = there.until_ready().await;
        assert_eq!(before.iter().map(|message| message.told()).collect::<Vec<_>>(), missed);
        // What is changed here is told there.
        let third = lead(app, "sales", "第三").await;
        for stream in [&mut again, &mut there] {
            assert_eq!(stream.changes(1).await, [told("lead.create", &third, 1)]);
        }
        node.stop().await;
    })
    .await;
}

#[actix_web::test]
async fn a_fresh_stream_tells_of_what_has_just_been() {
    TestApp::each(async |app| {
        lead(app, "sales", "早些").await;
        app.clock.advance(chrono::TimeDelta::seconds(30));
        let recent = lead(app, "sales", "刚才").await;
        let (_stream, before) = Stream::after(app, "sales", None).await;
        assert_eq!(before.iter().map(|message| message.told()).collect::<Vec<_>>(), [told("lead.create", &recent, 1)]);
    })
    .await;
}

#[actix_web::test]
async fn who_does_not_want_to_follow_gets_what_was_and_the_end() {
    TestApp::each(async |app| {
        let lead = lead(app, "sales", "云杉科技").await;
        let all = missed_by(app, "sales").await;
        assert_eq!(all.matches("data: ").count(), 2, "{all}");
        assert!(all.contains(&lead) && all.ends_with("event: ready\ndata: {}\n\n"), "{all}");
    })
    .await;
}

#[actix_web::test]
async fn everybody_hears_of_exactly_what_they_may_see() {
    const EVERYBODY: [&str; 7] = ["admin", "manager", "sales", "sales2", "service", "marketing", "viewer"];
    TestApp::each(async |app| {
        let mut streams = Vec::new();
        for who in EVERYBODY {
            streams.push((who, Stream::of(app, who).await));
        }
        let mut records = Vec::new();
        for owner in ["sales", "sales2", "manager", "admin"] {
            for (plural, body) in [("customers", json!({"name": owner})), ("leads", json!({"company_name": owner}))] {
                records
                    .push(format!("/{plural}/{}", id(&app.post(owner, &format!("/{plural}"), body).await.expect(201))));
            }
            // Whoever sees the customer sees what was done about it.
            let customer = records[records.len() - 2].rsplit('/').next().unwrap().to_owned();
            let call = json!({"kind": "call", "about": [{"type": "customer", "id": customer}]});
            records.push(format!("/activities/{}", id(&app.post(owner, "/activities", call).await.expect(201))));
        }
        for (who, stream) in &mut streams {
            let mut visible = Vec::new();
            for path in &records {
                if app.get(who, path).await.status == 200 {
                    visible.push(path.rsplit('/').next().unwrap().to_owned());
                }
            }
            let heard: Vec<String> = stream.changes(visible.len()).await.into_iter().map(|(_, id, _)| id).collect();
            assert_eq!(heard, visible, "{who}");
        }
        for (_, stream) in &mut streams {
            stream.is_quiet().await;
        }
    })
    .await;
}

#[actix_web::test]
async fn whoever_loses_a_record_is_told_that_it_is_hidden_and_nobody_else_is() {
    TestApp::each(async |app| {
        let lead = lead(app, "sales", "云杉科技").await;
        let owner = app.id("sales2").await;
        let [mut old, mut lead_of_old, mut new, mut all] = [
            Stream::of(app, "sales").await,
            Stream::of(app, "manager").await,
            Stream::of(app, "sales2").await,
            Stream::of(app, "admin").await,
        ];
        app.post("admin", &format!("/leads/{lead}/transfer"), json!({ "owner_id": owner })).await.expect(200);
        for stream in [&mut old, &mut lead_of_old] {
            assert_eq!(stream.changes(1).await, [told("lead.hidden", &lead, 2)]);
        }
        for stream in [&mut new, &mut all] {
            assert_eq!(stream.changes(1).await, [told("lead.transfer", &lead, 2)]);
        }
        // From then on it is none of theirs, also when they come back.
        app.patch("sales2", &format!("/leads/{lead}"), json!({"title": "采购"})).await.expect(200);
        assert_eq!(new.changes(1).await, [told("lead.update", &lead, 3)]);
        old.is_quiet().await;
        let missed = missed_by(app, "sales").await;
        assert!(missed.contains("lead.hidden") && !missed.contains("lead.transfer") && !missed.contains("lead.update"));
        // Somebody of neither team learns nothing: not even that there is a record.
        assert!(!missed_by(app, "service").await.contains(&lead));
    })
    .await;
}

/// The loser of two who reach for a customer sees it go, who has it or not.
#[actix_web::test]
async fn whom_a_pool_serves_hears_what_comes_into_it_and_that_somebody_has_taken_it() {
    TestApp::each(async |app| {
        let customer = id(&app.post("sales", "/customers", json!({"name": "云杉科技"})).await.expect(201));
        let path = format!("/customers/{customer}");
        let [mut owner, mut other, mut all] =
            [Stream::of(app, "sales").await, Stream::of(app, "sales2").await, Stream::of(app, "admin").await];
        app.post("sales", &format!("{path}/release"), json!({"reason": "没有预算"})).await.expect(200);
        for stream in [&mut owner, &mut other, &mut all] {
            assert_eq!(stream.changes(1).await, [told("customer.release", &customer, 2)]);
        }
        app.post("sales2", &format!("{path}/claim"), json!({})).await.expect(200);
        assert_eq!(owner.changes(1).await, [told("customer.hidden", &customer, 3)]);
        for stream in [&mut other, &mut all] {
            assert_eq!(stream.changes(1).await, [told("customer.claim", &customer, 3)]);
        }
        let missed = missed_by(app, "sales").await;
        assert!(missed.contains("customer.hidden") && !missed.contains("customer.claim"), "{missed}");
    })
    .await;
}

#[actix_web::test]
async fn a_stream_ends_with_what_it_was_opened_with() {
    TestApp::each(async |app| {
        let by = async |proof: &str| {
            let mut stream = Stream::by(app.request(Method::GET, "/events").bearer_auth(proof)).await;
            stream.until_ready().await;
            stream
        };
        let mut stays = Stream::of(app, "manager").await;
        // Signing out.
        let token = app.fresh_token("sales").await;
        let stream = by(&token).await;
        answer(app.request(Method::POST, "/auth/logout").bearer_auth(&token).json(&json!({}))).await.expect(204);
        stream.ends().await;
        // A key that is withdrawn.
        let made = app.post("sales", "/api-keys", json!({"name": "x", "scopes": ["leads:read"]})).await.expect(201);
        let mut stream = by(made["key"].as_str().unwrap()).await;
        let seen = lead(app, "sales", "云杉科技").await;
        app.post("sales", "/customers", json!({"name": "不在密钥范围内"})).await.expect(201);
        assert_eq!(stream.changes(1).await, [told("lead.create", &seen, 1)]);
        app.delete("sales", &format!("/api-keys/{}", made["api_key"]["id"].as_str().unwrap())).await.expect(204);
        stream.ends().await;
        // A user who is switched off.
        let stream = Stream::of(app, "sales2").await;
        let user = format!("/users/{}", app.id("sales2").await);
        app.patch("admin", &user, json!({"is_active": false})).await.expect(200);
        stream.ends().await;
        // Nobody else's ended, and what was the key's to see is the manager's too.
        assert_eq!(stays.changes(1).await, [told("lead.create", &seen, 1)]);
    })
    .await;
}

#[actix_web::test]
async fn whoever_sees_other_records_than_before_is_told_to_read_again() {
    TestApp::each(async |app| {
        let mut stream = Stream::of(app, "sales2").await;
        let roles = app.get("admin", "/roles").await.expect(200);
        let viewer =
            roles["data"].as_array().unwrap().iter().find(|role| role["key"] == "viewer").unwrap()["id"].clone();
        let user = format!("/users/{}", app.id("sales2").await);
        app.patch("admin", &user, json!({ "role_ids": [viewer] })).await.expect(200);
        assert_eq!(stream.next().await.unwrap().name, "reset");
        let lead = lead(app, "sales", "云杉科技").await;
        assert_eq!(stream.changes(1).await, [told("lead.create", &lead, 1)]);
    })
    .await;
}

#[actix_web::test]
async fn streams_are_limited_for_each_and_for_all() {
    let settings = |config: &mut rapport_api::config::Config| {
        (config.events.streams, config.events.streams_per_user) = (3, 2);
    };
    TestApp::each_with(settings, async |app| {
        let streams = [Stream::of(app, "sales").await, Stream::of(app, "sales").await];
        let refused = app.get("sales", "/events").await;
        assert_eq!(refused.header("retry-after"), "10");
        refused.refused(429, "too_many_requests");
        let _other = Stream::of(app, "manager").await;
        let refused = app.get("viewer", "/events").await;
        assert_eq!(refused.header("retry-after"), "10");
        refused.refused(503, "unavailable");
        // Who closes a connection has left at once, not when the next event finds nobody.
        drop(streams);
        let deadline = Instant::now() + Duration::from_secs(5);
        while app.get("sales", "/events?follow=false").await.status != 200 {
            assert!(Instant::now() < deadline, "a closed connection keeps its place");
        }
    })
    .await;
}

#[actix_web::test]
async fn a_program_that_ends_ends_its_streams_first() {
    TestApp::each(async |app| {
        let streams = [Stream::of(app, "sales").await, Stream::of(app, "manager").await];
        let began = Instant::now();
        app.app.farewell.begin();
        for stream in streams {
            stream.ends().await;
        }
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    })
    .await;
}

#[actix_web::test]
async fn a_wrong_question_is_a_problem_like_any_other() {
    TestApp::each(async |app| {
        app.get("", "/events").await.refused(401, "unauthenticated");
        for query in ["last_event_id=x", "last_event_id=-1", "last_event_id=", "follow=maybe"] {
            app.get("sales", &format!("/events?{query}")).await.refused(400, "parameter_invalid");
        }
        app.get("sales", "/events?since=1").await.refused(400, "unknown_field");
        let token = app.token("sales").await;
        let request = || app.request(Method::GET, "/events?follow=false").bearer_auth(&token);
        for id in ["", "x", "1.5", "9999999999999999999"] {
            answer(request().header("Last-Event-ID", id)).await.refused(400, "parameter_invalid");
        }
        assert_eq!(answer(request().header("Accept", "text/event-stream")).await.status, 200);
        answer(request().header("Accept", "text/html")).await.refused(406, "not_acceptable");
        let elsewhere = app.request(Method::GET, "/leads").bearer_auth(&token).header("Accept", "text/event-stream");
        answer(elsewhere).await.refused(406, "not_acceptable");
    })
    .await;
}
