//! Iterators over the parts of a run that rules look at.

use cors_policy::intent::Intent;
use cors_reference::response::Response;

use super::deviation::Deviation;
use crate::drive::{Exchange, Fetched, Place, Run, VisitRun};

/// A cross-origin fetch as it ran.
pub(super) struct CorsFetch<'r> {
    /// The visit that made the fetch.
    pub(super) visit: &'r VisitRun<'r>,
    /// The fetch.
    pub(super) fetched: &'r Fetched,
    /// The place of the visit's last exchange.
    pub(super) last: Place,
}

impl CorsFetch<'_> {
    /// Returns true if the policy permits the fetch.
    pub(super) fn is_permitted(&self) -> bool {
        self.fetched.intent == Intent::Permit
    }

    /// Returns how the result of the fetch deviates from the policy.
    pub(super) fn deviation(&self) -> Option<Deviation> {
        let Fetched { intent, passed_preflight, outcome, .. } = self.fetched;
        Deviation::of_fetch(intent, outcome.verdict, *passed_preflight)
    }
}

/// Returns every fetch across origins, which is every fetch that the CORS protocol applies to.
pub(super) fn cors_fetches<'r>(run: &'r Run<'r>) -> impl Iterator<Item = CorsFetch<'r>> {
    run.visits.iter().enumerate().filter_map(|(index, visit)| {
        let fetched = visit.fetched.as_ref().filter(|fetched| !fetched.is_same_origin())?;
        Some(CorsFetch { visit, fetched, last: visit.last_place(index) })
    })
}

/// An exchange with the responses of the server and of its control.
pub(super) struct Answered<'r> {
    /// The place of the exchange.
    pub(super) place: Place,
    /// The exchange.
    pub(super) exchange: &'r Exchange,
    /// The server's response.
    pub(super) observed: &'r Response,
    /// The control's response.
    pub(super) control: &'r Response,
}

/// Returns every exchange that both the server and its control answered.
pub(super) fn answered<'r>(run: &'r Run<'r>) -> impl Iterator<Item = Answered<'r>> {
    run.exchanges().filter_map(|(place, exchange)| {
        let (observed, control) = (exchange.response()?, exchange.control_response()?);
        Some(Answered { place, exchange, observed, control })
    })
}

/// Returns every response of the middleware. A response to which the application adds CORS headers of its own is left out.
pub(super) fn responses<'r>(run: &'r Run<'r>) -> impl Iterator<Item = (Place, &'r Exchange, &'r Response)> {
    let exchanges = run.exchanges().filter(|(_, exchange)| !exchange.application_sends_cors());
    exchanges.filter_map(|(place, exchange)| Some((place, exchange, exchange.response()?)))
}
