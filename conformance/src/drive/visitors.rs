//! Other visitors of a URL: one or two permitted pages, a denied page, and a client without `Origin`. An HTTP cache can
//! give the response to one of them to another.

use cors_policy::{
    AllowList, Policy,
    intent::{Intent, intent},
    origin_set::OriginPattern,
};
use cors_reference::{
    agent::STANDARD,
    header_list::HeaderList,
    origin::Origin,
    request::{CredentialsMode, Request, RequestInit, WireRequest},
    response::Response,
};
use url::Url;

use crate::case::{Case, Visit};

/// A visitor that requests the same URL with GET.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The kind of visitor.
    pub who: Who,
    /// The request.
    pub request: WireRequest,
    /// The response of the server. `None` before the request and if the server fails.
    pub response: Option<Response>,
    /// The number of calls to the handler.
    pub handler_calls: u32,
}

/// The kind of a visitor.
#[derive(Debug, Clone)]
pub enum Who {
    /// A page of another origin, with the intent of the policy for its fetch.
    Page(Box<Request>, Intent),
    /// A client without `Origin`: a navigation, an image, or a client other than a browser.
    NoOrigin,
}

/// Returns the other visitors of the first URL of a case. Returns none if no HTTP cache could store the response: the
/// first request is not a GET, or the application adds CORS headers of its own.
pub fn visitors(case: &Case) -> Vec<Visitor> {
    const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
    let is_twofold = case.handler.headers.contains(ALLOW_ORIGIN) || case.handler.outer_headers.contains(ALLOW_ORIGIN);
    let (method, url) = match case.visits.first() {
        Some(Visit::Fetch(fetch)) => (fetch.request.method.as_str(), &fetch.url),
        Some(Visit::Raw(raw)) => (raw.method.as_str(), &raw.url),
        None => return Vec::new(),
    };
    match Url::parse(url) {
        Ok(url) if method == "GET" && !is_twofold => of_policy(&case.policy, &url, &HeaderList::EMPTY),
        _ => Vec::new(),
    }
}

/// Returns the visitors of a URL under a policy. Each sends the headers in `others` and its `Origin`.
pub(crate) fn of_policy(policy: &Policy, url: &Url, others: &HeaderList) -> Vec<Visitor> {
    let request = |origin: Option<&Origin>| {
        let mut headers = others.clone();
        headers.delete("Origin");
        if let Some(origin) = origin {
            headers = headers.with("Origin", origin.serialize());
        }
        WireRequest { method: "GET".to_owned(), url: url.clone(), headers, body: None }
    };
    let credentials = match policy.origins {
        AllowList::Any => CredentialsMode::Omit,
        _ if policy.credentials => CredentialsMode::Include,
        _ => CredentialsMode::Omit,
    };
    let init = RequestInit { credentials, ..RequestInit::default() };
    let pages = origins(policy).into_iter().filter(|origin| !origin.is_of(url));
    let pages = pages.filter_map(|origin| {
        let asked = Request::to(&STANDARD, &origin, url.clone(), &init).ok()?;
        let intent = intent(policy, &asked);
        Some(Visitor {
            who: Who::Page(Box::new(asked), intent),
            request: request(Some(&origin)),
            response: None,
            handler_calls: 0,
        })
    });
    pages.chain([Visitor { who: Who::NoOrigin, request: request(None), response: None, handler_calls: 0 }]).collect()
}

/// Returns up to two origins that the policy permits and one that it denies.
fn origins(policy: &Policy) -> Vec<Origin> {
    let permitted = permitted_origins(policy).into_iter().take(2);
    permitted.chain(["https://visitor.invalid".to_owned()]).filter_map(|origin| origin.parse().ok()).collect()
}

/// Returns origins that a policy permits: two if it permits every origin, otherwise one or two for each entry.
pub(crate) fn permitted_origins(policy: &Policy) -> Vec<String> {
    match &policy.origins {
        AllowList::Any | AllowList::Mirror => vec!["https://one.example".to_owned(), "https://two.example".to_owned()],
        AllowList::List(patterns) => patterns.iter().flat_map(examples).collect(),
    }
}

/// Returns origins that match a pattern.
fn examples(pattern: &OriginPattern) -> Vec<String> {
    let text = pattern.as_str();
    let text = text.strip_suffix(":*").unwrap_or(text);
    if text.contains("*.") {
        vec![text.replacen("*.", "one.", 1), text.replacen("*.", "two.", 1)]
    } else {
        vec![text.to_owned()]
    }
}
