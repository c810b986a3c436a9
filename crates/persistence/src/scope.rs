//! The one row filter: what the domain decided someone may see, as a condition on any owned table.

use rapport_domain::access::Visibility;

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
    }
}
