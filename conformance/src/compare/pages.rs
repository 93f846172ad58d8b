//! The fetch of a page in two runs.

use std::cmp::Ordering;

use cors_policy::intent::{Intent, exposure};
use cors_reference::{
    fetch::{self, Verdict},
    header::HeaderName,
    header_list::HeaderList,
};

use super::{
    answers::{application_headers, has_control_response, have_similar_controls, reaches_application_like_control},
    kind::{Aspect, DifferenceKind, Intended},
};
use crate::{
    case::{Case, PageFetch, Visit},
    drive::{Exchange, Fetched, Run, VisitRun},
};

/// A fetch in one of the two runs.
pub(super) struct Page<'r> {
    pub(super) visit: &'r VisitRun<'r>,
    pub(super) fetched: &'r Fetched,
}

impl Page<'_> {
    fn exchanges(&self, kind: fetch::RequestKind) -> impl Iterator<Item = &Exchange> {
        self.visit.exchanges.iter().filter(move |exchange| exchange.kind == Some(kind))
    }

    /// Returns true if the page gets a response, possibly opaque, or the application's redirect cannot be followed.
    fn is_answered(&self) -> bool {
        self.fetched.outcome.verdict != Verdict::NetworkError || self.fetched.ends_in_a_redirect()
    }

    /// Returns true if the request is sent, or answered from the browser's cache.
    fn is_sent(&self) -> bool {
        let last = self.visit.exchanges.last();
        self.is_answered() || last.is_none_or(|exchange| exchange.kind != Some(fetch::RequestKind::Preflight))
    }

    fn reaches_application_like_control(&self) -> bool {
        self.exchanges(fetch::RequestKind::Actual).all(reaches_application_like_control)
    }

    fn keeps_preflights_from_application(&self) -> bool {
        self.exchanges(fetch::RequestKind::Preflight).all(|exchange| exchange.observed.handler_calls == 0)
    }

    /// Returns true if the page sees the response; an opaque response shows it nothing.
    fn sees_response(&self) -> bool {
        matches!(self.fetched.outcome.verdict, Verdict::Readable | Verdict::OpaqueRedirect)
    }
}

/// Returns the differences between two runs of a fetch. After a difference that causes others, those are left out.
pub(super) fn page_differences(case: &Case, a: &Page<'_>, b: &Page<'_>) -> Vec<DifferenceKind> {
    let (keeps_a, keeps_b) = (a.keeps_preflights_from_application(), b.keeps_preflights_from_application());
    let preflight = DifferenceKind::between(Aspect::Preflight, &keeps_a, &keeps_b, Intended::Permits);
    preflight.into_iter().chain(response_differences(case, a, b)).collect()
}

fn response_differences(case: &Case, a: &Page<'_>, b: &Page<'_>) -> Vec<DifferenceKind> {
    // If only one side was redirected, the intent is unspecified for that side alone; the other side's intent counts.
    let intended = match (&a.fetched.intent, &b.fetched.intent) {
        (Intent::Unspecified(_), intent) | (intent, _) => Intended::from(intent),
    };
    let answered = DifferenceKind::between(Aspect::Answer, &a.is_answered(), &b.is_answered(), intended);
    let first = answered.or_else(|| DifferenceKind::between(Aspect::Request, &a.is_sent(), &b.is_sent(), intended));
    if let Some(first) = first {
        return vec![first];
    }
    let (Some(last_of_a), Some(last_of_b)) = (a.visit.exchanges.last(), b.visit.exchanges.last()) else {
        return Vec::new();
    };
    if !have_similar_controls(last_of_a, last_of_b) {
        return Vec::new();
    }
    if intended == Intended::Permits {
        let (reaches_a, reaches_b) = (a.reaches_application_like_control(), b.reaches_application_like_control());
        if let Some(kind) = DifferenceKind::between(Aspect::Application, &reaches_a, &reaches_b, intended) {
            return vec![kind];
        }
    }
    if !a.sees_response() || !b.sees_response() {
        return Vec::new();
    }
    let if_permitted = if intended == Intended::Permits { intended } else { Intended::Unspecified };
    let (own_a, own_b) = (has_control_response(last_of_a), has_control_response(last_of_b));
    if let Some(kind) = DifferenceKind::between(Aspect::OwnAnswer, &own_a, &own_b, if_permitted) {
        return vec![kind];
    }
    let header_difference = |name: &HeaderName| {
        let (of_a, of_b) = (HeaderAccess::of(a, last_of_a, name)?, HeaderAccess::of(b, last_of_b, name)?);
        let intended = match intended {
            Intended::Unspecified => intended,
            _ => exposure(&case.policy, &a.fetched.request, name).into(),
        };
        DifferenceKind::between(Aspect::Header, &of_a, &of_b, intended)
    };
    application_headers(case).filter_map(header_difference).collect()
}

/// What a page reads of a header that the application sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum HeaderAccess {
    Hidden,
    /// The page reads values that differ from those of the application.
    OtherValues,
    ApplicationValues,
}

impl HeaderAccess {
    /// Returns `None` if the control does not send the header.
    fn of(page: &Page<'_>, last: &Exchange, name: &HeaderName) -> Option<Self> {
        let control = last.control.result.as_ref().ok().filter(|control| control.headers.contains(name.as_str()))?;
        let values = |headers: &HeaderList| headers.get(name.as_str()).map(|value| value.to_vec());
        Some(match values(&page.fetched.outcome.readable_headers) {
            None => Self::Hidden,
            value if value == values(&control.headers) => Self::ApplicationValues,
            Some(_) => Self::OtherValues,
        })
    }
}

/// Returns the difference between two runs in sending a second preflight for a repeated fetch.
pub(super) fn kept_preflight_difference(a: &Run<'_>, b: &Run<'_>, visit: usize) -> Option<DifferenceKind> {
    let Some(Visit::Fetch(repeated)) = a.case.visits.get(visit) else { return None };
    let verdict = |visit: &VisitRun<'_>| visit.fetched.as_ref().map(|fetched| fetched.outcome.verdict);
    if a.visits.iter().zip(&b.visits).take(visit + 1).any(|(a, b)| verdict(a) != verdict(b)) {
        return None;
    }
    let is_same_fetch = |one: &PageFetch, other: &PageFetch| {
        (&one.page_origin, &one.url, &one.request) == (&other.page_origin, &other.url, &other.request)
    };
    let mut elapsed_ms = repeated.after_ms;
    for (index, earlier) in a.case.visits.iter().enumerate().take(visit).rev() {
        let Visit::Fetch(earlier) = earlier else { continue };
        if is_same_fetch(earlier, repeated)
            && sends_preflight(a, index) == Some(true)
            && sends_preflight(b, index) == Some(true)
        {
            let (by_a, by_b) = (sends_preflight(a, visit)?, sends_preflight(b, visit)?);
            let max_age_ms = a.case.policy.max_age.map(|seconds| seconds.saturating_mul(1000));
            let intended = match max_age_ms.map(|max_age_ms| elapsed_ms.cmp(&max_age_ms)) {
                Some(Ordering::Less) => Intended::Permits,
                Some(Ordering::Greater) => Intended::DeniesAge,
                _ => Intended::Unspecified,
            };
            return DifferenceKind::between(Aspect::KeptPreflight, &!by_a, &!by_b, intended);
        }
        elapsed_ms = elapsed_ms.saturating_add(earlier.after_ms);
    }
    None
}

/// Returns whether a visit sends a preflight, or `None` unless its fetch passes a preflight and is readable.
///
/// A browser forgets the cached preflight of a fetch that fails.
fn sends_preflight(run: &Run<'_>, visit: usize) -> Option<bool> {
    let visit = run.visits.get(visit)?;
    let fetched = visit.fetched.as_ref()?;
    let passes = fetched.passed_preflight && fetched.outcome.verdict == Verdict::Readable;
    let is_preflight = |exchange: &Exchange| exchange.kind == Some(fetch::RequestKind::Preflight);
    passes.then(|| visit.exchanges.iter().any(is_preflight))
}
