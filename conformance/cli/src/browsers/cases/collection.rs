//! The collection of cases in the making, which gives each case its id.

use std::collections::HashMap;

use super::{visit_builder::VisitBuilder, world::World};
use crate::browsers::browser_case::BrowserCase;

/// The cases in their order.
///
/// The id of a case is `group-number`, or `group-name` for a case with a name.
pub(super) struct Cases {
    world: World,
    cases: Vec<BrowserCase>,
    /// The number of numbered cases of each group.
    numbered: HashMap<&'static str, usize>,
}

impl Cases {
    /// Returns an empty collection.
    pub(super) fn new(world: World) -> Self {
        Self { world, cases: Vec::new(), numbered: HashMap::new() }
    }

    /// Returns the addresses of the servers.
    pub(super) fn world(&self) -> World {
        self.world
    }

    /// Adds a numbered case of one visit.
    pub(super) fn push(&mut self, group: &'static str, visit: VisitBuilder) {
        self.push_visits(group, vec![visit]);
    }

    /// Adds a numbered case of several visits.
    pub(super) fn push_visits(&mut self, group: &'static str, visits: Vec<VisitBuilder>) {
        let number = self.numbered.entry(group).or_default();
        *number += 1;
        let name = format!("{number:03}");
        self.push_named_visits(group, name, visits);
    }

    /// Adds a named case of one visit.
    pub(super) fn push_named(&mut self, group: &str, name: impl AsRef<str>, visit: VisitBuilder) {
        self.push_named_visits(group, name, vec![visit]);
    }

    /// Adds a named case of several visits.
    pub(super) fn push_named_visits(&mut self, group: &str, name: impl AsRef<str>, visits: Vec<VisitBuilder>) {
        let id = format!("{group}-{}", name.as_ref());
        let visits = visits.into_iter().map(|visit| visit.build(&id)).collect();
        self.cases.push(BrowserCase::scripted(id, visits));
    }

    /// Returns the cases.
    pub(super) fn into_cases(self) -> Vec<BrowserCase> {
        self.cases
    }
}
