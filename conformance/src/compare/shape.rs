//! The shape of a visit that shows a difference. The shape contains no text of the case.

use cors_policy::AllowList;
use cors_reference::{preflight::needs_preflight, request::CredentialsMode};

use super::{answers::application_status, kind::Aspect, runs::RunDifference};
use crate::{
    case::near_miss::origin_class,
    drive::{Fetched, Run},
};

/// Returns the near-miss class of the origin, the credentials, the kind of request, and the status class of the
/// application's response; for a difference behind a cache, the kind of origin list.
pub(super) fn shape(a: &Run<'_>, b: &Run<'_>, difference: &RunDifference) -> String {
    if difference.kind.aspect == Aspect::CachedAnswer {
        return match a.case.policy.origins {
            AllowList::Any => "any.cached",
            AllowList::Mirror => "mirror.cached",
            AllowList::List(_) => "list.cached",
        }
        .to_owned();
    }
    let Some((of_a, of_b)) = a.visits.get(difference.visit).zip(b.visits.get(difference.visit)) else {
        return "policy".to_owned();
    };
    let status =
        application_status(of_a, of_b).map_or_else(|| "unanswered".to_owned(), |status| format!("{}xx", status / 100));
    let (origin, url, credentials, kind) = match (&of_a.fetched, of_a.exchanges.first()) {
        (Some(Fetched { request, .. }), _) => {
            let origin = request.serialize_origin().to_owned();
            let credentials = if request.credentials == CredentialsMode::Include { "include" } else { "none" };
            (
                Some(origin),
                Some(request.current_url()),
                credentials,
                if needs_preflight(request) { "preflighted" } else { "simple" },
            )
        }
        (None, Some(raw)) => {
            let origin =
                raw.request.headers.get("Origin").map(|origin| String::from_utf8_lossy(&origin.to_vec()).into_owned());
            let kind = if raw.request.is_cors_preflight() { "preflight" } else { "request" };
            (origin, Some(&raw.request.url), "raw", kind)
        }
        (None, None) => (None, None, "none", "thrown"),
    };
    let origin = origin_class(origin.as_deref(), url, &a.case.policy);
    format!("{origin}.{credentials}.{kind}.{status}")
}
