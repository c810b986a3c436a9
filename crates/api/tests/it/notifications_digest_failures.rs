//! Digests when something fails: nobody gets one twice, nobody misses one for good, and nobody waits for a mail server.

use std::pin::pin;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::{Either, join_all, select};
use rapport_api::config::Config;
use rapport_api::mail::{Failure, Mailer};
use rapport_api::notifications::digest;
use rapport_api::problem::Problem;
use rapport_api::state::App;
use rapport_persistence::Db;
use rapport_persistence::digests::{DigestRow, digest_find};
use serde_json::json;

use crate::harness::TestApp;
use crate::mail_server::Mood;
use crate::notifications::give;
use crate::notifications_digest::Sending;

const PEOPLE: [&str; 5] = ["sales", "sales2", "manager", "service", "marketing"];

impl Sending<'_> {
    /// Each of these people is told of something, and is to get a mail at nine.
    async fn prepare(&self, people: &[&str]) {
        for who in people {
            self.choose(who, json!({"digest": "daily", "digest_at": "09:00"})).await;
            give(self.app, "admin", who, &format!("For {who}")).await;
        }
        self.go_to("2026-11-21T09:01:30Z");
    }

    async fn row(&self, who: &str) -> DigestRow {
        let user = self.app.id(who).await;
        let find = move |db: &mut Db| Ok::<_, Problem>(digest_find(db, user)?.unwrap());
        self.app.app.store.read("test_digest", find).await.unwrap()
    }

    /// Minutes later: how many mails were sent.
    async fn look_after(&self, minutes: i64) -> usize {
        self.app.advance(TimeDelta::minutes(minutes));
        self.look().await
    }
}

/// Another node on the same database.
fn node(app: &TestApp) -> App {
    App::with(app.database.store(), Config::clone(&app.app.config), app.clock.clone(), app.app.ids.clone())
}

#[actix_web::test]
async fn nodes_that_look_at_once_send_everybody_one() {
    Sending::each(async |it| {
        it.prepare(&PEOPLE).await;
        let nodes: Vec<App> = (0..3).map(|_| node(it.app)).collect();
        let looks = nodes
            .iter()
            .chain([&it.app.app])
            .flat_map(|node| [digest::once(node, &it.mailer), digest::once(node, &it.mailer)]);
        let sent: usize = join_all(looks).await.into_iter().map(|sent| sent.unwrap()).sum();
        let mut to: Vec<String> = it.server.taken().into_iter().map(|mail| mail.to).collect();
        to.sort();
        let mut people = PEOPLE.map(|who| format!("{who}@example.com"));
        people.sort();
        assert_eq!((sent, to), (PEOPLE.len(), people.to_vec()));
    })
    .await;
}

#[actix_web::test]
async fn whoever_is_asked_to_come_again_does_with_growing_pauses() {
    Sending::each(async |it| {
        it.prepare(&["sales"]).await;
        it.server.is_now(Mood::Later);
        let calls = it.server.calls();
        assert_eq!((it.look().await, it.look().await), (0, 0));
        assert_eq!(it.server.calls() - calls, 1);
        // One minute after the first time, five after the second; each is settled a minute later.
        assert_eq!((it.look_after(1).await, it.server.calls() - calls), (0, 1));
        assert_eq!((it.look_after(2).await, it.server.calls() - calls), (0, 2));
        assert_eq!((it.look_after(4).await, it.server.calls() - calls), (0, 2));
        it.server.is_now(Mood::Takes);
        assert_eq!(it.look_after(3).await, 1);
        assert!(it.server.one().text.contains("For sales"));
        assert_eq!(it.look_after(60).await, 0);
    })
    .await;
}

#[actix_web::test]
async fn after_about_a_day_it_is_given_up_and_the_next_one_tells_the_same() {
    Sending::each(async |it| {
        it.prepare(&["sales"]).await;
        it.server.is_now(Mood::Later);
        let calls = it.server.calls();
        it.look().await;
        for pause in [1, 5, 15, 60, 180, 360, 720] {
            assert_eq!(it.look_after(pause + 2).await, 0);
        }
        assert_eq!(it.server.calls() - calls, 8);
        assert_eq!(it.row("sales").await.mail_id, None);
        it.server.is_now(Mood::Takes);
        assert_eq!(it.look_after(60).await, 0, "not at once");
        assert_eq!(it.look_at("2026-11-23T09:01:30Z").await, 1);
        assert!(it.server.one().text.contains("For sales"));
    })
    .await;
}

#[actix_web::test]
async fn a_refused_one_is_not_tried_again_that_day_and_holds_up_nobody() {
    Sending::each(async |it| {
        it.prepare(&["sales", "manager"]).await;
        it.server.is_now(Mood::Refuses);
        let calls = it.server.calls();
        assert_eq!((it.look().await, it.server.calls() - calls), (0, 2));
        it.server.is_now(Mood::Takes);
        assert_eq!(it.look_after(60 * 12).await, 0);
        assert_eq!(it.look_at("2026-11-22T09:01:30Z").await, 2);
        assert_eq!(it.server.taken().len(), 2);
    })
    .await;
}

#[actix_web::test]
async fn when_nobody_knows_whether_it_arrived_it_comes_again_under_the_same_id() {
    Sending::each(async |it| {
        it.prepare(&["sales"]).await;
        it.server.is_now(Mood::TakesAndHangsUp);
        assert_eq!(it.look().await, 0);
        let first = it.server.one();
        // What comes meanwhile waits for the next one.
        give(it.app, "admin", "sales", "Meanwhile").await;
        it.server.is_now(Mood::Takes);
        assert_eq!(it.look_after(3).await, 1);
        let second = it.server.one();
        assert_eq!((&second.message_id, &second.text), (&first.message_id, &first.text));
        assert_eq!(it.look_at("2026-11-22T09:01:30Z").await, 1);
        let third = it.server.one();
        assert!(third.message_id != first.message_id && third.text.contains("Meanwhile"), "{third:?}");
    })
    .await;
}

#[actix_web::test]
async fn a_server_that_says_nothing_is_called_once_a_look_and_nobody_waits_for_it() {
    Sending::each(async |it| {
        it.prepare(&["sales", "manager"]).await;
        let token = it.app.token("viewer").await;
        for mood in [Mood::Stalls, Mood::HangsUp, Mood::LetsNobodyIn] {
            it.server.is_now(mood);
            let (calls, mut answers) = (it.server.calls(), 0);
            let mut look = pin!(it.look());
            let sent = loop {
                let request = it.app.request(reqwest::Method::GET, "/me/notification-settings").bearer_auth(&token);
                match select(look.as_mut(), pin!(request.send())).await {
                    Either::Left((sent, _)) => break sent,
                    Either::Right((answer, _)) => answers += u32::from(answer.unwrap().status().is_success()),
                }
            };
            assert_eq!((sent, it.server.calls() - calls), (0, 1), "{mood:?}");
            assert!(mood != Mood::Stalls || answers > 2, "others were answered while it waited: {answers}");
            it.app.clock.advance(TimeDelta::minutes(7));
        }
        it.server.is_now(Mood::Takes);
        assert_eq!(it.look_after(20).await, 2);
        assert_eq!(it.server.taken().len(), 2);
    })
    .await;
}

#[actix_web::test]
async fn a_node_that_dies_while_it_sends_leaves_it_to_another() {
    Sending::each(async |it| {
        it.prepare(&["sales"]).await;
        it.server.is_now(Mood::Stalls);
        let calls = it.server.calls();
        let called = async {
            while it.server.calls() == calls {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        // Once the server has been called, it ends without another word.
        assert!(matches!(select(pin!(it.look()), pin!(called)).await, Either::Right(_)));
        let claimed = it.row("sales").await;
        assert!(claimed.mail_id.is_some() && claimed.attempts == 1, "{claimed:?}");
        it.server.is_now(Mood::Takes);
        let other = node(it.app);
        assert_eq!(digest::once(&other, &it.mailer).await.unwrap(), 0, "the first may still be at it");
        it.app.advance(TimeDelta::minutes(3));
        assert_eq!(digest::once(&other, &it.mailer).await.unwrap(), 1);
        let id = claimed.mail_id.unwrap().0.simple().to_string();
        assert_eq!(it.server.one().message_id, format!("{id}@crm.example.com"));
    })
    .await;
}

#[actix_web::test]
async fn who_wants_none_any_more_while_one_is_tried_again_gets_none() {
    Sending::each(async |it| {
        it.prepare(&["sales", "manager"]).await;
        it.server.is_now(Mood::Later);
        assert_eq!(it.look().await, 0);
        it.server.is_now(Mood::Takes);
        it.choose("sales", json!({"digest": "off"})).await;
        // Another time does not bring it twice.
        it.choose("manager", json!({"digest": "daily", "digest_at": "09:05"})).await;
        assert_eq!(it.look_after(5).await, 1);
        assert_eq!(it.server.one().to, "manager@example.com");
        assert_eq!(it.look_after(60).await, 0);
    })
    .await;
}

#[actix_web::test]
async fn without_the_encryption_that_is_asked_for_nothing_is_sent() {
    Sending::each(async |it| {
        it.prepare(&["sales"]).await;
        let mut config = Config::clone(&it.app.app.config);
        config.mail.url = Some(format!("{}?tls=required", it.server.url));
        let careful = Mailer::of(&config).unwrap().unwrap();
        assert_eq!(careful.greet().await, Err(Failure::NoServer(None)));
        assert_eq!(digest::once(&it.app.app, &careful).await.unwrap(), 0);
        assert_eq!(it.server.taken().len(), 0);
        assert_eq!(it.mailer.greet().await, Ok(()));
        assert_eq!(it.look_after(3).await, 1);
        it.server.one();
    })
    .await;
}
