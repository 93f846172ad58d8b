//! The page gets what the policy denies.

use std::borrow::Cow;

use cors_policy::{
    AllowList, Policy,
    intent::{Denied, Exposure, Intent, exposure, intent},
};
use cors_reference::{
    extract::extract_tokens,
    fetch::Verdict,
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

use super::{Class, Finding, Rule, Severity, each_cors_fetch, each_response, is_from_own_origin, may_read};
use crate::{
    drive::{Exchange, Fetched, Run, VisitRun},
    search::generate::near_origins::Reach,
};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "over-grant/origin",
        class: Class::OverGrant,
        severity: Severity::High,
        says: "A page of an origin that the policy does not name reads nothing.",
        why: "Any site that a user visits reads what the server answers to that user: what is behind their network or, \
              with credentials, their account.",
        quote: "Validate Origin against an explicit allowlist of known origins",
        link: "https://fetch.spec.whatwg.org/#concept-cors-check",
        mend: "Compare `Origin` whole and byte for byte with the serialized origins of a list; for subdomains, compare \
               scheme, host suffix with its dot, and port apart.",
        needs: &[],
        check: |run| {
            let pages = granted(run, |denied| matches!(denied, Denied::Origin));
            pages.into_iter().chain(echoed(run)).collect()
        },
    },
    Rule {
        id: "over-grant/credentials",
        class: Class::OverGrant,
        severity: Severity::Critical,
        says: "A fetch that includes credentials reads nothing where the policy wants none.",
        why: "A page reads answers made for the user who is logged in, though the server was set up to share public \
              answers alone.",
        quote: "Only set Access-Control-Allow-Credentials: true if the endpoint actually needs cookies/auth from \
                cross-origin requests",
        link: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
        mend: "Send `Access-Control-Allow-Credentials` only where credentials are configured, and never reflect the \
               origin in the place of `*`.",
        needs: &[],
        check: |run| granted(run, |denied| matches!(denied, Denied::Credentials)),
    },
    Rule {
        id: "over-grant/method",
        class: Class::OverGrant,
        severity: Severity::High,
        says: "A method that the policy does not name is never sent.",
        why: "A page sends DELETE or PUT with the rights of the user, which the preflight was to stop.",
        quote: "Only allow the HTTP methods your API actually uses",
        link: "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
        mend: "List in `Access-Control-Allow-Methods` the configured methods alone; echo the asked method only if it \
               is one of them.",
        needs: &[],
        check: |run| {
            let sent = granted(run, |denied| matches!(denied, Denied::Method));
            or_listed(sent, run, methods_beyond)
        },
    },
    Rule {
        id: "over-grant/request-header",
        class: Class::OverGrant,
        severity: Severity::High,
        says: "A request header that the policy does not name is never sent.",
        why: "A page sets a header, such as an override of the method or an API key, that the server takes for its own \
              client's.",
        quote: "Only allow the request headers your API actually needs",
        link: "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
        mend: "List in `Access-Control-Allow-Headers` the configured names alone; `*` only where any header is \
               configured.",
        needs: &[],
        check: |run| {
            let sent = granted(run, |denied| matches!(denied, Denied::RequestHeader(_)));
            or_listed(sent, run, names_beyond)
        },
    },
    Rule {
        id: "over-grant/exposed-header",
        class: Class::OverGrant,
        severity: Severity::High,
        says: "A response header that the policy does not name is not readable.",
        why: "A page reads tokens or identifiers out of headers that were not meant for it.",
        quote: "Only expose the response headers your frontend actually reads",
        link: "https://fetch.spec.whatwg.org/#concept-filtered-response-cors",
        mend: "List in `Access-Control-Expose-Headers` the configured names alone.",
        needs: &[],
        check: exposed,
    },
    Rule {
        id: "over-grant/null",
        class: Class::OverGrant,
        severity: Severity::Low,
        says: "No answer names `null`, unless the policy does.",
        why: "Any page gets the origin `null` by a sandboxed frame or a `data:` URL; what is shared with it is shared with \
              everyone.",
        quote: "Don't include null as an allowed origin (sandboxed iframes and redirects send Origin: null, and allowing it \
                defeats the purpose)",
        link: "https://w3c.github.io/webappsec-cors-for-developers/#avoid-returning-access-control-allow-origin-null",
        mend: "Leave `Access-Control-Allow-Origin` out where the origin is refused.",
        needs: &["over-grant/origin"],
        check: said_null,
    },
];

/// A raw request's `Origin` that is denied and comes back. One that no page has weighs less.
fn echoed(run: &Run<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Where everyone may read, and where what was asked is answered, nobody is denied by the text of an origin.
    if !matches!(run.case.policy.origins, AllowList::List(_)) {
        return findings;
    }
    for (visit, of_visit) in run.visits.iter().enumerate().filter(|(_, visit)| visit.fetched.is_none()) {
        for (exchange, of_exchange) in of_visit.exchanges.iter().enumerate() {
            let Ok(response) = &of_exchange.observed.result else { continue };
            let value = |headers: &HeaderList, name: &'static str| headers.get(name).map(|value| value.to_vec());
            let Some(origin) = value(&of_exchange.request.headers, "Origin") else { continue };
            let is_own = is_from_own_origin(of_exchange) || of_exchange.is_the_applications();
            if is_own || may_read(run, of_exchange) || origin.is_empty() || origin == b"*" {
                continue;
            }
            let allowed = value(&response.headers, "Access-Control-Allow-Origin");
            let is_of_a_page = str::from_utf8(&origin).is_ok_and(|origin| origin.parse::<Origin>().is_ok());
            let is_shared = allowed.as_deref() == Some(&origin) || (is_of_a_page && allowed.as_deref() == Some(b"*"));
            if is_shared {
                let credentials = value(&response.headers, "Access-Control-Allow-Credentials");
                let (severity, who) = match (is_of_a_page, credentials.as_deref()) {
                    (false, _) => (Severity::Low, "no browser sends"),
                    (true, Some(b"true")) if allowed.as_deref() == Some(&origin) => {
                        (Severity::Critical, "any page may have")
                    }
                    (true, _) => (Severity::High, "any page may have"),
                };
                let origin = isomorphic_decode(&origin);
                let message = format!("The answer allows `{origin}`, which {who} and the policy does not name.");
                findings.push(Finding { visit, exchange, severity, message, aside: Vec::new() });
            }
        }
    }
    findings
}

/// What was found, or where that is nothing, what a preflight's answer lists beyond the policy: the CORS-preflight
/// cache keeps all of it, for the page's next fetch.
fn or_listed(
    sent: Vec<Finding>,
    run: &Run<'_>,
    beyond: fn(&Policy, &Grant<'_>, wildcard_counts: bool) -> Option<String>,
) -> Vec<Finding> {
    if !sent.is_empty() {
        return sent;
    }
    each_response(run, Severity::Low, |exchange, response| {
        let asked = exchange.fetch_behind()?;
        let modes = [CredentialsMode::Omit, CredentialsMode::Include];
        // Without credentials in the policy, none are permitted.
        let modes = modes.into_iter().filter(|mode| run.case.policy.credentials || *mode == CredentialsMode::Omit);
        modes.into_iter().find_map(|credentials| {
            let mut request = Cow::Borrowed(asked);
            if credentials != asked.credentials {
                request.to_mut().credentials = credentials;
            }
            if intent(&run.case.policy, &request) != Intent::Permit {
                return None;
            }
            let grant = check_preflight_response(&request, response).ok()?;
            let what = beyond(&run.case.policy, &grant, credentials != CredentialsMode::Include)?;
            Some(format!("The preflight's answer allows {what}, which the policy does not name, for the next fetch."))
        })
    })
}

fn methods_beyond(policy: &Policy, grant: &Grant<'_>, wildcard_counts: bool) -> Option<String> {
    let AllowList::List(methods) = &policy.methods else { return None };
    let is_beyond = |method: &&&str| {
        (**method != "*" || wildcard_counts)
            && !is_cors_safelisted_method(method)
            && !is_forbidden_method(method)
            // What `fetch()` normalizes is never asked for in other letters.
            && normalize_method(method) == **method
            && !methods.iter().any(|own| own.as_str() == **method)
    };
    grant.methods.iter().find(is_beyond).map(|method| format!("the method `{method}`"))
}

fn names_beyond(policy: &Policy, grant: &Grant<'_>, wildcard_counts: bool) -> Option<String> {
    let names = match &policy.request_headers {
        AllowList::List(names) => names.as_slice(),
        AllowList::Any => &[],
        AllowList::Mirror => return None,
    };
    let is_wish = |name: &str| match policy.request_headers {
        AllowList::Any => !is_cors_non_wildcard_request_header_name(name),
        _ => names.iter().any(|own| *own == *name),
    };
    let is_beyond = |name: &&&str| {
        let needs_listing =
            !is_forbidden_request_header(name, b"") && !NEED_NO_LISTING.contains(&name.to_ascii_lowercase().as_str());
        (**name != "*" || wildcard_counts) && needs_listing && !is_wish(name)
    };
    grant.header_names.iter().find(is_beyond).map(|name| format!("the request header `{name}`"))
}

/// Request headers of which some values are CORS-safelisted: naming them grants little, and many do.
const NEED_NO_LISTING: [&str; 5] = ["accept", "accept-language", "content-language", "content-type", "range"];

fn said_null(run: &Run<'_>) -> Vec<Finding> {
    each_response(run, Severity::Low, |exchange, response| {
        let names_null = match &run.case.policy.origins {
            AllowList::List(patterns) => patterns.iter().any(|pattern| pattern.as_str() == "null"),
            AllowList::Any | AllowList::Mirror => true,
        };
        let is = |headers: &HeaderList, name: &'static str| headers.get(name).is_some_and(|value| value == *"null");
        let says_null =
            is(&response.headers, "Access-Control-Allow-Origin") && !is(&exchange.request.headers, "Origin");
        (says_null && !names_null).then(|| "The answer allows `null`, which the policy does not name.".to_owned())
    })
}

fn granted(run: &Run<'_>, is_denied_for: fn(&Denied) -> bool) -> Vec<Finding> {
    each_cors_fetch(run, |visit, fetched| {
        let Intent::Deny(denied) = &fetched.intent else { return None };
        let got = is_denied_for(denied).then(|| got(visit, fetched)).flatten()?;
        let why = fetched.denial()?;
        let last = visit.exchanges.len().saturating_sub(1);
        let reach = match Reach::of(fetched.request.origin.serialize()) {
            Reach::SomeBrowser => " Its host holds what not every browser lets a host hold.",
            Reach::Browser | Reach::RawClient => "",
        };
        Some((last, severity(fetched), format!("The page {got}, though {why}.{reach}")))
    })
}

/// What the page got of a fetch that it should get nothing of.
fn got(visit: &VisitRun<'_>, fetched: &Fetched) -> Option<&'static str> {
    if fetched.outcome.verdict == Verdict::Readable {
        let is_own = visit.exchanges.last().is_some_and(Exchange::is_the_applications);
        return (!is_own).then_some("reads the answer");
    }
    // "If the preflight fails, the browser won't send the actual request."
    fetched.passed_preflight.then_some("has its request sent past the preflight")
}

/// Whether the application grants it by itself, without the middleware.
fn is_the_handlers_own(visit: &VisitRun<'_>, name: &str) -> bool {
    let control = visit.exchanges.last().and_then(|exchange| exchange.control.result.as_ref().ok());
    control.is_some_and(|response| response.headers.contains(name))
}

/// Every origin of a page can be sent by a browser.
fn severity(fetched: &Fetched) -> Severity {
    match fetched.request.credentials {
        CredentialsMode::Include => Severity::Critical,
        CredentialsMode::Omit | CredentialsMode::SameOrigin => Severity::High,
    }
}

fn exposed(run: &Run<'_>) -> Vec<Finding> {
    each_cors_fetch(run, |visit, fetched| {
        if fetched.outcome.verdict != Verdict::Readable
            || fetched.intent != Intent::Permit
            || is_the_handlers_own(visit, "Access-Control-Expose-Headers")
        {
            return None;
        }
        let last = visit.exchanges.len().saturating_sub(1);
        let is_hidden = |name: &HeaderName| exposure(&run.case.policy, &fetched.request, name) == Exposure::Hidden;
        if let Some((name, _)) = fetched.outcome.readable_headers.iter().find(|(name, _)| is_hidden(name)) {
            let message = format!("The page reads the response header {name}, which the policy does not expose.");
            return Some((last, severity(fetched), message));
        }
        // Nothing of that name is there yet.
        let response = visit.exchanges.last()?.observed.result.as_ref().ok()?;
        let names = extract_tokens("Access-Control-Expose-Headers", &response.headers).ok()??;
        let is_beyond = |name: &&&str| match name.parse::<HeaderName>() {
            Ok(name) if name == *"*" => {
                fetched.request.credentials != CredentialsMode::Include
                    && matches!(run.case.policy.exposed_headers, AllowList::List(_))
            }
            Ok(name) => is_hidden(&name) && !is_forbidden_response_header_name(&name),
            Err(_) => false,
        };
        let name = names.iter().find(is_beyond)?;
        Some((last, Severity::Low, format!("The answer exposes `{name}`, which the policy does not.")))
    })
}
