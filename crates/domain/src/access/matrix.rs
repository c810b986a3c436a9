//! The whole policy on one page, for people to review.

use std::fmt::Write as _;

use super::action::{Action, Subject};
use super::grants::Grants;

/// Prints roles as tables of subject × action; `-` is none, `.` is an action without meaning there.
#[must_use]
pub fn print_matrix<'a>(roles: impl IntoIterator<Item = (&'a str, &'a Grants)>) -> String {
    roles.into_iter().fold(String::new(), |mut page, (role, grants)| {
        print_role(&mut page, role, grants);
        page
    })
}

fn print_role(page: &mut String, role: &str, grants: &Grants) {
    if !page.is_empty() {
        page.push('\n');
    }
    print_row(page, role, |action| action.as_str());
    for subject in Subject::ALL {
        print_row(page, subject.as_str(), |action| cell(grants, *subject, action));
    }
}

fn print_row(page: &mut String, head: &str, cell: impl Fn(Action) -> &'static str) {
    let mut row = format!("{head:<14}");
    for action in Action::ALL {
        // Writing into a String cannot fail.
        let _ = write!(row, "{:<15}", cell(*action));
    }
    page.push_str(row.trim_end());
    page.push('\n');
}

fn cell(grants: &Grants, subject: Subject, action: Action) -> &'static str {
    if !subject.admits(action) {
        return ".";
    }
    match grants.scope(subject, action) {
        super::Scope::None => "-",
        scope => scope.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::role::BuiltInRole;
    use super::*;

    #[test]
    fn the_policy_is_as_reviewed() {
        let roles: Vec<_> = BuiltInRole::ALL.iter().map(|role| (role.as_str(), role.grants())).collect();
        insta::assert_snapshot!(print_matrix(roles.iter().map(|(role, grants)| (*role, grants))));
    }
}
