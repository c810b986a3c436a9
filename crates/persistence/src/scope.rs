//! The one row filter: what the domain decided someone may see, as a condition on any owned table.

use rapport_domain::access::Visibility;
use rapport_domain::kind::RecordKind;

use crate::fragment::Fragment;

/// The condition that a row of an owned table is within `visibility`.
pub(crate) fn within(visibility: &Visibility) -> Fragment {
    match visibility {
        Visibility::Everything => Fragment::all(),
        Visibility::Nothing => Fragment::none(),
        Visibility::Own { user } => Fragment::sql("owner_id = ").bind(*user),
        // A record's team is its owner's team, so one index range over the teams finds the owner's own records too.
        Visibility::Teams { teams, .. } => {
            Fragment::sql("team_id IN (").bind_all(teams.iter().map(|team| (*team).into())).push(")")
        }
        Visibility::Pool { own, pool } if **own == Visibility::Nothing => Fragment::sql("pool_id = ").bind(*pool),
        Visibility::Pool { own, pool } => {
            Fragment::sql("(").append(within(own)).push(" OR pool_id = ").bind(*pool).push(")")
        }
        Visibility::About { own, of } => {
            let mut ways = vec![within(own)];
            ways.extend(
                of.iter().filter(|(_, seen)| *seen != Visibility::Nothing).map(|(kind, seen)| about(*kind, seen)),
            );
            Fragment::sql("(").append(Fragment::join(ways, " OR ", Fragment::none())).push(")")
        }
    }
}

/// The condition that an activity is about a record of a kind that may be seen.
///
/// The column has a name that the other table has not, so that it is the activity's.
fn about(kind: RecordKind, seen: &Visibility) -> Fragment {
    let column = about_column(kind);
    if *seen == Visibility::Everything {
        return Fragment::sql(column).push(" IS NOT NULL");
    }
    Fragment::sql("EXISTS (SELECT 1 FROM ")
        .push(kind.plural())
        .push(" AS seen WHERE seen.id = ")
        .push(column)
        .push(" AND ")
        .append(within(seen))
        .push(")")
}

/// The column of an activity that holds a record it is about.
pub(crate) fn about_column(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Contact => "contact_id",
        RecordKind::Lead => "lead_id",
        RecordKind::Opportunity => "opportunity_id",
        _ => "customer_id",
    }
}
