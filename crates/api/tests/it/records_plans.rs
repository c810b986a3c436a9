//! What requests cost: how many statements they send, and that none of them reads a whole table.

use rapport_domain::filter::{Field, FieldKind};
use rapport_domain::kind::RecordKind;
use rapport_persistence::Target;
use rapport_persistence::catalogue::{catalogue, has_index};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::plans::{
    SENT, Sorting, assert_list, assert_plans, each_seeded, encoded, plan, scans, sent_to, size_of_plans, sorts,
    statements, statements_of, url_of,
};
use crate::records_given::{TYPES, id};

/// The sorts a list declares, in both directions.
fn declared_sorts(plural: &str) -> Vec<String> {
    let fields = catalogue(kind_of(plural)).iter().filter(|field| field.is_sortable && field.name != "board_rank");
    fields.flat_map(|field| [field.name.to_owned(), format!("-{}", field.name)]).collect()
}

fn kind_of(plural: &str) -> RecordKind {
    RecordKind::OWNED.into_iter().find(|kind| kind.plural() == plural).unwrap()
}

/// A filter by each field that has an index, with a value that some record has.
fn indexed_filters(plural: &str, rows: &[Value]) -> Vec<String> {
    let fields = catalogue(kind_of(plural)).iter().filter(|field| field.is_filterable && has_index(field.column));
    let test = |field: &Field| {
        let value = rows.iter().map(|row| &row[field.name]).find(|value| value.is_string() || value.is_i64());
        match (field.kind, value) {
            (FieldKind::Key { .. } | FieldKind::Text | FieldKind::Integer, Some(value)) => {
                format!("{} = {value}", field.name)
            }
            (FieldKind::Instant | FieldKind::Date, _) => format!("{} >= @today-1d", field.name),
            (FieldKind::Id | FieldKind::Ref { .. }, Some(value)) => format!("{} = {value}", field.name),
            _ => format!("{} IS NOT NULL", field.name),
        }
    };
    fields.map(test).collect()
}

#[actix_web::test]
async fn every_list_in_every_order_for_every_scope_comes_from_an_index() {
    each_seeded(size_of_plans(), async |app| {
        for plural in TYPES {
            for sort in declared_sorts(plural) {
                let path = format!("/{plural}?sort={sort}&limit=20");
                assert_list(app, "admin", &path, Sorting::Never).await;
                let page = app.get("admin", &path).await.expect(200);
                if let Some(next) = page["page"]["next_cursor"].as_str() {
                    assert_list(app, "admin", &format!("{path}&cursor={next}"), Sorting::Never).await;
                }
                let is_default = sort.ends_with("updated_at");
                assert_list(app, "sales", &path, if is_default { Sorting::Never } else { Sorting::AFew }).await;
                assert_list(app, "manager", &path, Sorting::AFew).await;
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn no_filter_search_count_or_record_page_reads_a_whole_table() {
    each_seeded(size_of_plans(), async |app| {
        for plural in TYPES {
            let rows = app.get("admin", &format!("/{plural}?limit=50")).await.expect(200)["data"].clone();
            let rows = rows.as_array().unwrap();
            for filter in indexed_filters(plural, rows) {
                let path = format!("/{plural}?{}", encoded(&filter));
                for who in ["admin", "manager", "sales"] {
                    assert_plans(app, who, &path, Sorting::AFew).await;
                }
                assert_plans(app, "admin", &format!("{path}&sort=name"), Sorting::AFew).await;
                assert_plans(app, "admin", &format!("{path}&count=exact&limit=1"), Sorting::AFew).await;
            }
            let (record, own) = (id(&rows[0]).to_owned(), app.get("sales", &format!("/{plural}?limit=1")).await.body);
            let own = id(&own["data"][0]).to_owned();
            for words in ["%E4%B8%8A%E6%B5%B7", "%E6%9C%89%E9%99%90", "sh", "138", "%E7%8E%8B", "nosuchword"] {
                for who in ["admin", "manager", "sales"] {
                    assert_plans(app, who, &format!("/{plural}?q={words}"), Sorting::AFew).await;
                    assert_plans(app, who, &format!("/{plural}?q={words}&sort=name"), Sorting::AFew).await;
                    assert_plans(app, who, &format!("/search?q={words}&types={plural}"), Sorting::AFew).await;
                }
                assert_plans(app, "admin", &format!("/{plural}?q={words}&count=capped&limit=1"), Sorting::AFew).await;
            }
            for who in ["admin", "manager", "sales"] {
                let record = if who == "admin" { &record } else { &own };
                for path in [
                    format!("/{plural}?include=owner&limit=20"),
                    format!("/{plural}?count=exact&limit=1"),
                    format!("/{plural}?count=capped&limit=1"),
                    format!("/{plural}?{}", encoded("tags HAS ANY (\"VIP\")")),
                    format!("/{plural}/{record}"),
                    format!("/{plural}/{record}/history"),
                    format!("/{plural}?{}", encoded("owner_id = @me AND next_activity_at IS NULL")),
                    format!("/{plural}/summary?group_by=owner_id"),
                    format!("/{plural}/summary?group_by=tags"),
                    format!("/{plural}/summary?group_by=source&q=sh"),
                ] {
                    assert_plans(app, who, &path, Sorting::AFew).await;
                }
            }
        }
        let record = |plural: &'static str| async move {
            id(&app.get("admin", &format!("/{plural}?limit=1")).await.body["data"][0]).to_owned()
        };
        let (customer, contact) = (record("customers").await, record("contacts").await);
        for who in ["admin", "manager", "sales"] {
            for path in [
                "/opportunities/board?limit_per_stage=5".to_owned(),
                "/opportunities/summary?group_by=stage_id&sum=amount".to_owned(),
                "/leads/summary?group_by=status&sum=estimated_amount".to_owned(),
                "/customers/summary?group_by=lifecycle".to_owned(),
                "/trash?types=customers,contacts,leads,opportunities".to_owned(),
                format!("/contacts?customer_id={customer}&include=customer"),
                format!("/opportunities?customer_id={customer}&include=customer,owner"),
                format!("/opportunities?primary_contact_id={contact}"),
            ] {
                assert_plans(app, who, &path, Sorting::AFew).await;
            }
        }
    })
    .await;
}

/// What everybody opens all day: what I have to do, what is planned about a record, and what was done about it.
#[actix_web::test]
async fn neither_my_day_nor_a_timeline_reads_a_whole_table() {
    each_seeded(size_of_plans(), async |app| {
        for who in ["admin", "manager", "sales"] {
            for filter in [
                "owner_id = @me AND status = \"open\"",
                "owner_id = @me AND status = \"open\" AND due_at < @today",
                "owner_id = @me AND status = \"open\" AND due_at IS NULL",
            ] {
                assert_plans(app, who, &format!("/activities?{}&sort=due_at", encoded(filter)), Sorting::AFew).await;
            }
            for (plural, column) in TYPES.iter().zip(["customer_id", "contact_id", "lead_id", "opportunity_id"]) {
                let record = id(&app.get(who, &format!("/{plural}?limit=1")).await.expect(200)["data"][0]).to_owned();
                let open = encoded(&format!("{column} = \"{record}\" AND status = \"open\""));
                assert_plans(app, who, &format!("/activities?{open}&sort=due_at"), Sorting::AFew).await;
                for query in ["", "?only=activities", "?kind=call,email", "?only=changes"] {
                    assert_plans(app, who, &format!("/{plural}/{record}/timeline{query}"), Sorting::AFew).await;
                }
            }
        }
    })
    .await;
}

/// A rule of each kind that counts what people have to do, after one that looks at everything a condition can and fits nothing.
async fn add_rules(app: &TestApp) -> Value {
    let people = crate::assignment::people(app, &["sales", "sales2", "manager"]).await;
    let condition = "tags HAS ANY (vip) OR region = x AND city ~ y OR estimated_amount < 1";
    for (name, more) in [
        ("First", json!({"strategy": "round_robin", "condition": condition})),
        ("Full", json!({"strategy": "round_robin", "max_per_day": 1, "max_open": 1})),
        ("Least", json!({"strategy": "least_loaded", "max_per_day": 10_000})),
    ] {
        let mut body = json!({"name": name, "user_ids": people});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        crate::assignment::rule(app, body).await;
    }
    json!({"rule": {"name": "Tried", "strategy": "user", "user_ids": [people[0]], "condition": condition, "position": 1}})
}

#[actix_web::test]
async fn no_rule_reads_a_whole_table_to_give_a_lead_or_to_be_tried() {
    each_seeded(size_of_plans(), async |app| {
        let tried = add_rules(app).await;
        let leads = app.get("admin", "/leads?status_category=new&limit=20").await.expect(200);
        let mut sent = Vec::new();
        for lead in leads["data"].as_array().unwrap() {
            let path = format!("/leads/{}/assignment", id(lead));
            sent = statements_of(app, "admin", Method::POST, &path, Some(json!({}))).await;
            sent.extend(statements(app, "admin", &path).await);
        }
        assert!(sent.iter().any(|sql| sql.contains("given_today")), "{sent:?}");
        sent.extend(statements_of(app, "admin", Method::POST, "/assignment-rules/dry-run", Some(tried)).await);
        sent.extend(statements(app, "admin", "/assignment-rules").await);
        for sql in sent {
            let plan = plan(&app.database, &sql);
            assert!(scans(&plan).is_empty(), "on {}\n{sql}\n{}", app.database.backend, plan.join("\n"));
        }
    })
    .await;
}

/// What a salesperson has and what lies in the pool, one by one and together; and what the sweep looks for.
#[actix_web::test]
async fn neither_the_pool_nor_what_is_due_reads_a_whole_table_or_sorts() {
    each_seeded(size_of_plans(), async |app| {
        let pool = id(&app.get("admin", "/pools").await.expect(200)["data"][0]).to_owned();
        let inside = encoded(&format!("pool_id = \"{pool}\""));
        let mine = encoded("owner_id = @me AND release_at < @today+7d");
        for path in [
            "/customers".to_owned(),
            format!("/customers?{inside}"),
            format!("/customers?{inside}&sort=-pooled_at"),
            format!("/customers?{mine}&sort=release_at"),
            "/customers?sort=release_at".to_owned(),
        ] {
            for who in ["admin", "sales"] {
                let is_own_order = who == "sales" && path.ends_with("?sort=release_at");
                // What these filters let through has the time it is sorted by; the rest of the order is empty, and may be sorted.
                let has_time = path.contains("&sort=");
                let is_rest = |sql: &str| {
                    has_time && ["pooled_at IS NULL", "release_at IS NULL"].iter().any(|rest| sql.contains(rest))
                };
                let sorting = if is_own_order || has_time { Sorting::AFew } else { Sorting::Never };
                assert_list(app, who, &path, sorting).await;
                for sql in statements(app, who, &path).await.iter().filter(|sql| sql.contains("FROM customers WHERE")) {
                    let plan = plan(&app.database, sql);
                    let is_sorted = is_own_order || is_rest(sql) || sorts(&plan).is_empty();
                    assert!(is_sorted, "{who} {path} sorts: {sql}\n{}", plan.join("\n"));
                }
            }
        }
        let url = url_of(&app.database);
        SENT.lock().unwrap().retain(|(sent_to, _)| *sent_to != url);
        rapport_api::pools::sweep::once(&app.app).await.unwrap();
        let sent = sent_to(&url);
        let due = sent.iter().find(|sql| sql.contains("release_at <=")).expect("the sweep asks what is due");
        let plan = plan(&app.database, due);
        assert!(plan.iter().any(|line| line.contains("customers_by_release")), "{due}\n{}", plan.join("\n"));
        assert!(scans(&plan).is_empty() && sorts(&plan).is_empty(), "{due}\n{}", plan.join("\n"));
    })
    .await;
}

/// What somebody owns is read in the order of an index that has nothing else; how much of it there is need not be known before.
#[actix_web::test]
async fn what_one_owns_comes_in_the_order_of_its_own_index() {
    each_seeded(size_of_plans(), async |app| {
        let orders: [(&str, &[&str]); 4] = [
            ("customers", &["name", "-name", "next_activity_at", "release_at"]),
            ("contacts", &["name", "-name", "next_activity_at"]),
            ("leads", &["name", "-name", "next_activity_at"]),
            ("opportunities", &["name", "-name", "next_activity_at", "stale_at"]),
        ];
        for (plural, sorts) in orders {
            for sort in sorts {
                for (who, path) in [
                    ("admin", format!("/{plural}?{}&sort={sort}&limit=20", encoded("owner_id = @me"))),
                    ("sales", format!("/{plural}?{}&sort={sort}&limit=20", encoded("owner_id = @me"))),
                    ("sales", format!("/{plural}?sort={sort}&limit=20")),
                ] {
                    // A seller sees the customers of the pool, too.
                    if (who, plural) == ("sales", "customers") && !path.contains("filter") {
                        continue;
                    }
                    // PostgreSQL may sort the few that there are here.
                    let is_sqlite = matches!(app.database.target, Target::Sqlite(_));
                    assert_list(app, who, &path, if is_sqlite { Sorting::Never } else { Sorting::AFew }).await;
                    let sent = statements(app, who, &path).await;
                    assert!(!sent.iter().any(|sql| sql.contains("COUNT(*)")), "{who} {path}: {sent:#?}");
                    if is_sqlite {
                        let page = sent.iter().find(|sql| sql.contains("ORDER BY")).unwrap();
                        let plan = plan(&app.database, page);
                        let own = format!("{plural}_by_owners_");
                        assert!(plan.iter().any(|line| line.contains(&own)), "{who} {path}: {}", plan.join("\n"));
                    }
                }
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn the_number_of_statements_does_not_grow_with_the_rows() {
    each_seeded(400, async |app| {
        for plural in TYPES {
            let few = statements(app, "admin", &format!("/{plural}?limit=1&include=owner")).await.len();
            let many = statements(app, "admin", &format!("/{plural}?limit=40&include=owner")).await.len();
            // A single row may have nothing to look up; forty rows look everything up once.
            assert!(many <= few + 2 && many < 14, "{plural}: {few} for one row, {many} for forty");
        }
        let few = statements(app, "admin", "/opportunities/board?limit_per_stage=1").await.len();
        let many = statements(app, "admin", "/opportunities/board?limit_per_stage=40").await.len();
        assert!(many <= few + 7 && many < 60, "{few}, {many}");
    })
    .await;
}
