//! A page gets what the policy denies.

use std::borrow::Cow;

use cors_policy::{
    AllowList, Policy,
    intent::{Denied, Intent, exposure, intent},
};
use cors_reference::{
    extract::extract_tokens,
    fetch::{RequestKind, Verdict},
    header::{HeaderName, isomorphic_decode},
    header_list::HeaderList,
    origin::Origin,
    preflight::{Grant, check_preflight_response},
    request::CredentialsMode,
    safelist::{
        is_cors_non_wildcard_request_header_name, is_cors_safelisted_method, is_forbidden_method,
        is_forbidden_request_header, is_forbidden_response_header_name, normalize_method,
    },
};

use super::{
    class::{Class, Severity},
    deviation::Deviation,
    each::{CorsFetch, cors_fetches, responses},
    header_names::{ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, EXPOSE_HEADERS},
    rule::{Finding, Rule},
};
use crate::{
    case::reach::Reach,
    drive::{Exchange, Fetched, Place, Run, VisitRun},
};

pub(super) static RULES: &[&Rule] = &[&ORIGIN, &CREDENTIALS, &METHOD, &REQUEST_HEADER, &EXPOSED_HEADER, &NULL];

/// The rule `over-grant/origin`.
pub static ORIGIN: Rule = Rule {
    id: "over-grant/origin",
    class: Class::OverGrant,
    severity: Severity::High,
    requirement: "A page whose origin the policy does not list cannot read a response.",
    why: "Any site that a user visits can read what the server sends to that user. This includes data on the user's private network and, with credentials, the user's account.",
    quote: "Validate Origin against an explicit allowlist of known origins",
    link: "https://fetch.spec.whatwg.org/#concept-cors-check",
    fix: "Compare the whole `Origin` byte for byte with a list of serialized origins. For subdomains, compare the scheme, the host suffix with its leading dot, and the port separately.",
    needs: &[],
    check: |run| {
        let pages = granted(run, ALLOW_ORIGIN, |denied| matches!(denied, Denied::Origin));
        pages.into_iter().chain(allowed_raw_origins(run)).collect()
    },
};

/// The rule `over-grant/credentials`.
pub static CREDENTIALS: Rule = Rule {
    id: "over-grant/credentials",
    class: Class::OverGrant,
    severity: Severity::Critical,
    requirement: "A fetch with credentials cannot read a response if the policy does not allow credentials.",
    why: "A page reads responses for the logged-in user, although the server shares only public responses.",
    quote: "Only set Access-Control-Allow-Credentials: true if the endpoint actually needs cookies/auth from \
            cross-origin requests",
    link: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
    fix: "Send `Access-Control-Allow-Credentials` only if credentials are configured. Never replace `*` with the reflected origin.",
    needs: &[],
    check: |run| granted(run, ALLOW_CREDENTIALS, |denied| matches!(denied, Denied::Credentials)),
};

/// The rule `over-grant/method`.
pub static METHOD: Rule = Rule {
    id: "over-grant/method",
    class: Class::OverGrant,
    severity: Severity::High,
    requirement: "A browser never sends a method that the policy does not list.",
    why: "A page sends DELETE or PUT with the user's rights. The preflight exists to prevent this.",
    quote: "Only allow the HTTP methods your API actually uses",
    link: "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
    fix: "List only the configured methods in `Access-Control-Allow-Methods`. Echo the requested method only if it is one of them.",
    needs: &[],
    check: |run| {
        let sent = granted(run, ALLOW_METHODS, |denied| matches!(denied, Denied::Method));
        or_listed(sent, run, ALLOW_METHODS, methods_beyond)
    },
};

/// The rule `over-grant/request-header`.
pub static REQUEST_HEADER: Rule = Rule {
    id: "over-grant/request-header",
    class: Class::OverGrant,
    severity: Severity::High,
    requirement: "A browser never sends a request header that the policy does not list.",
    why: "A page sets a header that the server trusts, such as a method override or an API key.",
    quote: "Only allow the request headers your API actually needs",
    link: "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
    fix: "List only the configured names in `Access-Control-Allow-Headers`. Send `*` only if every header is configured.",
    needs: &[],
    check: |run| {
        let sent = granted(run, ALLOW_HEADERS, |denied| matches!(denied, Denied::RequestHeader(_)));
        or_listed(sent, run, ALLOW_HEADERS, names_beyond)
    },
};

/// The rule `over-grant/exposed-header`.
pub static EXPOSED_HEADER: Rule = Rule {
    id: "over-grant/exposed-header",
    class: Class::OverGrant,
    severity: Severity::High,
    requirement: "A page cannot read a response header that the policy does not expose.",
    why: "A page reads tokens or identifiers from headers that are not meant for it.",
    quote: "Only expose the response headers your frontend actually reads",
    link: "https://fetch.spec.whatwg.org/#concept-filtered-response-cors",
    fix: "List only the configured names in `Access-Control-Expose-Headers`.",
    needs: &[],
    check: exposed,
};

/// The rule `over-grant/null`.
pub static NULL: Rule = Rule {
    id: "over-grant/null",
    class: Class::OverGrant,
    severity: Severity::Low,
    requirement: "No response allows the origin `null`, unless the policy lists it.",
    why: "Any page can get the origin `null` with a sandboxed frame or a `data:` URL. A response for `null` is a response for everyone.",
    quote: "Don't include null as an allowed origin (sandboxed iframes and redirects send Origin: null, and allowing it \
            defeats the purpose)",
    link: "https://w3c.github.io/webappsec-cors-for-developers/#avoid-returning-access-control-allow-origin-null",
    fix: "Leave out `Access-Control-Allow-Origin` if the origin is denied.",
    needs: &[&ORIGIN],
    check: allowed_null,
};

/// Finds raw requests whose denied `Origin` is allowed. The severity is low if no page can have that origin.
fn allowed_raw_origins(run: &Run<'_>) -> Vec<Finding> {
    // `any` and `mirror` deny no origin by its text.
    if !matches!(run.case.policy.origins, AllowList::List(_)) {
        return Vec::new();
    }
    let is_raw = |place: Place| run.visits.get(place.visit).is_some_and(|visit| visit.fetched.is_none());
    let raw = run.exchanges().filter(|(place, _)| is_raw(*place));
    raw.filter_map(|(place, exchange)| allowed_raw_origin(run, place, exchange)).collect()
}

fn allowed_raw_origin(run: &Run<'_>, place: Place, exchange: &Exchange) -> Option<Finding> {
    let response = exchange.response()?;
    let value = |headers: &HeaderList, name: &'static str| headers.get(name).map(|value| value.to_vec());
    let origin = value(&exchange.request.headers, "Origin")?;
    let is_own = exchange.is_from_own_origin() || exchange.application_sends_cors();
    if is_own || run.may_read(exchange) || origin.is_empty() || origin == b"*" {
        return None;
    }
    let allowed = value(&response.headers, ALLOW_ORIGIN);
    let is_of_a_page = str::from_utf8(&origin).is_ok_and(|origin| origin.parse::<Origin>().is_ok());
    let is_reflected = allowed.as_deref() == Some(&origin);
    let is_wildcard = is_of_a_page && allowed.as_deref() == Some(b"*");
    if !is_reflected && !is_wildcard {
        return None;
    }
    let credentials = value(&response.headers, ALLOW_CREDENTIALS);
    let (severity, who) = match (is_of_a_page, credentials.as_deref()) {
        (false, _) => (Severity::Low, "no browser sends this origin"),
        (true, Some(b"true")) if is_reflected => (Severity::Critical, "a page can have this origin"),
        (true, _) => (Severity::High, "a page can have this origin"),
    };
    let origin = isomorphic_decode(&origin);
    let message = format!("The response allows the origin `{origin}`, which the policy does not list; {who}.");
    Some(Finding::new(place, severity, message).at_header(ALLOW_ORIGIN))
}

/// Returns `sent` if it is not empty. Otherwise finds preflight responses that list more than the policy. The
/// CORS-preflight cache keeps the whole list for the page's next fetch.
fn or_listed(
    sent: Vec<Finding>,
    run: &Run<'_>,
    header: &'static str,
    beyond: fn(&Policy, &Grant<'_>, wildcard_counts: bool) -> Option<String>,
) -> Vec<Finding> {
    if !sent.is_empty() {
        return sent;
    }
    let policy = &run.case.policy;
    let listed = responses(run).filter_map(|(place, exchange, response)| {
        let asked = exchange.fetch_behind()?;
        let modes = [CredentialsMode::Omit, CredentialsMode::Include];
        // A policy without credentials permits no fetch that includes them.
        let modes = modes.into_iter().filter(|mode| policy.credentials || *mode == CredentialsMode::Omit);
        let what = modes.into_iter().find_map(|credentials| {
            let mut request = Cow::Borrowed(asked);
            if credentials != asked.credentials {
                request.to_mut().credentials = credentials;
            }
            if intent(policy, &request) != Intent::Permit {
                return None;
            }
            let grant = check_preflight_response(&request, response).ok()?;
            beyond(policy, &grant, credentials != CredentialsMode::Include)
        })?;
        let message =
            format!("The preflight response allows {what} for the page's next fetch, but the policy does not list it.");
        Some(Finding::new(place, Severity::Low, message).at_header(header))
    });
    listed.collect()
}

/// Returns a method that the grant lists and the policy does not.
fn methods_beyond(policy: &Policy, grant: &Grant<'_>, wildcard_counts: bool) -> Option<String> {
    let AllowList::List(methods) = &policy.methods else { return None };
    let is_beyond = |method: &&&str| {
        (**method != "*" || wildcard_counts)
            && !is_cors_safelisted_method(method)
            && !is_forbidden_method(method)
            // A browser never asks for another spelling of a method that `fetch()` normalizes.
            && normalize_method(method) == **method
            && !methods.iter().any(|own| own.as_str() == **method)
    };
    grant.methods.iter().find(is_beyond).map(|method| format!("the method `{method}`"))
}

/// Returns a request-header name that the grant lists and the policy does not.
fn names_beyond(policy: &Policy, grant: &Grant<'_>, wildcard_counts: bool) -> Option<String> {
    let names = match &policy.request_headers {
        AllowList::List(names) => names.as_slice(),
        AllowList::Any => &[],
        AllowList::Mirror => return None,
    };
    let is_allowed = |name: &str| match policy.request_headers {
        AllowList::Any => !is_cors_non_wildcard_request_header_name(name),
        _ => names.iter().any(|own| *own == *name),
    };
    let is_beyond = |name: &&&str| {
        let needs_listing = !is_forbidden_request_header(name, b"")
            && !HEADERS_WITH_SAFELISTED_VALUES.contains(&name.to_ascii_lowercase().as_str());
        (**name != "*" || wildcard_counts) && needs_listing && !is_allowed(name)
    };
    grant.header_names.iter().find(is_beyond).map(|name| format!("the request header `{name}`"))
}

/// Request headers with some CORS-safelisted values. To list them grants little, and many servers do.
pub(crate) const HEADERS_WITH_SAFELISTED_VALUES: [&str; 5] =
    ["accept", "accept-language", "content-language", "content-type", "range"];

fn allowed_null(run: &Run<'_>) -> Vec<Finding> {
    let permits_null = match &run.case.policy.origins {
        AllowList::List(patterns) => patterns.iter().any(|pattern| pattern.as_str() == "null"),
        AllowList::Any | AllowList::Mirror => true,
    };
    if permits_null {
        return Vec::new();
    }
    let is_null = |headers: &HeaderList, name: &'static str| headers.get(name).is_some_and(|value| value == *"null");
    let allows_null = |exchange: &Exchange, headers: &HeaderList| {
        is_null(headers, ALLOW_ORIGIN) && !is_null(&exchange.request.headers, "Origin")
    };
    let found = responses(run).filter(|(_, exchange, response)| allows_null(exchange, &response.headers));
    let message = "The response allows the origin `null`, which the policy does not list.";
    found.map(|(place, ..)| Finding::new(place, Severity::Low, message).at_header(ALLOW_ORIGIN)).collect()
}

/// Finds denied fetches that succeed, for the denials that `matches` selects.
fn granted(run: &Run<'_>, header: &'static str, matches: fn(&Denied) -> bool) -> Vec<Finding> {
    let found = cors_fetches(run).filter(|fetch| fetch.deviation() == Some(Deviation::OverGrant));
    let found = found.filter_map(|CorsFetch { visit, fetched, last }| {
        let Intent::Deny(denied) = &fetched.intent else { return None };
        let success = matches(denied).then(|| success(visit, fetched)).flatten()?;
        let why = fetched.denial()?;
        let reach = match Reach::of(fetched.request.origin.serialize()) {
            Reach::SomeBrowser => " Not every browser accepts the characters in its host.",
            Reach::Browser | Reach::RawClient => "",
        };
        let message = format!("The page {success}, although {why}.{reach}");
        // The preflight decides whether a method or a request header is sent.
        let is_preflighted = [ALLOW_METHODS, ALLOW_HEADERS].contains(&header);
        let preflight = visit.exchanges.iter().rposition(|exchange| exchange.kind == Some(RequestKind::Preflight));
        let (exchange, header) = match preflight {
            Some(preflight) if is_preflighted || fetched.outcome.verdict != Verdict::Readable => (preflight, header),
            None if is_preflighted => (last.exchange, ALLOW_ORIGIN),
            _ => (last.exchange, header),
        };
        let finding = Finding::new(last, severity(fetched), message);
        Some(finding.at_header_of(Place { exchange, ..last }, header))
    });
    found.collect()
}

/// Returns what a denied page achieves with a fetch that is granted too much, as a verb phrase. Returns `None` if the
/// application grants it.
fn success(visit: &VisitRun<'_>, fetched: &Fetched) -> Option<&'static str> {
    if fetched.outcome.verdict == Verdict::Readable {
        let is_granted_by_application = visit.exchanges.last().is_some_and(Exchange::application_sends_cors);
        return (!is_granted_by_application).then_some("reads the response");
    }
    fetched.passed_preflight.then_some("passes the preflight, so that its request is sent")
}

/// Returns true if the application sends the header of its own, without the middleware.
fn application_sends(visit: &VisitRun<'_>, name: &str) -> bool {
    let control = visit.exchanges.last().and_then(Exchange::control_response);
    control.is_some_and(|response| response.headers.contains(name))
}

/// Returns the severity of a successful fetch. A browser can send the origin of every page.
fn severity(fetched: &Fetched) -> Severity {
    match fetched.request.credentials {
        CredentialsMode::Include => Severity::Critical,
        CredentialsMode::Omit | CredentialsMode::SameOrigin => Severity::High,
    }
}

fn exposed(run: &Run<'_>) -> Vec<Finding> {
    let found = cors_fetches(run).filter_map(|fetch| {
        let CorsFetch { visit, fetched, last } = fetch;
        let is_readable = fetched.outcome.verdict == Verdict::Readable && fetched.intent == Intent::Permit;
        if !is_readable || application_sends(visit, EXPOSE_HEADERS) {
            return None;
        }
        let is_hidden = |name: &HeaderName| {
            let exposure = exposure(&run.case.policy, &fetched.request, name);
            Deviation::of_header(&exposure, true) == Some(Deviation::OverGrant)
        };
        let (severity, message) =
            if let Some((name, _)) = fetched.outcome.readable_headers.iter().find(|(name, _)| is_hidden(name)) {
                let message = format!("The page reads the response header `{name}`, which the policy does not expose.");
                (severity(fetched), message)
            } else {
                let name = exposed_without_effect(run, visit, fetched, is_hidden)?;
                (Severity::Low, format!("The response exposes `{name}`, which the policy does not expose."))
            };
        Some(Finding::new(last, severity, message).at_header(EXPOSE_HEADERS))
    });
    found.collect()
}

/// Returns a name that the response exposes and the policy hides, although the response has no header of that name.
fn exposed_without_effect(
    run: &Run<'_>,
    visit: &VisitRun<'_>,
    fetched: &Fetched,
    is_hidden: impl Fn(&HeaderName) -> bool,
) -> Option<String> {
    let response = visit.exchanges.last()?.response()?;
    let names = extract_tokens(EXPOSE_HEADERS, &response.headers).ok()??;
    let is_beyond = |name: &&&str| match name.parse::<HeaderName>() {
        Ok(name) if name == *"*" => {
            fetched.request.credentials != CredentialsMode::Include
                && matches!(run.case.policy.exposed_headers, AllowList::List(_))
        }
        Ok(name) => is_hidden(&name) && !is_forbidden_response_header_name(&name),
        Err(_) => false,
    };
    names.iter().find(is_beyond).map(|name| (*name).to_owned())
}
