//! A table of scopes, one for each subject and action.

use super::action::{Action, Scope, Subject};
use super::key_scope::KeyScope;

const ACTIONS: usize = Action::ALL.len();
const CELLS: usize = Subject::ALL.len() * ACTIONS;

/// What a role, or several roles together, allow. Everything not granted is `Scope::None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grants {
    cells: [Scope; CELLS],
}

impl Grants {
    /// Nothing at all.
    #[must_use]
    pub const fn none() -> Self {
        Self { cells: [Scope::None; CELLS] }
    }

    /// Everything that has a meaning, for all records.
    #[must_use]
    pub fn everything() -> Self {
        Subject::ALL.iter().fold(Self::none(), |grants, subject| grants.with(*subject, Action::ALL, Scope::All))
    }

    /// Reads triples; what has no meaning (see `Subject::admits`) is left out, repeated pairs take the most generous.
    #[must_use]
    pub fn from_triples(triples: impl IntoIterator<Item = (Subject, Action, Scope)>) -> Self {
        triples
            .into_iter()
            .fold(Self::none(), |grants, (subject, action, scope)| grants.with(subject, &[action], scope))
    }

    /// The same with `scope` (or more, if there was more) for each of `actions`.
    #[must_use]
    pub fn with(mut self, subject: Subject, actions: &[Action], scope: Scope) -> Self {
        for action in actions.iter().filter(|action| subject.admits(**action)) {
            if let Some(cell) = self.cells.get_mut(index(subject, *action)) {
                *cell = scope.max(*cell);
            }
        }
        self
    }

    /// How far `action` reaches.
    #[must_use]
    pub fn scope(&self, subject: Subject, action: Action) -> Scope {
        self.cells.get(index(subject, action)).copied().unwrap_or(Scope::None)
    }

    /// Several roles together: the most generous of each.
    #[must_use]
    pub fn merge<'a>(roles: impl IntoIterator<Item = &'a Self>) -> Self {
        roles.into_iter().fold(Self::none(), |sum, role| sum.combine(role, Scope::max))
    }

    /// What is left for an API key with `scopes`; see [`KeyScope`].
    #[must_use]
    pub fn limited_to(&self, scopes: &[KeyScope]) -> Self {
        let kept = self.iter().filter(|(subject, action, _)| KeyScope::permit(scopes, *subject, *action));
        Self::from_triples(kept)
    }

    /// Whether `self` grants nothing that `other` does not.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.cells.iter().zip(&other.cells).all(|(mine, theirs)| mine <= theirs)
    }

    /// What is granted, in the order of subjects and actions; `Scope::None` is left out.
    pub fn iter(&self) -> impl Iterator<Item = (Subject, Action, Scope)> + '_ {
        let pairs = Subject::ALL.iter().flat_map(|subject| Action::ALL.iter().map(move |action| (*subject, *action)));
        pairs
            .zip(&self.cells)
            .map(|((subject, action), scope)| (subject, action, *scope))
            .filter(|(_, _, scope)| *scope > Scope::None)
    }

    fn combine(mut self, other: &Self, choose: fn(Scope, Scope) -> Scope) -> Self {
        for (mine, theirs) in self.cells.iter_mut().zip(&other.cells) {
            *mine = choose(*mine, *theirs);
        }
        self
    }
}

impl Default for Grants {
    fn default() -> Self {
        Self::none()
    }
}

const fn index(subject: Subject, action: Action) -> usize {
    subject as usize * ACTIONS + action as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_add_up_to_the_most_generous() {
        let narrow = Grants::none().with(Subject::Lead, &[Action::View, Action::Edit], Scope::Own);
        let wide = Grants::none().with(Subject::Lead, &[Action::View], Scope::Team);
        let both = Grants::merge([&narrow, &wide]);
        assert_eq!(both.scope(Subject::Lead, Action::View), Scope::Team);
        assert_eq!(both.scope(Subject::Lead, Action::Edit), Scope::Own);
        assert_eq!(both.scope(Subject::Lead, Action::Delete), Scope::None);
        assert_eq!(Grants::merge([]), Grants::none());
    }

    #[test]
    fn triples_read_back() {
        let grants = Grants::everything();
        assert_eq!(Grants::from_triples(grants.iter()), grants);
    }

    #[test]
    fn what_has_no_meaning_is_not_granted() {
        let grants = Grants::from_triples([
            (Subject::Customer, Action::Convert, Scope::All),
            (Subject::User, Action::Edit, Scope::All),
        ]);
        assert_eq!(grants, Grants::none());
    }

    #[test]
    fn within_is_per_cell() {
        let view = Grants::none().with(Subject::Lead, &[Action::View], Scope::Team);
        let edit = Grants::none().with(Subject::Lead, &[Action::Edit], Scope::Own);
        assert!(view.is_within(&Grants::everything()));
        assert!(view.is_within(&view));
        assert!(!view.is_within(&edit));
        assert!(!edit.is_within(&view));
    }
}
