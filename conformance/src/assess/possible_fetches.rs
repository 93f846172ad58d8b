//! The fetches that could have sent a recorded request, with the outcome that the recorded response gives them.

use cors_policy::{
    Policy,
    intent::{Denied, Intent, intent},
};
use cors_reference::{
    agent::STANDARD,
    cors_check::cors_check,
    explain::explain,
    fetch::{Browser, Fetch, Next, Outcome, RequestKind, Verdict},
    origin::Origin,
    preflight::check_preflight_response,
    request::{CredentialsMode, RedirectMode, Request, RequestInit, WireRequest},
    response::Response,
    spec,
};

use crate::drive::{Fetched, fetch_of_with};

const METHOD_NOT_PROVEN: &str = "A preflight that was not recorded may have refused the method.";

/// Returns the fetches that could have sent the request: at most one for each credentials mode.
pub(super) fn possible_fetches(policy: &Policy, request: &WireRequest, response: &Response) -> Vec<Fetched> {
    let modes = [CredentialsMode::Omit, CredentialsMode::Include];
    let fetched = modes.into_iter().filter_map(|credentials| match request.is_cors_preflight() {
        true => fetch_of_preflight(policy, request, response, credentials),
        false => fetch_of_request(policy, request, response, credentials),
    });
    fetched.collect()
}

/// Returns the fetch that sent a preflight. How the fetch ends was not recorded: its outcome is opaque if the preflight
/// passes, and a network error otherwise.
fn fetch_of_preflight(
    policy: &Policy,
    preflight: &WireRequest,
    response: &Response,
    credentials: CredentialsMode,
) -> Option<Fetched> {
    let request = fetch_of_with(preflight, credentials)?;
    let intent = intent(policy, &request);
    let checked = match intent {
        // A denied origin that passes the CORS check is granted too much, even if the response lacks other headers.
        Intent::Deny(Denied::Origin) if response.has_ok_status() => cors_check(&request, response),
        _ => check_preflight_response(&request, response).map(|_| &spec::CORS_CHECK_5),
    };
    let (Ok(step) | Err(step)) = checked;
    let passed_preflight = checked.is_ok();
    let mut outcome = Outcome::network_error(step, explain(step, Some(&request), Some(response)));
    if passed_preflight {
        outcome.verdict = Verdict::Opaque;
    }
    Some(Fetched { request, intent, passed_preflight, outcome })
}

/// Returns the cross-origin fetch that sent a request other than a preflight. If it needed a preflight, that one passed.
fn fetch_of_request(
    policy: &Policy,
    sent: &WireRequest,
    response: &Response,
    credentials: CredentialsMode,
) -> Option<Fetched> {
    let origin = String::from_utf8(sent.headers.get("Origin")?.to_vec()).ok()?;
    let origin: Origin = origin.parse().ok()?;
    // The browser takes the headers that a 304 lacks from its stored response.
    let lacks_stored_headers = response.status == 304 && !response.headers.contains("Access-Control-Allow-Origin");
    if origin.is_of(&sent.url) || lacks_stored_headers {
        return None;
    }
    let init = RequestInit {
        method: sent.method.clone(),
        credentials,
        redirect: RedirectMode::Manual,
        ..RequestInit::default()
    };
    let request = Request::new(&origin, sent.url.as_str(), &init).ok()?;
    let intent = match intent(policy, &request) {
        Intent::Deny(Denied::Method) => Intent::Unspecified(METHOD_NOT_PROVEN),
        intent => intent,
    };
    let mut browser = Browser::new(STANDARD);
    let mut fetch = Fetch::start(&mut browser, &origin, sent.url.as_str(), &init, 0);
    while let Next::Send(_) = fetch.next() {
        match fetch.sent().last() {
            Some((RequestKind::Preflight, _)) => fetch.receive(&mut browser, &passing_preflight_response(&request)),
            _ => fetch.receive(&mut browser, response),
        }
    }
    let was_sent = fetch.sent().iter().any(|(kind, _)| *kind == RequestKind::Actual);
    let mut outcome = fetch.into_outcome().filter(|_| was_sent)?;
    if outcome.verdict == Verdict::OpaqueRedirect && matches!(intent, Intent::Deny(_)) {
        // The page passed the CORS check, and following the redirect could let it read the response.
        outcome.verdict = Verdict::Readable;
    }
    Some(Fetched { request, intent, passed_preflight: false, outcome })
}

fn passing_preflight_response(request: &Request) -> Response {
    Response::new(204)
        .with("Access-Control-Allow-Origin", request.origin.serialize())
        .with("Access-Control-Allow-Credentials", "true")
        .with("Access-Control-Allow-Methods", &request.method)
}
