//! What is kept beside a record – words, keys, tags, links – follows every change of it, and is left alone by others.

use serde_json::json;
use uuid::Uuid;

use crate::doctor::levels;
use crate::harness::TestApp;
use crate::records_given::id;
use crate::sql::number;

/// The number of the document that search has of a record; a document that is written anew has another.
fn document(app: &TestApp, id: &str) -> i64 {
    let id: Uuid = id.parse().unwrap();
    let id = if app.database.backend == "sqlite" { format!("x'{}'", id.simple()) } else { format!("'{id}'") };
    number(&app.database.target, &format!("SELECT COALESCE(MAX(seq), 0) AS n FROM search_docs WHERE record_id = {id}"))
}

async fn found(app: &TestApp, words: &str) -> usize {
    let list = app.get("sales", &format!("/contacts?q={words}")).await.expect(200);
    list["data"].as_array().unwrap().len()
}

#[actix_web::test]
async fn what_a_change_does_not_touch_is_left_alone() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "Cloud Spruce"})).await;
        let contact = app
            .make(
                "sales",
                "contacts",
                json!({"given_name": "Quixote", "tags": ["vip"], "external_ids": [{"system": "erp", "external_id": "7"}],
                    "emails": [{"kind": "work", "value": "quixote@mancha.example", "primary": true, "opted_out": false, "invalid": false}]}),
            )
            .await;
        let (place, first) = (format!("/contacts/{}", id(&contact)), document(app, id(&contact)));
        assert!(first > 0);
        let untouched = [
            json!({"notes": "Tilts at windmills"}),
            json!({"tags": ["vip", "knight"]}),
            json!({"external_ids": []}),
            json!({"customers": [{"customer_id": id(&customer), "primary": true}]}),
        ];
        for body in untouched {
            app.patch("sales", &place, body.clone()).await.expect(200);
            assert_eq!(document(app, id(&contact)), first, "{body}");
        }
        app.patch("sales", &place, json!({"given_name": "Alonso"})).await.expect(200);
        let second = document(app, id(&contact));
        assert!(second > first);
        assert_eq!((found(app, "quixote").await, found(app, "alonso").await), (1, 1), "the address still has it");
        app.patch("sales", &place, json!({"emails": []})).await.expect(200);
        assert_eq!((found(app, "quixote").await, found(app, "alonso").await), (0, 1));
        app.delete("sales", &place).await.expect(204);
        assert_eq!((document(app, id(&contact)), found(app, "alonso").await), (0, 0), "nothing is found in the trash");
        app.post("sales", &format!("{place}/restore"), json!({})).await.expect(200);
        assert_eq!(found(app, "alonso").await, 1);
        let (_, checks, text) = levels(&app.database.target);
        assert_eq!((checks["belongings"].as_str(), checks["keys_of_trash"].as_str()), ("ok", "ok"), "{text}");
    })
    .await;
}
