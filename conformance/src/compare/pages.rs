//! A page's fetch in two runs side by side.

use std::cmp::Ordering;

use cors_policy::intent::{Exposure, Intent, exposure};
use cors_reference::{
    fetch::{self, Verdict},
    header::HeaderName,
    header_list::HeaderList,
};

use super::{
    kind::{Intended, Kind, Side, What},
    runs::{application_headers, are_alike, differs_if, has_own_answer, is_called_as_without, more},
};
use crate::{
    case::{Case, Visit},
    drive::{Exchange, Fetched, Run, VisitRun},
};

/// A fetch as one of the two runs has it.
pub(super) struct Page<'r> {
    pub(super) visit: &'r VisitRun<'r>,
    pub(super) fetched: &'r Fetched,
}

impl Page<'_> {
    fn actual(&self) -> impl Iterator<Item = &Exchange> {
        self.visit.exchanges.iter().filter(|exchange| exchange.kind == Some(fetch::Kind::Actual))
    }

    fn preflights(&self) -> impl Iterator<Item = &Exchange> {
        self.visit.exchanges.iter().filter(|exchange| exchange.kind == Some(fetch::Kind::Preflight))
    }

    /// Whether the page gets an answer, if only an opaque one, or a redirect of the application that leads nowhere.
    fn is_answered(&self) -> bool {
        self.fetched.outcome.verdict != Verdict::NetworkError || self.fetched.ends_in_a_redirect()
    }

    /// Whether the request was sent, or answered out of the browser's cache.
    fn is_sent(&self) -> bool {
        let last = self.visit.exchanges.last();
        self.is_answered() || last.is_none_or(|exchange| exchange.kind != Some(fetch::Kind::Preflight))
    }

    /// Whether the application was called for the request as it is without the middleware.
    fn reaches_application(&self) -> bool {
        self.actual().all(is_called_as_without)
    }
}

/// What differs between a page's two fetches; the first cause alone.
pub(super) fn of_pages(case: &Case, [a, b]: &[Page<'_>; 2], differs: &mut impl FnMut(Kind)) {
    // A redirect that only one of them led to leaves open what the other did.
    let intent = match (&a.fetched.intent, &b.fetched.intent) {
        (Intent::Unspecified(_), intent) | (intent, _) => Intended::of(intent),
    };
    let mut tell = |what, with: Option<Side>, policy| differs_if(differs, what, with, policy);
    let is_kept_from = |page: &Page<'_>| page.preflights().all(|exchange| exchange.observed.handler_calls == 0);
    tell(What::Preflight, more(&is_kept_from(a), &is_kept_from(b)), Intended::Permits);
    if a.is_answered() != b.is_answered() {
        return tell(What::Answer, more(&a.is_answered(), &b.is_answered()), intent);
    }
    if a.is_sent() != b.is_sent() {
        return tell(What::Request, more(&a.is_sent(), &b.is_sent()), intent);
    }
    let (Some(last_of_a), Some(last_of_b)) = (a.visit.exchanges.last(), b.visit.exchanges.last()) else { return };
    if !are_alike(last_of_a, last_of_b) {
        return;
    }
    let intent_if_permitted = if intent == Intended::Permits { intent } else { Intended::Unspecified };
    if intent == Intended::Permits && a.reaches_application() != b.reaches_application() {
        return tell(What::Application, more(&a.reaches_application(), &b.reaches_application()), intent);
    }
    // Of an opaque answer the page sees nothing.
    let is_seen = |page: &Page<'_>| matches!(page.fetched.outcome.verdict, Verdict::Readable | Verdict::OpaqueRedirect);
    if !is_seen(a) || !is_seen(b) {
        return;
    }
    if has_own_answer(last_of_a) != has_own_answer(last_of_b) {
        return tell(
            What::OwnAnswer,
            more(&has_own_answer(last_of_a), &has_own_answer(last_of_b)),
            intent_if_permitted,
        );
    }
    for name in application_headers(case) {
        let (Some(of_a), Some(of_b)) = (Read::of(a, last_of_a, name), Read::of(b, last_of_b, name)) else { continue };
        let policy = match exposure(&case.policy, &a.fetched.request, name) {
            _ if intent == Intended::Unspecified => intent,
            Exposure::Readable => Intended::Permits,
            Exposure::Hidden => Intended::DeniesResponseHeader,
            Exposure::Unspecified(_) => Intended::Unspecified,
        };
        tell(What::Header, more(&of_a, &of_b), policy);
    }
}

/// What a page reads of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Read {
    /// Nothing.
    Nothing,
    /// Other values than the application's.
    Otherwise,
    /// The application's values.
    Own,
}

impl Read {
    /// What a page reads of a header that the framework sends without the middleware.
    fn of(page: &Page<'_>, last: &Exchange, name: &HeaderName) -> Option<Self> {
        let control = &last.control.result.as_ref().ok().filter(|control| control.headers.contains(name.as_str()))?;
        let values = |headers: &HeaderList| headers.get(name.as_str()).map(|value| value.to_vec());
        Some(match values(&page.fetched.outcome.readable_headers) {
            None => Self::Nothing,
            value if value == values(&control.headers) => Self::Own,
            Some(_) => Self::Otherwise,
        })
    }
}

/// Where a fetch is made again, whether its preflight is.
pub(super) fn kept_preflight(a: &Run<'_>, b: &Run<'_>, visit: usize, differs: &mut impl FnMut(Kind)) {
    let sends = |run: &Run<'_>, visit: usize| {
        let of_visit = run.visits.get(visit)?;
        let fetched = of_visit.fetched.as_ref()?;
        // What is refused is forgotten with it.
        if !fetched.passed_preflight || fetched.outcome.verdict != Verdict::Readable {
            return None;
        }
        Some(of_visit.exchanges.iter().any(|exchange| exchange.kind == Some(fetch::Kind::Preflight)))
    };
    let Some(Visit::Fetch(again)) = a.case.visits.get(visit) else { return };
    let verdict = |visit: &VisitRun<'_>| visit.fetched.as_ref().map(|fetched| fetched.outcome.verdict);
    if a.visits.iter().zip(&b.visits).take(visit + 1).any(|(a, b)| verdict(a) != verdict(b)) {
        return;
    }
    let mut elapsed = again.after_ms;
    for (index, before) in a.case.visits.iter().enumerate().take(visit).rev() {
        let Visit::Fetch(before) = before else { continue };
        let is_equal =
            (&before.page_origin, &before.url, &before.request) == (&again.page_origin, &again.url, &again.request);
        if is_equal && sends(a, index) == Some(true) && sends(b, index) == Some(true) {
            let (Some(by_a), Some(by_b)) = (sends(a, visit), sends(b, visit)) else { return };
            let policy = match a.case.policy.max_age.map(|seconds| elapsed.cmp(&seconds.saturating_mul(1000))) {
                Some(Ordering::Less) => Intended::Permits,
                Some(Ordering::Greater) => Intended::DeniesAge,
                _ => Intended::Unspecified,
            };
            return differs_if(differs, What::KeptPreflight, more(&!by_a, &!by_b), policy);
        }
        elapsed = elapsed.saturating_add(before.after_ms);
    }
}
