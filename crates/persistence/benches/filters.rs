//! What it costs to turn a filter as it is typed into one with names and types, ready to become SQL.

use chrono::DateTime;
use divan::{Bencher, black_box};
use rapport_domain::filter::{Env, check, parse};
use rapport_domain::kind::RecordKind;
use rapport_persistence::catalogue::catalogue;
use uuid::Uuid;

fn main() {
    divan::main();
}

#[divan::bench(args = [
    "source = \"website\"",
    "owner_id = @me AND created_at >= @today-30d AND name CONTAINS \"精密\"",
    "(industry IN (\"制造业\", \"金融\") OR tags HAS ANY (\"VIP\", \"展会\")) AND employees > 50 AND owner.name = \"李雷\"",
])]
fn a_filter_is_compiled(bencher: Bencher<'_, '_>, text: &str) {
    let env = Env { me: Uuid::nil(), my_team: Vec::new(), now: DateTime::UNIX_EPOCH, zone: chrono_tz::Asia::Shanghai };
    let compiled = || check(&parse(black_box(text))?, RecordKind::Customer, catalogue, &env);
    assert!(compiled().is_ok(), "{text}: {:?}", compiled());
    bencher.bench_local(compiled);
}
