//! A case as it ran: what was asked and answered, and how each fetch ended.

use std::cell::OnceCell;

use cors_adapters::Observation;
use cors_policy::{
    AllowList,
    intent::{Denied, Intent},
};
use cors_reference::{
    fetch::{Outcome, RequestKind},
    origin::Origin,
    request::{Request, WireRequest},
    response::Response,
    spec::REDIRECT_5,
};

use super::{
    costs::Cost,
    fetch_behind::{fetch_of, is_hostile},
    header_text::is_cors_header,
    visitors::Visitor,
};
use crate::case::{Case, Visit};

/// A case as it ran.
#[derive(Debug)]
pub struct Run<'a> {
    /// The case.
    pub case: &'a Case,
    /// The visits of the case, in order.
    pub visits: Vec<VisitRun<'a>>,
    /// The warnings that the server gave about the policy when it was built.
    pub warnings: Vec<String>,
    /// Other visitors of the first visit's URL. Each asks once, without a cache in between.
    pub visitors: Vec<Visitor>,
    /// The answer of a new server to the last of several requests. `None` if the case sent fewer than two.
    pub fresh: Option<Observation>,
}

/// A visit as it ran.
#[derive(Debug)]
pub struct VisitRun<'a> {
    /// The visit.
    pub visit: &'a Visit,
    /// The fetch of a page. `None` for a raw request, and for a fetch that throws before anything is sent.
    pub fetched: Option<Fetched>,
    /// Every request that was sent, in order.
    pub exchanges: Vec<Exchange>,
    /// The costs of the same request at growing sizes. Empty if they were not measured.
    pub costs: Vec<Cost>,
}

/// A fetch as it ran.
#[derive(Debug)]
pub struct Fetched {
    /// The request before any redirect.
    pub request: Request,
    /// The policy's intent for this request.
    pub intent: Intent,
    /// True if the request needed a preflight and was sent, because this preflight or an earlier one allowed it.
    pub passed_preflight: bool,
    /// What the page observed.
    pub outcome: Outcome,
}

/// One request with the answers of the server and of its control.
#[derive(Debug)]
pub struct Exchange {
    /// The browser's kind of request. `None` for a raw request.
    pub kind: Option<RequestKind>,
    /// The request.
    pub request: WireRequest,
    /// What the server did.
    pub observed: Observation,
    /// What the same framework and handler did without the middleware.
    pub control: Observation,
    fetch_behind: OnceCell<Option<Request>>,
    is_hostile: OnceCell<bool>,
    application_sends_cors: bool,
}

/// The place of an exchange in a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// The visit, from 0.
    pub visit: usize,
    /// The exchange of that visit, from 0.
    pub exchange: usize,
}

impl<'a> Run<'a> {
    /// Returns every exchange of every visit, in order, with its place.
    pub fn exchanges(&self) -> impl DoubleEndedIterator<Item = (Place, &Exchange)> {
        self.visits.iter().enumerate().flat_map(|(visit, visit_run)| {
            let exchanges = visit_run.exchanges.iter().enumerate();
            exchanges.map(move |(exchange, of_visit)| (Place { visit, exchange }, of_visit))
        })
    }

    /// Returns true if the policy permits the origin of a request to read the answer, or if the request has no `Origin`.
    pub(crate) fn may_read(&self, exchange: &Exchange) -> bool {
        let Some(origin) = exchange.request.headers.get("Origin").map(|origin| origin.to_vec()) else { return true };
        match &self.case.policy.origins {
            AllowList::Any => true,
            // A value that is not an origin belongs to no page.
            AllowList::Mirror => str::from_utf8(&origin).is_ok_and(|origin| origin.parse::<Origin>().is_ok()),
            AllowList::List(_) => self.case.policy.origins.lists(&origin),
        }
    }
}

impl VisitRun<'_> {
    /// Returns the place of the last exchange of this visit, which is the `index`th visit of its run.
    pub(crate) fn last_place(&self, index: usize) -> Place {
        Place { visit: index, exchange: self.exchanges.len().saturating_sub(1) }
    }
}

impl Exchange {
    /// Creates an exchange from a request and its two answers.
    pub fn new(kind: Option<RequestKind>, request: WireRequest, observed: Observation, control: Observation) -> Self {
        let has_cors_headers =
            |response: &Response| response.headers.iter().any(|(name, _)| is_cors_header(name.as_str()));
        let application_sends_cors = control.result.as_ref().is_ok_and(has_cors_headers);
        let (fetch_behind, is_hostile) = (OnceCell::new(), OnceCell::new());
        Self { kind, request, observed, control, fetch_behind, is_hostile, application_sends_cors }
    }

    /// Returns true if the application sends CORS headers of its own, without the middleware.
    pub(crate) fn application_sends_cors(&self) -> bool {
        self.application_sends_cors
    }

    /// Returns the fetch that sent this preflight, as far as the preflight describes it. Returns `None` unless the request
    /// is a preflight that a browser can send.
    pub(crate) fn fetch_behind(&self) -> Option<&Request> {
        self.fetch_behind.get_or_init(|| fetch_of(&self.request)).as_ref()
    }

    /// Returns true if no browser sends this `Origin`, or asks for this method or these header names.
    pub(crate) fn is_hostile(&self) -> bool {
        *self.is_hostile.get_or_init(|| is_hostile(&self.request))
    }

    /// Returns true if the request's `Origin` is the server's own origin.
    pub(crate) fn is_from_own_origin(&self) -> bool {
        self.request.headers.get("Origin").is_some_and(|origin| {
            let own = Origin::of(&self.request.url);
            !own.is_opaque() && origin == *own.serialize()
        })
    }

    /// Returns the server's response, or `None` if the server failed.
    pub(crate) fn response(&self) -> Option<&Response> {
        self.observed.result.as_ref().ok()
    }

    /// Returns the control's response, or `None` if the control failed.
    pub(crate) fn control_response(&self) -> Option<&Response> {
        self.control.result.as_ref().ok()
    }
}

impl Fetched {
    /// Returns true if the page and the URL have the same origin, so that no CORS check applies.
    pub(crate) fn is_same_origin(&self) -> bool {
        self.request.origin.is_of(self.request.current_url())
    }

    /// Returns true if a redirect ended the fetch. The application decides where a redirect leads.
    pub(crate) fn ends_in_a_redirect(&self) -> bool {
        self.outcome.step.section == REDIRECT_5.section
    }

    /// Returns the reason why the policy denies the fetch, or `None` if it does not.
    pub fn denial(&self) -> Option<String> {
        let Intent::Deny(denied) = &self.intent else { return None };
        Some(denial(denied, &self.request))
    }
}

/// Returns the reason why the policy denies a request, as a clause that can follow "because".
pub(crate) fn denial(denied: &Denied, request: &Request) -> String {
    match denied {
        Denied::Origin => format!("the policy does not list the origin {}", request.origin),
        Denied::Credentials => "the policy does not allow credentials".to_owned(),
        Denied::Method => format!("the policy does not list the method {}", request.method),
        Denied::RequestHeader(name) => format!("the policy does not list the request header {name}"),
    }
}
