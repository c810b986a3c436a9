//! A customer that is given to somebody else, and what goes along by choice.

use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::notifications::lines;
use crate::pools::{place, set_default};
use crate::records_given::id;

/// A customer of sales with what belongs to it: of sales, and of the administrator.
pub(crate) struct Company {
    pub(crate) customer: Value,
    /// Contact, open deal, task about the customer, task about the deal.
    pub(crate) own: [(&'static str, Value); 4],
    /// Contact and open deal.
    pub(crate) foreign: [(&'static str, Value); 2],
}

pub(crate) async fn company(app: &TestApp) -> Company {
    let customer = app.make("sales", "customers", json!({"name": "With people"})).await;
    let contact = async |who: &str, name: &str| {
        let of = json!([{"customer_id": customer["id"], "primary": true}]);
        ("contacts", app.make(who, "contacts", json!({"given_name": name, "customers": of})).await)
    };
    let deal = async |who: &str, name: &str| {
        let body = json!({"name": name, "customer_id": customer["id"]});
        ("opportunities", app.make(who, "opportunities", body).await)
    };
    let task = async |about: Value| {
        ("activities", app.make("sales", "activities", json!({"kind": "task", "name": "Call", "about": [about]})).await)
    };
    let open = deal("sales", "Open").await;
    let own = [
        contact("sales", "Ada").await,
        open.clone(),
        task(json!({"type": "customer", "id": customer["id"]})).await,
        task(json!({"type": "opportunity", "id": open.1["id"]})).await,
    ];
    let foreign = [contact("admin", "Bob").await, deal("admin", "Theirs").await];
    Company { customer, own, foreign }
}

/// The name of whoever has a record.
pub(crate) async fn owner(app: &TestApp, (plural, record): &(&str, Value)) -> Value {
    app.get("admin", &format!("/{plural}/{}", id(record))).await.expect(200)["owner"]["name"].clone()
}

async fn owners(app: &TestApp, records: &[(&str, Value)]) -> Vec<Value> {
    let mut found = Vec::new();
    for record in records {
        found.push(owner(app, record).await);
    }
    found
}

fn moved(followed: usize, forbidden: usize) -> Value {
    let left = if forbidden > 0 { json!([{"reason": "forbidden", "count": forbidden}]) } else { json!([]) };
    json!({"followed": followed, "left": left})
}

#[actix_web::test]
async fn nothing_goes_along_unless_it_is_said() {
    TestApp::each(async |app| {
        let Company { customer, own, foreign } = company(app).await;
        let to = json!({"owner_id": app.id("sales2").await});
        let given = app.post("admin", &place(&customer, "transfer"), to).await.expect(200);
        assert_eq!(given["owner"]["name"], "猪八戒");
        let none = json!({"contacts": moved(0, 0), "opportunities": moved(0, 0), "tasks": moved(0, 0)});
        assert_eq!(given["cascade"], none);
        assert_eq!(owners(app, &own).await, ["孙悟空"; 4]);
        assert_eq!(owners(app, &foreign).await, ["Ada Admin"; 2]);
    })
    .await;
}

#[actix_web::test]
async fn what_is_chosen_goes_along_with_its_history_and_one_word_to_the_new_owner() {
    TestApp::each(async |app| {
        let Company { customer, own, foreign } = company(app).await;
        let sales2 = app.id("sales2").await;
        let preview = async |query: String| {
            app.get("admin", &format!("/customers/{}/transfer/preview{query}", id(&customer))).await.expect(200)
        };
        let counts = |same: usize, all: usize| json!({"same_owner": same, "all": all, "forbidden": 0});
        let expected = json!({"contacts": counts(1, 2), "opportunities": counts(1, 2), "tasks": counts(2, 2)});
        assert_eq!(preview(String::new()).await, expected);
        assert_eq!(preview(format!("?owner_id={sales2}")).await, expected);
        let admin = app.id("admin").await;
        assert_eq!(preview(format!("?owner_id={admin}")).await["contacts"], counts(1, 1), "theirs already");

        let cascade = json!({"contacts": "same_owner", "opportunities": "all", "tasks": "same_owner"});
        let asked = json!({"owner_id": sales2, "cascade": cascade});
        let given = app.post("admin", &place(&customer, "transfer"), asked).await.expect(200);
        let along = json!({"contacts": moved(1, 0), "opportunities": moved(2, 0), "tasks": moved(2, 0)});
        assert_eq!(given["cascade"], along);
        assert_eq!(owners(app, &own).await, ["猪八戒"; 4]);
        assert_eq!(owners(app, &foreign).await, ["Ada Admin", "猪八戒"]);
        let history = app.get("admin", &format!("/contacts/{}/history", id(&own[0].1))).await.expect(200);
        assert_eq!((&history["data"][0]["action"], &history["data"][0]["version"]), (&json!("follow"), &json!(2)));
        let told = lines(app, "sales2").await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!((&told[0]["kind"], &told[0]["record"]["name"]), (&json!("assigned"), &json!("With people")));
    })
    .await;
}

#[actix_web::test]
async fn what_the_caller_may_not_give_away_stays_and_is_counted() {
    TestApp::each(async |app| {
        let Company { customer, own, foreign } = company(app).await;
        // Sales may give what is theirs to their own team; what the administrator has they do not even see.
        let sales = app.id("sales").await;
        let team = app.get("admin", &format!("/users/{sales}")).await.expect(200)["team_id"].clone();
        app.patch("admin", &format!("/users/{}", app.id("service").await), json!({"team_id": team})).await.expect(200);
        let service = app.id("service").await;
        let asked = |cascade: Value| json!({"owner_id": service, "cascade": cascade});
        let theirs = app.make("admin", "contacts", {
            let of = json!([{"customer_id": customer["id"], "primary": true}]);
            json!({"given_name": "Eve", "customers": of, "owner_id": service})
        });
        let theirs = theirs.await;
        let all = json!({"contacts": "all", "opportunities": "all", "tasks": "all"});
        let given = app.post("sales", &place(&customer, "transfer"), asked(all)).await.expect(200);
        assert_eq!(given["cascade"]["contacts"], moved(1, 0), "{}", given["cascade"]);
        assert_eq!(given["cascade"]["opportunities"], moved(1, 0), "{}", given["cascade"]);
        assert_eq!(owners(app, &own).await, ["Sera Service"; 4]);
        assert_eq!(owners(app, &foreign).await, ["Ada Admin"; 2], "hidden from the caller: neither moved nor counted");
        assert_eq!(owner(app, &("contacts", theirs)).await, "Sera Service");

        // What one sees through its customer, but has no right to assign, is counted.
        let shown = app.make("sales", "customers", json!({"name": "Shown"})).await;
        let about = json!([{"type": "customer", "id": shown["id"]}]);
        let task = app.make("admin", "activities", json!({"kind": "task", "name": "Theirs", "about": about})).await;
        let place = place(&shown, "transfer");
        let counted = app.get("sales", &format!("{place}/preview?owner_id={service}")).await.expect(200);
        assert_eq!(counted["tasks"], json!({"same_owner": 0, "all": 1, "forbidden": 1}));
        let given = app.post("sales", &place, asked(json!({"tasks": "all"}))).await.expect(200);
        assert_eq!(given["cascade"]["tasks"], moved(0, 1));
        assert_eq!(owner(app, &("activities", task)).await, "Ada Admin");
    })
    .await;
}

#[actix_web::test]
async fn a_cap_or_a_stale_version_refuses_everything() {
    TestApp::each(async |app| {
        let Company { customer, own, .. } = company(app).await;
        let sales2 = app.id("sales2").await;
        app.make("sales2", "customers", json!({"name": "The one they may own"})).await;
        set_default(app, json!({"owned_cap": 1})).await;
        let asked = json!({"owner_id": sales2, "cascade": {"contacts": "all", "opportunities": "all", "tasks": "all"}});
        let place = place(&customer, "transfer");
        let told = app.post("admin", &place, asked.clone()).await.refused(409, "claim_refused");
        assert_eq!((&told["reason"], &told["limit"]), (&json!("owned_cap"), &json!(1)));
        assert_eq!(owners(app, &own).await, ["孙悟空"; 4]);
        let faults =
            app.post("admin", &place, json!({"owner_id": null, "cascade": {"contacts": "all"}})).await.errors();
        assert_eq!(faults, [("/cascade".to_owned(), "invalid_value".to_owned())]);
        let faults = app.post("admin", &place, json!({"owner_id": sales2, "cascade": {"leads": "all"}})).await.errors();
        assert_eq!(faults, [("/cascade/leads".to_owned(), "unknown_field".to_owned())]);
        let faults =
            app.post("admin", &place, json!({"owner_id": sales2, "cascade": {"tasks": "some"}})).await.errors();
        assert_eq!(faults, [("/cascade/tasks".to_owned(), "invalid_value".to_owned())]);
        app.get("sales2", &format!("{place}/preview")).await.refused(404, "not_found");
        app.get("admin", &format!("{place}/preview?owner_id={}", uuid::Uuid::nil()))
            .await
            .refused(400, "parameter_invalid");
    })
    .await;
}

#[actix_web::test]
async fn batches_give_customers_away_with_what_belongs_to_them_and_other_records_by_themselves() {
    TestApp::each(async |app| {
        let Company { customer, own, .. } = company(app).await;
        let lead = app.make_any("sales", "leads", "Lead").await;
        let sales2 = app.id("sales2").await;
        let batch = async |plural: &str, record: &Value, data: Value| {
            let one = json!({"action": "transfer", "id": record["id"], "version": record["version"], "data": data});
            let body = json!({"atomic": true, "operations": [one]});
            app.post("admin", &format!("/{plural}/batch"), body).await
        };
        let along = json!({"owner_id": sales2, "cascade": {"contacts": "same_owner"}});
        batch("customers", &customer, along.clone()).await.expect(200);
        assert_eq!(owner(app, &own[0]).await, "猪八戒");
        assert_eq!(owner(app, &own[1]).await, "孙悟空");
        let place = "/operations/0/data/cascade".to_owned();
        assert_eq!(batch("leads", &lead, along).await.errors(), [(place, "unknown_field".to_owned())]);
        batch("leads", &lead, json!({"owner_id": sales2})).await.expect(200);
        assert_eq!(owner(app, &("leads", lead.clone())).await, "猪八戒");
        batch("leads", &lead, json!({"owner_id": sales2})).await.refused(412, "version_conflict");
        let told = lines(app, "sales2").await;
        let of: Vec<&Value> = told.iter().map(|line| &line["subject"]).collect();
        assert_eq!(of, ["lead", "customer"], "a line for each kind that comes by the dozen");
    })
    .await;
}
