//! Two runs of one case.

use super::{
    answers::{application_status, control_fails, server_fails},
    kind::{Aspect, DifferenceKind, Intended},
    pages::{Page, kept_preflight_difference, page_differences},
    raw::raw_difference,
};
use crate::{
    drive::{Run, VisitRun},
    rules::{
        Rule,
        cache_unsafe::{self, is_served_right},
    },
};

/// A difference between two runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RunDifference {
    /// The kind of difference.
    pub(super) kind: DifferenceKind,
    /// The index of the visit that shows it.
    pub(super) visit: usize,
}

/// Returns the differences between two runs of the same case.
pub(super) fn differences(a: &Run<'_>, b: &Run<'_>) -> Vec<RunDifference> {
    let mut differences: Vec<RunDifference> = Vec::new();
    for (visit, (of_a, of_b)) in a.visits.iter().zip(&b.visits).enumerate() {
        let is_error = application_status(of_a, of_b).is_some_and(|status| status >= 400);
        for kind in visit_differences(a, b, visit, [of_a, of_b]) {
            let is_withheld =
                kind.intended == Intended::Permits && matches!(kind.aspect, Aspect::Answer | Aspect::Header);
            let kind = DifferenceKind { on_error: is_error && is_withheld, ..kind };
            let difference = RunDifference { kind, visit };
            if !differences.contains(&difference) {
                differences.push(difference);
            }
        }
    }
    differences.extend(cache_differences(a, b).map(|kind| RunDifference { kind, visit: 0 }));
    differences
}

fn visit_differences(a: &Run<'_>, b: &Run<'_>, visit: usize, runs: [&VisitRun<'_>; 2]) -> Vec<DifferenceKind> {
    let [of_a, of_b] = runs;
    if runs.into_iter().any(control_fails) {
        return Vec::new();
    }
    let (responds_a, responds_b) = (!server_fails(of_a), !server_fails(of_b));
    if let Some(kind) = DifferenceKind::between(Aspect::Reply, &responds_a, &responds_b, Intended::Permits) {
        return vec![kind];
    }
    match (&of_a.fetched, &of_b.fetched) {
        (Some(fetched_a), Some(fetched_b)) => {
            let page_a = Page { visit: of_a, fetched: fetched_a };
            let page_b = Page { visit: of_b, fetched: fetched_b };
            let mut differences = page_differences(a.case, &page_a, &page_b);
            differences.extend(kept_preflight_difference(a, b, visit));
            differences
        }
        (None, None) => raw_difference(a, of_a, of_b).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Returns the differences behind a shared HTTP cache, if both servers serve every visitor correctly without a cache.
fn cache_differences(a: &Run<'_>, b: &Run<'_>) -> impl Iterator<Item = DifferenceKind> {
    let is_comparable = !a.visitors.is_empty() && a.visitors.iter().chain(&b.visitors).all(is_served_right);
    let by_rule = move |rule: &'static Rule, grants: bool, intended: Intended| {
        let grants = |run: &Run<'_>| (rule.check)(run).is_empty() != grants;
        is_comparable.then(|| DifferenceKind::between(Aspect::CachedAnswer, &grants(a), &grants(b), intended)).flatten()
    };
    [
        by_rule(&cache_unsafe::SHARED_GRANTS, true, Intended::DeniesOrigin),
        by_rule(&cache_unsafe::SHARED_REFUSES, false, Intended::Permits),
    ]
    .into_iter()
    .flatten()
}
