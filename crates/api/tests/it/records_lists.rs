//! Lists: filters in three encodings, sorting, cursors, sparse fields, included records, counts.

use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::records_given::{TYPES, id, ids, names};

fn encoded(text: &str) -> String {
    serde_urlencoded::to_string([("filter", text)]).unwrap()
}

async fn customers(app: &TestApp) {
    let rows = [
        ("Acme", "A", "制造业", 10, "website"),
        ("Beta", "B", "制造业", 200, "event"),
        ("Gamma", "A", "零售", 30, "event"),
        ("Delta", "C", "餐饮", 4000, "website"),
    ];
    for (name, level, industry, employees, source) in rows {
        let body = json!({"name": name, "level": level, "industry": industry, "employees": employees, "source": source, "tags": [name.to_lowercase(), "all"]});
        app.make("sales", "customers", body).await;
    }
    app.make("sales", "customers", json!({"name": "Empty"})).await;
}

async fn found(app: &TestApp, query: &str) -> Vec<String> {
    let mut found = names(&app.get("sales", &format!("/customers?{query}")).await.expect(200));
    found.sort();
    found
}

#[actix_web::test]
async fn the_three_encodings_of_a_filter_agree() {
    TestApp::each(async |app| {
        customers(app).await;
        let cases = [
            ("level = \"A\"", json!({"field": "level", "op": "eq", "value": "A"}), Some("level=A"), vec!["Acme", "Gamma"]),
            ("level IN (\"A\", \"B\")", json!({"field": "level", "op": "in", "value": ["A", "B"]}), Some("level=A,B"), vec!["Acme", "Beta", "Gamma"]),
            ("employees > 10 AND employees <= 200", json!({"and": [{"field": "employees", "op": "gt", "value": 10}, {"field": "employees", "op": "le", "value": 200}]}), None, vec!["Beta", "Gamma"]),
            ("NOT level = \"A\"", json!({"not": {"field": "level", "op": "eq", "value": "A"}}), None, vec!["Beta", "Delta", "Empty"]),
            ("level IS NULL", json!({"field": "level", "op": "is_null"}), None, vec!["Empty"]),
            ("name ~ \"TA\"", json!({"field": "name", "op": "contains", "value": "TA"}), None, vec!["Beta", "Delta"]),
            ("tags HAS ANY (\"acme\", \"beta\")", json!({"field": "tags", "op": "has_any", "value": ["acme", "beta"]}), None, vec!["Acme", "Beta"]),
            ("owner_id = @me AND (source = \"event\" OR industry ^= \"餐\")", json!({"and": [{"field": "owner_id", "op": "eq", "value": "@me"}, {"or": [{"field": "source", "op": "eq", "value": "event"}, {"field": "industry", "op": "starts_with", "value": "餐"}]}]}), None, vec!["Beta", "Delta", "Gamma"]),
        ];
        for (text, tree, short, expected) in cases {
            assert_eq!(found(app, &encoded(text)).await, expected, "{text}");
            let answer = app.post("sales", "/customers/search", json!({"filter": tree})).await.expect(200);
            let mut by_tree = names(&answer);
            by_tree.sort();
            assert_eq!(by_tree, expected, "{tree}");
            if let Some(short) = short {
                assert_eq!(found(app, short).await, expected, "{short}");
            }
        }
        assert_eq!(found(app, &format!("level=A&{}", encoded("industry = \"零售\""))).await, ["Gamma"], "they add up");
    })
    .await;
}

#[actix_web::test]
async fn a_filter_that_is_wrong_is_told() {
    TestApp::each(async |app| {
        for (query, code) in [
            (encoded("colour = \"red\""), "unknown_field"),
            ("colour=red".to_owned(), "unknown_field"),
            (encoded("password_hash = \"x\""), "unknown_field"),
            (encoded("owner.password_hash ^= \"a\""), "unknown_field"),
            (encoded("level = "), "filter_invalid"),
            (encoded("employees = \"many\""), "filter_invalid"),
            ("level=Z".to_owned(), "filter_invalid"),
            (encoded("created_at > \"2026-02-30\""), "filter_invalid"),
            (encoded(&vec!["level = \"A\""; 51].join(" OR ")), "filter_too_complex"),
            ("sort=colour".to_owned(), "sort_invalid"),
            ("sort=description".to_owned(), "sort_invalid"),
            ("sort=name,-name".to_owned(), "sort_invalid"),
            ("limit=0".to_owned(), "limit_invalid"),
            ("limit=201".to_owned(), "limit_invalid"),
            ("limit=x".to_owned(), "limit_invalid"),
            ("count=all".to_owned(), "parameter_invalid"),
            ("fields=colour".to_owned(), "unknown_field"),
            ("include=password".to_owned(), "unknown_field"),
            ("cursor=nonsense".to_owned(), "cursor_invalid"),
            ("sort=name&sort=name".to_owned(), "parameter_invalid"),
        ] {
            app.get("sales", &format!("/customers?{query}")).await.refused(400, code);
        }
    })
    .await;
}

#[actix_web::test]
async fn pages_follow_one_another_for_every_sort() {
    TestApp::each(async |app| {
        customers(app).await;
        for sort in
            ["name", "-name", "updated_at", "-created_at", "number", "level", "-level", "-level,name", "level,-number"]
        {
            let all = ids(&app.get("sales", &format!("/customers?sort={sort}")).await.expect(200));
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            for _ in 0..6 {
                let page = app.get("sales", &format!("/customers?sort={sort}&limit=2{cursor}")).await.expect(200);
                seen.extend(ids(&page));
                match page["page"]["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            assert_eq!(seen, all, "{sort}");
            assert_eq!(seen.len(), 5);
        }
        for (sort, last) in [("level", "Empty"), ("-level", "Empty")] {
            let sorted = names(&app.get("sales", &format!("/customers?sort={sort}")).await.expect(200));
            assert_eq!(sorted.last().map(String::as_str), Some(last), "nulls come last in {sort}");
        }
    })
    .await;
}

#[actix_web::test]
async fn a_cursor_belongs_to_its_list() {
    TestApp::each(async |app| {
        customers(app).await;
        let page = app.get("sales", "/customers?sort=name&limit=2&level=A,B").await;
        let cursor = page.body["page"]["next_cursor"].as_str().unwrap().to_owned();
        assert!(
            page.header("link").contains("rel=\"next\"") && page.header("link").contains("rel=\"first\""),
            "{}",
            page.header("link")
        );
        for query in ["sort=-name&level=A,B", "sort=name&level=A", "sort=name", "sort=name&level=A,B&q=a"] {
            app.get("sales", &format!("/customers?{query}&cursor={cursor}")).await.refused(400, "cursor_mismatch");
        }
        app.get("sales", &format!("/leads?sort=name&cursor={cursor}")).await.refused(400, "cursor_mismatch");
        let mut broken = cursor.clone();
        broken.replace_range(3..4, if &cursor[3..4] == "A" { "B" } else { "A" });
        app.get("sales", &format!("/customers?sort=name&level=A,B&cursor={broken}"))
            .await
            .refused(400, "cursor_invalid");
        let rest =
            app.get("sales", &format!("/customers?sort=name&level=A,B&limit=100&cursor={cursor}")).await.expect(200);
        assert_eq!((names(&rest), &rest["page"]["has_more"]), (vec!["Gamma".to_owned()], &json!(false)));
    })
    .await;
}

#[actix_web::test]
async fn only_the_fields_that_were_asked_for() {
    TestApp::each(async |app| {
        for plural in TYPES {
            let record = app.make_any("sales", plural, "Sparse").await;
            let page = app.get("sales", &format!("/{plural}?fields=name,tags")).await.expect(200);
            assert_eq!(page["data"][0], json!({"id": record["id"], "version": 1, "name": "Sparse", "tags": []}));
            let one = app.get("sales", &format!("/{plural}/{}?fields=name", id(&record))).await.expect(200);
            assert_eq!(one, json!({"id": record["id"], "version": 1, "name": "Sparse"}));
            app.get("sales", &format!("/{plural}?fields=name,colour")).await.refused(400, "unknown_field");
        }
    })
    .await;
}

#[actix_web::test]
async fn included_records_come_once() {
    TestApp::each(async |app| {
        let customer = app.make("sales", "customers", json!({"name": "花果山"})).await;
        for name in ["one", "two"] {
            app.make("sales", "opportunities", json!({"name": name, "customer_id": customer["id"]})).await;
        }
        let page = app.get("sales", "/opportunities?include=customer,owner").await.expect(200);
        let included = page["included"].as_object().unwrap();
        assert_eq!(included["customers"].as_object().unwrap().len(), 1);
        assert_eq!(included["customers"][id(&customer)]["name"], "花果山");
        let owner = app.id("sales").await.to_string();
        assert_eq!(included["users"][&owner]["name"], "孙悟空");
        assert!(!page.to_string().contains("argon2"), "no secrets");
        assert_eq!(app.get("sales", "/opportunities").await.expect(200).get("included"), None);
    })
    .await;
}

#[actix_web::test]
async fn counts_are_made_when_asked_for() {
    TestApp::each(async |app| {
        customers(app).await;
        assert_eq!(app.get("sales", "/customers").await.expect(200)["meta"], json!({}));
        for count in ["capped", "exact"] {
            let page = app.get("sales", &format!("/customers?count={count}&limit=1&level=A")).await.expect(200);
            assert_eq!(page["meta"], json!({"total": 2, "total_is_exact": true}));
        }
        let summary = app.get("sales", "/customers/summary?group_by=level").await.expect(200);
        let groups: Vec<(Value, i64)> = summary["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|group| (group["key"]["level"].clone(), group["count"].as_i64().unwrap()))
            .collect();
        assert_eq!(groups[0], (json!("A"), 2));
        assert!(groups.contains(&(Value::Null, 1)) && groups.len() == 4, "{groups:?}");
    })
    .await;
}

#[actix_web::test]
async fn records_are_grouped_by_each_of_their_tags() {
    let groups = async |app: &TestApp, who: &str, query: &str| -> Vec<(Value, i64)> {
        let summary = app.get(who, &format!("/customers/summary?group_by=tags{query}")).await.expect(200);
        let group = |group: &Value| (group["key"]["tags"].clone(), group["count"].as_i64().unwrap());
        summary["data"].as_array().unwrap().iter().map(group).collect()
    };
    TestApp::each(async |app| {
        customers(app).await;
        app.make("sales2", "customers", json!({"name": "Hidden", "tags": ["all", "secret"]})).await;
        let gone = app.make("sales", "customers", json!({"name": "Gone", "tags": ["all", "gone"]})).await;
        app.delete("sales", &format!("/customers/{}", id(&gone))).await.expect(204);
        let own = groups(app, "sales", "").await;
        assert_eq!(own[0], (json!("all"), 4));
        for name in [json!("acme"), json!("beta"), json!("gamma"), json!("delta"), Value::Null] {
            assert!(own.contains(&(name, 1)), "{own:?}");
        }
        assert_eq!(own.len(), 6, "neither others' tags nor those of the trash: {own:?}");
        assert_eq!(groups(app, "admin", "").await[0], (json!("all"), 5));
        assert_eq!(groups(app, "sales", "&level=A").await.len(), 3);
        let filtered = groups(app, "sales", "&tags=acme").await;
        assert_eq!(filtered, [(json!("acme"), 1), (json!("all"), 1)], "a filter by one tag leaves the others in sight");
        assert_eq!(groups(app, "sales", "&q=gamma").await, [(json!("all"), 1), (json!("gamma"), 1)]);
        let both = app.get("sales", "/customers/summary?group_by=level,tags").await.expect(200);
        assert!(
            both["data"]
                .as_array()
                .unwrap()
                .contains(&json!({"key": {"level": "A", "tags": "all"}, "count": 2, "sums": []}))
        );
    })
    .await;
}

#[actix_web::test]
async fn words_are_found_in_names_numbers_and_addresses() {
    TestApp::each(async |app| {
        app.make(
            "sales",
            "customers",
            json!({"name": "上海明德精密机械有限公司", "phone": "13812345678", "email": "info@mingde.example"}),
        )
        .await;
        app.make("sales", "customers", json!({"name": "北京花果山旅游"})).await;
        for words in ["明德", "德", "精密机械", "mingde", "shmd", "ＭＩＮＧＤＥ", "5678", "info@ming", "shanghai"]
        {
            let query = serde_urlencoded::to_string([("q", words)]).unwrap();
            assert_eq!(found(app, &query).await, ["上海明德精密机械有限公司"], "{words}");
            let hits = app.get("sales", &format!("/search?{query}")).await.expect(200);
            assert_eq!(hits["data"].as_array().unwrap().len(), 1, "{words}");
        }
        for words in ["德明", "不在", "!!"] {
            let query = serde_urlencoded::to_string([("q", words)]).unwrap();
            assert!(found(app, &query).await.is_empty(), "{words}");
        }
    })
    .await;
}
