//! What it costs to read a list request, and what its cursor adds.
#![expect(clippy::unwrap_used, reason = "what cannot be prepared cannot be measured")]

use divan::{Bencher, black_box};
use rapport_api::config::Config;
use rapport_api::customers::Customers;
use rapport_api::records::list::{ListPlan, ListRequest};
use rapport_api::seed::seed;
use rapport_api::state::App;
use rapport_domain::access::Actor;
use rapport_domain::kind::RecordKind;
use rapport_testkit::Database;

fn main() {
    divan::main();
}

const KEY: &[u8] = b"a key of thirty-two bytes, or so";

fn request() -> ListRequest {
    ListRequest {
        filter: Some("created_at >= @today-3000d".to_owned()),
        sort: Some("name".to_owned()),
        limit: Some(5),
        ..ListRequest::default()
    }
}

/// A program over a small database, and the second page of a list in it.
fn with_cursor() -> (App, ListRequest) {
    let database = Database::sqlite();
    let app = App::new(database.store(), Config::default());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let cursor = runtime.block_on(async {
        app.prepare().await.unwrap();
        seed(&app, 20, 1).await.unwrap();
        let context = app.context_of(Actor::cli());
        let first = move |db: &mut _| {
            ListPlan::read(RecordKind::Customer, &request(), KEY, &context)?.run::<Customers>(db, KEY, &context)
        };
        app.store.read("first page", first).await.unwrap().page.next_cursor
    });
    assert!(cursor.is_some());
    (app, ListRequest { cursor, ..request() })
}

#[divan::bench]
fn a_list_request_is_read(bencher: Bencher<'_, '_>) {
    let (app, _) = with_cursor();
    let (context, request) = (app.context_of(Actor::cli()), request());
    bencher.bench_local(|| ListPlan::read(RecordKind::Customer, black_box(&request), KEY, &context).unwrap());
}

#[divan::bench]
fn a_list_request_with_a_cursor_is_read(bencher: Bencher<'_, '_>) {
    let (app, request) = with_cursor();
    let context = app.context_of(Actor::cli());
    bencher.bench_local(|| ListPlan::read(RecordKind::Customer, black_box(&request), KEY, &context).unwrap());
}
