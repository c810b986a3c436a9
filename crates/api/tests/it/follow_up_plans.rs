//! What is opened every morning – what stands too long, who waits for an answer, whom nobody has spoken to – costs a range of an
//! index, however much there is.

use crate::plans::{Sorting, assert_list, assert_plans, each_seeded, encoded, size_of_plans};

const TO_ANSWER: &str = "first_responded_at IS NULL AND status_category = \"new\"";
const STALE: &str = "(warn_at <= @now OR stale_at <= @now)";
const QUIET: &str = "owner_id IS NOT NULL AND next_activity_at IS NULL \
                     AND (last_activity_at < @today-30d OR last_activity_at IS NULL)";

/// The lists of Home and the built-in views, as they are asked for.
fn lists() -> Vec<(&'static str, &'static str, String)> {
    let (deals, leads, customers) = ("opportunities", "leads", "customers");
    let (due, late) = ("first_response_due_at IS NOT NULL", "first_response_due_at < @now");
    vec![
        (deals, "stale_at", "stale_at <= @now".into()),
        (deals, "stale_at", "owner_id = @me AND stale_at <= @now".into()),
        (deals, "warn_at", "warn_at <= @now".into()),
        (deals, "stale_at", STALE.into()),
        (deals, "stale_at", format!("owner_id = @me AND {STALE}")),
        (deals, "-updated_at", STALE.into()),
        (leads, "first_response_due_at", format!("{late} AND {TO_ANSWER}")),
        (leads, "first_response_due_at", format!("owner_id = @me AND {due} AND {TO_ANSWER}")),
        (leads, "first_response_due_at", format!("owner_id = @me AND {TO_ANSWER}")),
        (customers, "last_activity_at", QUIET.into()),
        (customers, "-updated_at", QUIET.into()),
        (customers, "-updated_at", format!("owner_id = @me AND {QUIET}")),
        (customers, "-updated_at", "owner_id IS NOT NULL AND next_activity_at IS NULL".into()),
    ]
}

#[actix_web::test]
async fn no_list_of_what_is_to_be_followed_up_reads_a_whole_table() {
    each_seeded(size_of_plans(), async |app| {
        for (plural, sort, filter) in lists() {
            let path = format!("/{plural}?{}", encoded(&filter));
            for who in ["admin", "manager", "sales"] {
                assert_list(app, who, &format!("{path}&sort={sort}&limit=20"), Sorting::AFew).await;
                assert_plans(app, who, &format!("{path}&limit=1&count=capped"), Sorting::AFew).await;
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn what_stands_the_longest_comes_in_the_order_of_an_index() {
    each_seeded(size_of_plans(), async |app| {
        for (plural, sort, filter) in [
            ("opportunities", "stale_at", "stale_at <= @now"),
            ("opportunities", "warn_at", "warn_at <= @now"),
            ("leads", "first_response_due_at", "first_response_due_at < @now AND first_responded_at IS NULL"),
        ] {
            let path = format!("/{plural}?{}&sort={sort}&limit=20", encoded(filter));
            assert_list(app, "admin", &path, Sorting::Never).await;
        }
    })
    .await;
}
