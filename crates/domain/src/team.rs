//! Trees: of teams, of managers, of customers with their subsidiaries.

use std::collections::HashMap;
use std::hash::Hash;

/// How many levels a tree may have, the root included.
pub const MAX_DEPTH: usize = 10;

/// Why a new parent is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The new parent is the node itself or one of those below it.
    #[error("the new parent stands below this node")]
    Cycle,
    /// The tree would have more than `MAX_DEPTH` levels.
    #[error("the tree would be deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

/// Whether hanging `start` under `new_parent` closes a circle; `parent_of` climbs one step.
///
/// Circles that already stand above `new_parent` count as well, so the climb always ends.
pub fn would_cycle<K: Copy + PartialEq>(start: K, new_parent: K, mut parent_of: impl FnMut(K) -> Option<K>) -> bool {
    let mut seen = vec![start];
    let mut next = Some(new_parent);
    while let Some(node) = next {
        if seen.contains(&node) {
            return true;
        }
        seen.push(node);
        next = parent_of(node);
    }
    false
}

/// A forest read from (node, parent) pairs.
#[derive(Clone, Debug)]
pub struct Tree<K> {
    parents: HashMap<K, Option<K>>,
    children: HashMap<K, Vec<K>>,
}

impl<K: Copy + Eq + Hash> Tree<K> {
    /// Reads the pairs. A parent that is not itself a node is taken for a root.
    #[must_use]
    pub fn from_pairs(pairs: impl IntoIterator<Item = (K, Option<K>)>) -> Self {
        let mut tree = Self { parents: HashMap::new(), children: HashMap::new() };
        for (node, parent) in pairs {
            tree.parents.insert(node, parent);
            if let Some(parent) = parent {
                tree.children.entry(parent).or_default().push(node);
            }
        }
        tree
    }

    /// The node and everything below it, each once, parents before children.
    #[must_use]
    pub fn subtree(&self, root: K) -> Vec<K> {
        self.levels(root).into_iter().flatten().collect()
    }

    /// The node and everything above it, the nearest first.
    #[must_use]
    pub fn path_up(&self, node: K) -> Vec<K> {
        let mut path = Vec::new();
        let mut next = Some(node);
        while let Some(node) = next.filter(|node| !path.contains(node)) {
            path.push(node);
            next = self.parent(node);
        }
        path
    }

    /// The level of a node: 1 for a root.
    #[must_use]
    pub fn depth(&self, node: K) -> usize {
        self.path_up(node).len()
    }

    /// Whether `node`, with everything below it, may hang under `new_parent`.
    ///
    /// # Errors
    /// `Cycle` and `TooDeep`.
    pub fn check_parent(&self, node: K, new_parent: K) -> Result<(), TreeError> {
        if would_cycle(node, new_parent, |node| self.parent(node)) {
            return Err(TreeError::Cycle);
        }
        let levels = self.depth(new_parent) + self.levels(node).len();
        if levels > MAX_DEPTH { Err(TreeError::TooDeep) } else { Ok(()) }
    }

    fn parent(&self, node: K) -> Option<K> {
        self.parents.get(&node).copied().flatten()
    }

    fn levels(&self, root: K) -> Vec<Vec<K>> {
        let mut seen = std::collections::HashSet::from([root]);
        let mut levels = vec![vec![root]];
        while let Some(level) = levels.last() {
            let below = level.iter().filter_map(|node| self.children.get(node)).flatten();
            let below: Vec<K> = below.copied().filter(|node| seen.insert(*node)).collect();
            if below.is_empty() {
                break;
            }
            levels.push(below);
        }
        levels
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tree() -> Tree<u32> {
        Tree::from_pairs([(1, None), (2, Some(1)), (3, Some(1)), (4, Some(2)), (5, Some(4)), (9, None)])
    }

    fn chain(length: u32) -> Tree<u32> {
        Tree::from_pairs(
            (1..=length).map(|node| (node, (node > 1).then(|| node - 1))).chain([(100, None), (101, Some(100))]),
        )
    }

    #[test]
    fn a_subtree_is_the_node_and_all_below() {
        assert_eq!(tree().subtree(2), [2, 4, 5]);
        assert_eq!(tree().subtree(1), [1, 2, 3, 4, 5]);
        assert_eq!(tree().subtree(7), [7]);
    }

    #[test]
    fn depth_counts_from_the_root() {
        assert_eq!([1, 2, 5].map(|node| tree().depth(node)), [1, 2, 4]);
    }

    #[test]
    fn nothing_hangs_below_itself() {
        assert_eq!(tree().check_parent(2, 5), Err(TreeError::Cycle));
        assert_eq!(tree().check_parent(2, 2), Err(TreeError::Cycle));
        assert_eq!(tree().check_parent(4, 3), Ok(()));
        assert_eq!(tree().check_parent(1, 9), Ok(()));
    }

    #[test]
    fn the_eleventh_level_is_refused() {
        assert_eq!(chain(9).check_parent(101, 9), Ok(()));
        assert_eq!(chain(9).check_parent(100, 9), Err(TreeError::TooDeep));
        assert_eq!(chain(10).check_parent(101, 10), Err(TreeError::TooDeep));
    }

    #[test]
    fn circles_in_the_data_do_not_hang() {
        let broken = Tree::from_pairs([(1, Some(2)), (2, Some(1)), (3, None)]);
        assert_eq!(broken.subtree(1), [1, 2]);
        assert_eq!(broken.depth(1), 2);
        assert_eq!(broken.check_parent(3, 1), Err(TreeError::Cycle));
    }

    proptest! {
        #[test]
        fn a_parent_is_a_cycle_exactly_when_it_is_below(parents in prop::collection::vec(any::<prop::sample::Index>(), 1..30), a in 0usize..30, b in 0usize..30) {
            let pairs: Vec<_> = parents.iter().enumerate().map(|(node, parent)| (node, (node > 0).then(|| parent.index(node.max(1))))).collect();
            let tree = Tree::from_pairs(pairs.iter().copied());
            let (a, b) = (a % pairs.len(), b % pairs.len());
            let is_below = tree.subtree(a).contains(&b);
            prop_assert_eq!(tree.check_parent(a, b) == Err(TreeError::Cycle), is_below);
            prop_assert_eq!(would_cycle(a, b, |node| tree.parent(node)), is_below);
        }
    }
}
