//! Explanations of verdicts in English.

use crate::{
    header::isomorphic_decode,
    request::{CredentialsMode, Mode, RedirectMode, Request, Tainting},
    response::Response,
    spec::{self, Step},
};

/// Explains why a fetch ended at a step, with the values that the step compared.
///
/// `request` is `None` if `fetch()` threw before it made a request. `response` is `None` if no response decided.
pub fn explain(step: &'static Step, request: Option<&Request>, response: Option<&Response>) -> String {
    let Some(request) = request else {
        return thrown(step);
    };
    let origin = request.serialize_origin();
    let header = |name: &str| {
        let value = response.and_then(|response| response.headers.get(name));
        value.map_or("absent".to_owned(), |value| format!("`{}`", isomorphic_decode(&value.to_vec())))
    };
    let allow_origin = || header("Access-Control-Allow-Origin");
    let is = |other: &'static Step| step == other;
    if is(&spec::CORS_CHECK_2) {
        "The response has no Access-Control-Allow-Origin header.".to_owned()
    } else if is(&spec::CORS_CHECK_3) {
        "Access-Control-Allow-Origin is `*`, and the fetch includes no credentials.".to_owned()
    } else if is(&spec::CORS_CHECK_4) {
        let hint = if request.credentials == CredentialsMode::Include && allow_origin() == "`*`" {
            " The value `*` permits only fetches without credentials."
        } else {
            ""
        };
        format!("Access-Control-Allow-Origin is {}, not the request's origin `{origin}`.{hint}", allow_origin())
    } else if is(&spec::CORS_CHECK_5) {
        format!("Access-Control-Allow-Origin is the request's origin `{origin}`.")
    } else if is(&spec::CORS_CHECK_7) {
        format!("Access-Control-Allow-Origin is `{origin}`, and Access-Control-Allow-Credentials is `true`.")
    } else if is(&spec::CORS_CHECK_8) {
        let credentials = header("Access-Control-Allow-Credentials");
        format!("The fetch includes credentials, and Access-Control-Allow-Credentials is {credentials}, not `true`.")
    } else if is(&spec::PREFLIGHT_7_3) {
        format!(
            "A list in the preflight's response does not parse: Access-Control-Allow-Methods is {}, \
             Access-Control-Allow-Headers is {}.",
            header("Access-Control-Allow-Methods"),
            header("Access-Control-Allow-Headers")
        )
    } else if is(&spec::PREFLIGHT_7_5) {
        let methods = header("Access-Control-Allow-Methods");
        format!(
            "The preflight does not allow the method `{}`: Access-Control-Allow-Methods is {methods}.",
            request.method
        )
    } else if is(&spec::PREFLIGHT_7_6) {
        let names = header("Access-Control-Allow-Headers");
        format!("Access-Control-Allow-Headers must list `Authorization` by name, but is {names}.")
    } else if is(&spec::PREFLIGHT_7_7) {
        let names = header("Access-Control-Allow-Headers");
        let requested = request.unsafe_header_names().join(",");
        format!("The preflight does not allow every header of `{requested}`: Access-Control-Allow-Headers is {names}.")
    } else if is(&spec::PREFLIGHT_8) {
        let status = response.map_or(0, |response| response.status);
        format!("The status of the preflight's response is {status}, not 200 to 299.")
    } else if is(&spec::CORP_5) {
        let policy = header("Cross-Origin-Resource-Policy");
        format!("Cross-Origin-Resource-Policy is {policy}, which blocks the page's origin `{origin}`.")
    } else if is(&spec::PNA_10_3_1_3) {
        let allow = header("Access-Control-Allow-Private-Network");
        format!("The Access-Control-Allow-Private-Network of the preflight's response is {allow}, not `true`.")
    } else if is(&spec::PNA_5_4_2) || is(&spec::LNA_5_5_2) {
        "The page is not a secure context, so it may not access a less public network.".to_owned()
    } else if is(&spec::PNA_5_3_2) || is(&spec::LNA_5_4_2) {
        "The address is not in the request's target IP address space.".to_owned()
    } else if is(&spec::LNA_5_5_11) {
        "The user denied the page access to a less public network.".to_owned()
    } else if is(&spec::HTTP_NETWORK_FETCH_8_5) {
        "The response is malformed: its status is below 200, or a header value contains 0x00, 0x0A or 0x0D.".to_owned()
    } else if is(&spec::MAIN_FETCH_7) {
        format!("Port {} is blocked.", request.current_url().port().unwrap_or_default())
    } else if is(&spec::MAIN_FETCH_12) {
        not_cors(request, response)
    } else if is(&spec::HTTP_FETCH_6_3) {
        let status = response.map_or(0, |response| response.status);
        let mode = redirect_mode(request.redirect);
        format!("The response is a redirect ({status}), and the redirect mode is {mode}.")
    } else {
        format!("The redirect to Location {} fails. The standard requires: {}", header("Location"), step.text)
    }
}

fn redirect_mode(mode: RedirectMode) -> &'static str {
    match mode {
        RedirectMode::Follow => "follow",
        RedirectMode::Error => "error",
        RedirectMode::Manual => "manual",
    }
}

/// Explains a fetch that ended in main fetch step 12 without a CORS check.
fn not_cors(request: &Request, response: Option<&Response>) -> String {
    let scheme = request.current_url().scheme();
    let is_http = matches!(scheme, "http" | "https");
    let text = match (request.mode, response) {
        (_, Some(_)) if !is_http => {
            return format!("A `{scheme}` URL contains its own response, so the CORS protocol does not apply.");
        }
        (_, None) if !is_http => {
            return format!("This `{scheme}` URL cannot be fetched.");
        }
        (Mode::NoCors, Some(_)) if request.tainting == Tainting::Opaque => {
            "The mode is no-cors, so a response of another origin is opaque."
        }
        (_, Some(_)) => "The URL has the page's own origin, so the CORS protocol does not apply.",
        (Mode::NoCors, None) => "The mode is no-cors, so the redirect mode must be follow.",
        (_, None) => "The mode is same-origin, and the URL has another origin.",
    };
    text.to_owned()
}

/// Explains a step at which `fetch()` throws.
fn thrown(step: &'static Step) -> String {
    let reason = match step.number {
        "5.2" => "the URL does not parse",
        "5.3" => "the URL includes credentials",
        "25.2" => "the method is not a token, or is forbidden",
        "32.1" => "no-cors mode allows only GET, HEAD and POST",
        "35" => "GET and HEAD cannot have a body",
        _ => "a header value contains 0x00, 0x0A or 0x0D",
    };
    format!("fetch() rejects with a TypeError before it sends a request: {reason}.")
}
