//! Digests: what somebody has not read comes by e-mail, when they want it, in their language, and nothing else.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use rapport_api::config::Config;
use rapport_api::mail::Mailer;
use rapport_api::notifications::{digest, sweep};
use rapport_api::pools;
use rapport_domain::context::Clock as _;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::mail_server::{Mail, MailServer, Mood};
use crate::notifications::{at, give, lines, mark};
use crate::notifications_due::begin;
use crate::pools::set_default;
use crate::records_given::id;
use crate::sql::run;

/// A running Rapport that sends mail.
pub(crate) struct Sending<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) server: &'a MailServer,
    pub(crate) mailer: Mailer,
}

impl Sending<'_> {
    /// Runs a test once on every backend.
    pub(crate) async fn each(test: impl AsyncFn(&Sending<'_>)) {
        let server = MailServer::start();
        let url = server.url.clone();
        TestApp::each_with(
            |config| name_server(config, &url),
            async |app| {
                server.is_now(Mood::Takes);
                let mailer = Mailer::of(&app.app.config).unwrap().unwrap();
                test(&Sending { app, server: &server, mailer }).await;
                assert_eq!(server.taken().len(), 0, "every mail has been looked at");
            },
        )
        .await;
    }

    /// A look at the clock: how many mails were sent.
    pub(crate) async fn look(&self) -> usize {
        digest::once(&self.app.app, &self.mailer).await.unwrap()
    }

    /// Goes on to a moment, and looks at the clock.
    pub(crate) async fn look_at(&self, moment: &str) -> usize {
        self.go_to(moment);
        self.look().await
    }

    /// Lets time pass until a moment.
    pub(crate) fn go_to(&self, moment: &str) {
        let moment: DateTime<Utc> = moment.parse().unwrap();
        self.app.advance(moment - self.app.clock.now());
    }

    /// What somebody wants to be told of.
    pub(crate) async fn choose(&self, who: &str, settings: Value) {
        self.app.put(who, "/me/notification-settings", settings).await.expect(200);
    }

    /// The mail that comes at a moment, and no other.
    async fn mail_at(&self, moment: &str) -> Mail {
        assert_eq!(self.look_at(moment).await, 1, "{moment}");
        self.server.one()
    }

    /// The mails that come at a moment, by their addresses.
    async fn mails_at(&self, moment: &str) -> HashMap<String, Mail> {
        let sent = self.look_at(moment).await;
        let mails: HashMap<_, _> = self.server.taken().into_iter().map(|mail| (mail.to.clone(), mail)).collect();
        assert_eq!(sent, mails.len(), "{moment}");
        mails
    }

    async fn assert_none_at(&self, moment: &str) {
        assert_eq!((self.look_at(moment).await, self.server.taken().len()), (0, 0), "{moment}");
    }
}

fn name_server(config: &mut Config, url: &str) {
    config.server.public_url = Some("https://crm.example.com".to_owned());
    config.mail.url = Some(url.to_owned());
    config.mail.from = Some("Rapport <crm@example.com>".to_owned());
    config.mail.seconds = 1;
}

// ---------------------------------------------------------------- what it says

#[actix_web::test]
async fn a_daily_one_tells_what_is_unread_once_at_its_time() {
    Sending::each(async |it| {
        it.choose("sales", json!({"digest": "daily", "digest_at": "08:30"})).await;
        it.choose("sales2", json!({"digest": "daily", "digest_at": "08:30"})).await;
        let acme = give(it.app, "admin", "sales", "Acme & <b>Söhne</b>").await;
        let read = give(it.app, "admin", "sales", "Read").await;
        let line = lines(it.app, "sales").await.remove(0);
        assert_eq!(line["record"]["id"], read["id"]);
        mark(it.app, "sales", &line, json!({"is_read": true})).await;
        let about = json!([{"type": "customer", "id": acme["id"]}]);
        let note = json!({"kind": "note", "name": "说明", "body": at(it.app, "sales").await, "about": about});
        it.app.make("admin", "activities", note).await;
        it.assert_none_at("2026-11-21T08:29:00Z").await;

        let mail = it.mail_at("2026-11-21T08:31:30Z").await;
        assert_eq!((mail.to.as_str(), mail.to_name.as_str()), ("sales@example.com", "孙悟空"));
        assert_eq!((mail.from.as_str(), mail.subject.as_str()), ("crm@example.com", "Rapport: 2 unread notifications"));
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
        assert_eq!(mail.header("List-Unsubscribe"), "<https://crm.example.com/settings/notifications>");
        assert!(mail.message_id.ends_with("@crm.example.com"), "{}", mail.message_id);
        let place = format!("https://crm.example.com/customers/{}", id(&acme));
        let said = format!(
            "2 unread notifications\n\n* Ada Admin mentioned you\n  说明 · Acme & <b>Söhne</b>\n  {place}\n\n\
             * Ada Admin gave you a customer\n  Acme & <b>Söhne</b>\n  {place}\n\n\
             Open Rapport: https://crm.example.com/\n\n-- \n"
        );
        assert!(mail.text.starts_with(&said), "{}", mail.text);
        assert!(mail.text.contains("https://crm.example.com/settings/notifications"), "{}", mail.text);
        assert!(mail.html.contains("Acme &amp; &lt;b&gt;Söhne&lt;"), "{}", mail.html);
        assert!(!mail.html.contains("<b>") && mail.html.contains("<html lang=\"en\">"), "{}", mail.html);

        // Told once; the next day only what has come since.
        it.assert_none_at("2026-11-21T09:00:00Z").await;
        it.assert_none_at("2026-11-22T08:31:30Z").await;
        give(it.app, "admin", "sales", "New").await;
        let mail = it.mail_at("2026-11-23T08:31:30Z").await;
        assert_eq!(mail.subject, "Rapport: 1 unread notification");
        assert!(mail.text.contains("New") && !mail.text.contains("Acme"), "{}", mail.text);
    })
    .await;
}

#[actix_web::test]
async fn it_speaks_the_language_of_its_reader_and_tells_what_is_due_by_their_clock() {
    Sending::each(async |it| {
        it.app.patch("sales", "/me", json!({"language": "zh-CN", "time_zone": "Asia/Shanghai"})).await.expect(200);
        it.choose("sales", json!({"digest": "hourly"})).await;
        sweep::once(&it.app.app).await.unwrap();
        it.app
            .make("sales", "activities", json!({"kind": "task", "name": "回访", "due_at": "2026-11-21T08:10:00Z"}))
            .await;
        it.go_to("2026-11-21T08:11:00Z");
        assert_eq!(sweep::once(&it.app.app).await.unwrap(), 1);
        let mail = it.mail_at("2026-11-21T09:01:30Z").await;
        assert_eq!(mail.subject, "Rapport：1 条未读通知");
        let said = "1 条未读通知\n\n* 到期提醒\n  回访\n  2026-11-21 16:10 到期\n  https://crm.example.com/tasks\n";
        assert!(mail.text.starts_with(said), "{}", mail.text);
        assert!(mail.html.contains("<html lang=\"zh-CN\">") && mail.html.contains("回访"), "{}", mail.html);
    })
    .await;
}

#[actix_web::test]
async fn many_alike_are_one_line_and_more_than_fits_is_said() {
    Sending::each(async |it| {
        it.choose("sales", json!({"digest": "daily", "digest_at": "08:30"})).await;
        let owner = it.app.id("sales").await;
        let make = |n: i32| json!({"action": "create", "data": {"name": format!("Customer {n}"), "owner_id": owner}});
        let three = json!({"atomic": true, "operations": [make(1), make(2), make(3)]});
        it.app.post("admin", "/customers/batch", three).await.expect(200);
        let mail = it.mail_at("2026-11-21T08:31:30Z").await;
        let said = "* Ada Admin gave you 3 customers\n  https://crm.example.com/customers?view=mine\n";
        assert!(mail.text.contains(said) && !mail.text.contains("Customer 1"), "{}", mail.text);

        for n in 0..51 {
            give(it.app, "admin", "sales", &format!("Number {n}")).await;
        }
        let mail = it.mail_at("2026-11-22T08:31:30Z").await;
        assert_eq!(mail.subject, "Rapport: More than 50 unread notifications");
        assert_eq!(mail.text.matches("* Ada Admin gave you a customer").count(), 50);
        assert!(mail.text.contains("Number 50") && !mail.text.contains("Number 0\n"), "{}", mail.text);
    })
    .await;
}

#[actix_web::test]
async fn it_tells_of_the_customers_that_rules_take_before_and_after() {
    Sending::each(async |it| {
        set_default(it.app, json!({"release": {"no_activity_days": 30}, "warn_days": 5})).await;
        it.choose("sales", json!({"digest": "daily", "digest_at": "08:30"})).await;
        it.choose("sales2", json!({"digest": "daily", "digest_at": "08:30"})).await;
        let quiet = it.app.make("sales", "customers", json!({"name": "Quiet"})).await;
        for name in ["One", "Two"] {
            it.app.make("sales2", "customers", json!({ "name": name })).await;
        }
        let days = |count: i64| it.app.clock.now() + TimeDelta::days(count);
        let (warned, gone) = (days(25), days(30));
        it.app.advance(warned - it.app.clock.now());
        assert_eq!(pools::sweep::warn(&it.app.app).await.unwrap(), 3);
        let morning = |after: DateTime<Utc>| format!("{}T08:31:30Z", after.date_naive() + TimeDelta::days(1));
        let mails = it.mails_at(&morning(warned)).await;
        let place = format!("https://crm.example.com/customers/{}", id(&quiet));
        let at = gone.format("%Y-%m-%d %H:%M");
        let one = format!("* A customer of yours goes back to the pool soon\n  Quiet\n  goes {at}\n  {place}\n");
        let two = format!(
            "* 2 customers of yours go back to the pool soon\n  goes {at}\n  https://crm.example.com/customers?view=soon\n"
        );
        assert!(mails["sales@example.com"].text.contains(&one), "{}", mails["sales@example.com"].text);
        assert!(mails["sales2@example.com"].text.contains(&two), "{}", mails["sales2@example.com"].text);

        it.app.advance(gone - it.app.clock.now());
        assert_eq!(pools::sweep::once(&it.app.app).await.unwrap(), 3);
        let mails = it.mails_at(&morning(gone)).await;
        let one = format!("* A customer of yours has gone back to the pool\n  Quiet\n  {place}\n");
        let two =
            "* 2 customers of yours have gone back to the pool\n  https://crm.example.com/customers?view=pool\n";
        assert!(mails["sales@example.com"].text.contains(&one), "{}", mails["sales@example.com"].text);
        assert!(mails["sales2@example.com"].text.contains(two), "{}", mails["sales2@example.com"].text);
    })
    .await;
}

#[actix_web::test]
async fn it_tells_of_opportunities_that_stand_still() {
    Sending::each(async |it| {
        it.app.patch("admin", "/organisation", json!({"stale_grace_days": 2})).await.expect(200);
        it.app.patch("manager", "/me", json!({"language": "zh-CN", "time_zone": "Asia/Shanghai"})).await.expect(200);
        it.choose("sales", json!({"digest": "hourly"})).await;
        it.choose("manager", json!({"digest": "hourly"})).await;
        begin(it.app).await;
        let deal = it.app.deal("sales", "Slow").await;
        let place = format!("https://crm.example.com/opportunities/{}", id(&deal));
        let moment = |of: &str| deal[of].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
        let mail_of = async |moment: DateTime<Utc>| {
            it.app.advance(moment - it.app.clock.now());
            assert_eq!(sweep::once(&it.app.app).await.unwrap(), 1);
            it.app.advance(TimeDelta::minutes(62));
            assert_eq!(it.look().await, 1);
            it.server.one()
        };
        for (of, headline) in
            [("warn_at", "An opportunity stands longer than planned"), ("stale_at", "An opportunity has become stale")]
        {
            let mail = mail_of(moment(of)).await;
            let said = format!("* {headline}\n  Slow\n  since {}\n  {place}\n", moment(of).format("%Y-%m-%d %H:%M"));
            assert!(mail.to == "sales@example.com" && mail.text.contains(&said), "{}", mail.text);
        }
        let mail = mail_of(moment("stale_at") + TimeDelta::days(2)).await;
        let since = (moment("stale_at") + TimeDelta::hours(8)).format("%Y-%m-%d %H:%M");
        let said = format!("* 孙悟空的商机停滞未处理\n  Slow\n  自 {since} 起\n  {place}\n");
        assert!(mail.to == "manager@example.com" && mail.text.contains(&said), "{}", mail.text);
    })
    .await;
}

#[actix_web::test]
async fn what_is_no_longer_seen_is_not_told() {
    Sending::each(async |it| {
        it.choose("sales", json!({"digest": "daily", "digest_at": "08:30"})).await;
        let secret = give(it.app, "admin", "sales", "Secret").await;
        let to = json!({"owner_id": it.app.id("sales2").await});
        it.app.post("admin", &format!("/customers/{}/transfer", id(&secret)), to).await.expect(200);
        it.assert_none_at("2026-11-21T08:31:30Z").await;
        give(it.app, "admin", "sales", "Seen").await;
        let mail = it.mail_at("2026-11-22T08:31:30Z").await;
        assert!(mail.text.contains("Seen") && !mail.text.contains("Secret"), "{}", mail.text);
        assert!(!mail.html.contains("Secret"), "{}", mail.html);
    })
    .await;
}

#[actix_web::test]
async fn no_name_adds_a_header_or_a_tag() {
    Sending::each(async |it| {
        it.choose("sales", json!({"digest": "daily", "digest_at": "08:30"})).await;
        give(it.app, "admin", "sales", "Plain").await;
        run(
            &it.app.database.target,
            "UPDATE customers SET name = 'Plain\r\nBcc: all@example.com\r\n\r\n<script>x</script>\r\n.\r\nQUIT' WHERE name = 'Plain';
             UPDATE users SET name = 'Eve\r\nBcc: all@example.com' WHERE email IN ('sales@example.com', 'admin@example.com')",
        );
        let mail = it.mail_at("2026-11-21T08:31:30Z").await;
        assert_eq!((mail.to_name.as_str(), mail.header("Bcc")), ("Eve Bcc: all@example.com", ""));
        assert_eq!(mail.header("Subject"), "Rapport: 1 unread notification");
        assert!(mail.text.contains("  Plain Bcc: all@example.com <script>x</script> . QUIT\n"), "{}", mail.text);
        assert!(!mail.html.contains("<script>"), "{}", mail.html);
    })
    .await;
}

// ---------------------------------------------------------------- when it comes

#[actix_web::test]
async fn it_follows_the_clock_of_its_reader_when_that_changes() {
    Sending::each(async |it| {
        it.app.patch("sales", "/me", json!({"time_zone": "Europe/Berlin"})).await.expect(200);
        for (day, early, late) in [
            ("2027-03-27", "T06:59:00Z", "T07:01:30Z"),
            ("2027-03-28", "T05:59:00Z", "T06:01:30Z"),
            ("2027-10-30", "T05:59:00Z", "T06:01:30Z"),
            ("2027-10-31", "T06:59:00Z", "T07:01:30Z"),
            ("2027-11-01", "T06:59:00Z", "T07:01:30Z"),
        ] {
            it.go_to(&format!("{day}T00:00:00Z"));
            // What was to come before this is chosen anew.
            it.choose("sales", json!({"digest": "off"})).await;
            it.choose("sales", json!({"digest": "daily", "digest_at": "08:00"})).await;
            give(it.app, "admin", "sales", day).await;
            it.assert_none_at(&format!("{day}{early}")).await;
            assert!(it.mail_at(&format!("{day}{late}")).await.text.contains(day));
        }
        // Who moves gets the next one by the new clock, also when somebody else says so.
        give(it.app, "admin", "sales", "Moved").await;
        let place = format!("/users/{}", it.app.id("sales").await);
        it.app.patch("admin", &place, json!({"time_zone": "America/New_York"})).await.expect(200);
        it.assert_none_at("2027-11-01T11:59:00Z").await;
        it.mail_at("2027-11-01T12:01:30Z").await;
        give(it.app, "admin", "sales", "Moved on").await;
        it.app.patch("sales", "/me", json!({"time_zone": "UTC"})).await.expect(200);
        it.mail_at("2027-11-02T08:01:30Z").await;
    })
    .await;
}

#[actix_web::test]
async fn after_a_pause_of_days_one_comes_and_then_the_next_at_its_time() {
    Sending::each(async |it| {
        it.choose("sales", json!({"digest": "daily", "digest_at": "08:30"})).await;
        it.choose("manager", json!({"digest": "hourly"})).await;
        give(it.app, "admin", "sales", "Old").await;
        give(it.app, "admin", "manager", "Old").await;
        assert_eq!(it.look_at("2026-11-26T14:00:00Z").await, 2);
        assert_eq!(it.server.taken().len(), 2);
        give(it.app, "admin", "sales", "New").await;
        give(it.app, "admin", "manager", "New").await;
        it.assert_none_at("2026-11-26T14:45:00Z").await;
        assert_eq!(it.mail_at("2026-11-26T15:01:30Z").await.to, "manager@example.com");
        it.assert_none_at("2026-11-27T08:30:00Z").await;
        assert_eq!(it.mail_at("2026-11-27T08:31:30Z").await.to, "sales@example.com");
    })
    .await;
}

#[actix_web::test]
async fn an_hourly_one_comes_at_most_once_an_hour_and_never_in_quiet_hours() {
    Sending::each(async |it| {
        let quiet = json!({"start": "10:30", "end": "12:40"});
        it.choose("sales", json!({"digest": "hourly", "quiet_hours": quiet})).await;
        give(it.app, "admin", "sales", "One").await;
        it.assert_none_at("2026-11-21T08:59:00Z").await;
        it.mail_at("2026-11-21T09:01:30Z").await;
        give(it.app, "admin", "sales", "Two").await;
        it.assert_none_at("2026-11-21T09:40:00Z").await;
        it.mail_at("2026-11-21T10:01:30Z").await;
        give(it.app, "admin", "sales", "Three").await;
        it.assert_none_at("2026-11-21T11:01:30Z").await;
        give(it.app, "admin", "sales", "Four").await;
        it.assert_none_at("2026-11-21T12:39:59Z").await;
        let mail = it.mail_at("2026-11-21T12:41:30Z").await;
        assert!(mail.text.contains("Three") && mail.text.contains("Four"), "{}", mail.text);
        // Twenty minutes later would be too soon.
        give(it.app, "admin", "sales", "Five").await;
        it.assert_none_at("2026-11-21T13:05:00Z").await;
        it.mail_at("2026-11-21T14:01:30Z").await;
    })
    .await;
}

// ---------------------------------------------------------------- who gets one

#[actix_web::test]
async fn only_who_has_chosen_it_gets_one_and_only_of_what_they_chose() {
    Sending::each(async |it| {
        let no = json!({"inbox": true, "digest": false});
        let mail_only = json!({"inbox": false, "digest": true});
        it.choose("sales", json!({"digest": "daily", "digest_at": "08:30", "kinds": {"assigned": no}})).await;
        it.choose("manager", json!({"digest": "daily", "digest_at": "08:30", "kinds": {"assigned": mail_only}})).await;
        it.choose("sales2", json!({"digest": "off"})).await;
        it.choose("service", json!({"digest": "daily", "digest_at": "08:30"})).await;
        for who in ["sales", "manager", "sales2", "service", "marketing"] {
            give(it.app, "admin", who, who).await;
        }
        let off = format!("/users/{}", it.app.id("service").await);
        it.app.patch("admin", &off, json!({"is_active": false})).await.expect(200);
        let mail = it.mail_at("2026-11-21T08:31:30Z").await;
        assert_eq!(mail.to, "manager@example.com");
        assert_eq!(lines(it.app, "manager").await, Vec::<Value>::new());

        // Who has it switched off and on again is told of what comes from then on.
        give(it.app, "admin", "manager", "Before").await;
        it.choose("manager", json!({"digest": "off"})).await;
        give(it.app, "admin", "manager", "Between").await;
        it.choose("manager", json!({"digest": "daily", "digest_at": "08:30"})).await;
        give(it.app, "admin", "manager", "After").await;
        let mail = it.mail_at("2026-11-22T08:31:30Z").await;
        assert!(mail.text.contains("After") && !mail.text.contains("Be"), "{}", mail.text);
    })
    .await;
}

#[actix_web::test]
async fn what_was_put_off_comes_when_it_is_back() {
    Sending::each(async |it| {
        it.choose("sales", json!({"digest": "daily", "digest_at": "08:30"})).await;
        give(it.app, "admin", "sales", "Later").await;
        let line = lines(it.app, "sales").await.remove(0);
        mark(it.app, "sales", &line, json!({"snoozed_until": "2026-11-22T07:00:00Z"})).await;
        it.assert_none_at("2026-11-21T08:31:30Z").await;
        assert!(it.mail_at("2026-11-22T08:31:30Z").await.text.contains("Later"));
    })
    .await;
}

#[actix_web::test]
async fn the_page_is_told_whether_there_is_mail() {
    Sending::each(async |it| {
        let has_mail = |answer: Value| answer["has_mail"].as_bool().unwrap();
        assert!(has_mail(it.app.get("sales", "/me/notification-settings").await.expect(200)));
        assert!(has_mail(
            it.app.put("sales", "/me/notification-settings", json!({"digest": "daily"})).await.expect(200)
        ));
        assert!(has_mail(it.app.get("sales", "/me/notification-settings").await.expect(200)));
    })
    .await;
    TestApp::each(async |app| {
        let settings = app.put("sales", "/me/notification-settings", json!({"digest": "daily"})).await.expect(200);
        assert_eq!((&settings["has_mail"], &settings["digest"]), (&json!(false), &json!("daily")));
    })
    .await;
}
