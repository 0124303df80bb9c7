//! What differs among the rows of a group.

use std::collections::HashSet;

use super::rows::Rows;
use crate::domain::row_target::RowTarget;

/// What differs among rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differ {
    /// Different targets.
    pub targets: usize,
    /// What all targets begin with, up to a slash.
    pub below: String,
    /// Operations, in alphabetical order.
    pub operations: Vec<String>,
    /// Different profiles.
    pub profiles: usize,
    /// Different access nodes that ids tell.
    pub nodes: usize,
}

impl Differ {
    /// What differs among these rows.
    #[must_use]
    pub fn among(rows: &Rows, members: &[u32]) -> Self {
        let of = |number: &u32| rows.get(*number);
        let targets: HashSet<RowTarget<'_>> = members.iter().map(|number| of(number).target).collect();
        let operations: HashSet<&str> = members.iter().map(|number| of(number).operation).collect();
        let mut operations: Vec<_> = operations.into_iter().map(str::to_owned).collect();
        operations.sort_unstable();
        let nodes: HashSet<&str> =
            members.iter().map(|number| of(number).node).filter(|node| !node.is_empty()).collect();
        Self {
            below: common(&targets),
            targets: targets.len(),
            operations,
            profiles: members.iter().map(|number| of(number).profile).collect::<HashSet<_>>().len(),
            nodes: nodes.len(),
        }
    }
}

/// What all targets begin with, up to and with the last slash.
fn common(targets: &HashSet<RowTarget<'_>>) -> String {
    let mut targets = targets.iter();
    let Some(first) = targets.next() else { return String::new() };
    let shared = targets.try_fold(first.rest, |shared, target| {
        let same = shared.char_indices().zip(target.rest.chars()).take_while(|((_, a), b)| a == b).last();
        (target.bucket == first.bucket).then(|| &shared[..same.map_or(0, |((at, c), _)| at + c.len_utf8())])
    });
    let below = shared.and_then(|shared| Some(&shared[..=shared.rfind('/')?]));
    below.map_or_else(String::new, |below| [first.bucket, below].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::rows::tests_support::record;

    #[test]
    fn what_differs_is_counted_and_what_is_common_is_named() {
        let mut rows = Rows::default();
        let mut members = Vec::new();
        for (key, operation) in [("2026/01/a", "get-object"), ("2026/02/ä", "get-object"), ("2026/02/é", "head-object")]
        {
            let mut record = record(404, key, 0);
            record.operation = operation.to_owned();
            members.push(rows.push(&record, ""));
        }
        let differ = Differ::among(&rows, &members);
        assert_eq!((differ.targets, differ.below.as_str(), differ.profiles), (3, "b/2026/", 1));
        assert_eq!(differ.operations, ["get-object", "head-object"]);
        assert_eq!(Differ::among(&rows, &members[1..]).below, "b/2026/02/");
        let below = |targets: &[&'static str]| common(&targets.iter().map(|target| RowTarget::of(target)).collect());
        assert_eq!(below(&["aä", "aé"]), "");
        assert_eq!(below(&["b/x/1", "b/x/2"]), "b/x/");
        assert_eq!(below(&["b/1", "b-2/1"]), "");
        assert_eq!(Differ::among(&rows, &[]), Differ::default());
    }
}
