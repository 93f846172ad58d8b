//! Responses that work in a browser but violate the grammar or the security checklist.

use cors_policy::{
    AllowList, Policy,
    intent::{Intent, intent},
};
use cors_reference::{
    header::HeaderName,
    header_list::HeaderList,
    origin::Origin,
    response::Response,
    safelist::{is_forbidden_method, is_forbidden_request_header, is_forbidden_response_header_name},
};

use super::{
    class::{Class, Severity},
    each::responses,
    header_names::{
        ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, EXPOSE_HEADERS, LISTS,
        MAX_AGE as MAX_AGE_HEADER, RESPONSE_HEADERS, SINGLE_VALUES, VARY,
    },
    robustness::{MALFORMED_VALUE, PANIC},
    rule::{Finding, Rule, STATUS},
};
use crate::drive::{Exchange, Run, is_cors_header, members, text};

const SYNTAX: &str = "https://fetch.spec.whatwg.org/#http-new-header-syntax";
const RESPONSES: &str = "https://fetch.spec.whatwg.org/#http-responses";

/// One week in seconds. No browser keeps a preflight response for longer than one day.
const WEEK: u64 = 604_800;

/// A violation: the line of the response, and the message.
type Violation = (String, String);

macro_rules! hygiene {
    ($($name:ident $id:literal: $requirement:literal, why $why:literal, quote $quote:literal, link $link:expr, fix $fix:literal, $check:expr;)*) => {
        pub(super) static RULES: &[&Rule] = &[$(&$name),*];

        $(#[doc = concat!("The rule `hygiene/", $id, "`.")]
        pub static $name: Rule = Rule {
            id: concat!("hygiene/", $id),
            class: Class::Hygiene,
            severity: Severity::Low,
            requirement: $requirement,
            why: $why,
            quote: $quote,
            link: $link,
            fix: $fix,
            needs: &[&PANIC, &MALFORMED_VALUE],
            check: |run| each(run, $check),
        };)*
    };
}

hygiene! {
    ALLOW_ORIGIN_VALUE "allow-origin-value": "Access-Control-Allow-Origin is `*`, `null` or one serialized origin.",
        why "A value that no browser accepts looks like a grant in a review, and another client may accept it.",
        quote "Indicates whether the response can be shared, via returning the literal value of the `Origin` request \
               header (which can be `null`) or `*` in a response.",
        link RESPONSES,
        fix "Send the request's own `Origin` unchanged, or leave out the header.",
        |_, _, headers| {
            let value = text(headers, ALLOW_ORIGIN)?;
            let is_one = value == "*" || value.parse::<Origin>().is_ok();
            (!is_one).then(|| violation(ALLOW_ORIGIN, format!("`{ALLOW_ORIGIN}` is `{value}`, which is neither `*` nor a serialized origin.")))
        };
    ALLOW_CREDENTIALS_VALUE "allow-credentials-value": "`Access-Control-Allow-Credentials` is `true` or missing.",
        why "`false` and `True` have no effect in a browser, but readers of the configuration expect one.",
        quote "Access-Control-Allow-Credentials = %s\"true\" ; case-sensitive",
        link SYNTAX,
        fix "Leave out the header if credentials are not allowed.",
        |_, _, headers| {
            let value = text(headers, ALLOW_CREDENTIALS)?;
            (value != "true").then(|| violation(ALLOW_CREDENTIALS, format!("`{ALLOW_CREDENTIALS}` is `{value}`, not `true`.")))
        };
    WITHOUT_ALLOW_ORIGIN "without-allow-origin": "No header of the CORS protocol is sent without `Access-Control-Allow-Origin`.",
        why "The header has no effect, and it reveals the configuration to everyone.",
        quote "If origin is not in the list, don't set CORS headers at all.",
        link RESPONSES,
        fix "Send the other headers only if the origin is allowed.",
        |_, _, headers| {
            let is_lone = !headers.contains(ALLOW_ORIGIN);
            let lone = RESPONSE_HEADERS.into_iter().find(|name| is_lone && headers.contains(name))?;
            Some(violation(lone, format!("The response has `{lone}` and no `{ALLOW_ORIGIN}`.")))
        };
    WILDCARD_WITH_CREDENTIALS "wildcard-with-credentials": "No response contains `*` together with `Access-Control-Allow-Credentials: true`.",
        why "With credentials, `*` has no effect. The configuration denies what it was meant to allow, and owners then reflect every origin.",
        quote "If you set credentials: true, you MUST NOT use wildcard * for origin, headers, or methods",
        link "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
        fix "List origins, methods and names, or leave out the credentials. Reject a configuration that has both.",
        |policy, _, headers| {
            let is_wild = |name: &&str| members(headers, name).iter().any(|member| member == "*");
            let is_wanted = |name: &&str| match *name {
                // What is mirrored may be a name of one star.
                ALLOW_METHODS => !matches!(policy.methods, AllowList::List(_)),
                ALLOW_HEADERS => !matches!(policy.request_headers, AllowList::List(_)),
                EXPOSE_HEADERS => policy.exposed_headers == AllowList::Any,
                _ => false,
            };
            let mut names = [ALLOW_ORIGIN].into_iter().chain(LISTS);
            let has_credentials = text(headers, ALLOW_CREDENTIALS)? == "true";
            let name = names.find(|name| has_credentials && is_wild(name) && !is_wanted(name))?;
            Some(violation(name, format!("`{name}` contains `*` in a response with `{ALLOW_CREDENTIALS}: true`.")))
        };
    REPEATED_HEADER "repeated-header": "A header with a single value is sent once.",
        why "Two layers that both add headers have two configurations. With two origins, every fetch fails.",
        quote "Only one layer of your stack adds CORS headers (not both proxy and application)",
        link SYNTAX,
        fix "Set the header instead of appending it. Let only one layer send CORS headers.",
        |_, _, headers| {
            let repeated = SINGLE_VALUES.into_iter().find(|name| headers.named(name).count() > 1)?;
            let times = headers.named(repeated).count();
            Some(violation(repeated, format!("The response has {times} `{repeated}` headers.")))
        };
    EMPTY_LIST "empty-list": "A list has no empty elements, and an empty list is left out.",
        why "An empty header hides that the configuration is empty.",
        quote "In any production that uses the list construct, a sender MUST NOT generate empty list elements.",
        link "https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.1",
        fix "Leave out the header if its list is empty. Do not write a comma after the last name.",
        |_, _, headers| {
            let is_gappy = |name: &&str| headers.contains(name) && members(headers, name).iter().any(String::is_empty);
            LISTS.into_iter().find(is_gappy).map(|name| violation(name, format!("`{name}` has an empty element.")))
        };
    UNKNOWN_HEADER "unknown-header": "Every response header whose name begins with `Access-Control-` belongs to the protocol.",
        why "A header with a misspelled name has no effect, and the mistake stays unnoticed.",
        quote "An HTTP response to a CORS request can include the following headers:",
        link RESPONSES,
        fix "Use the names of the standard: Allow-Origin, Allow-Credentials, Allow-Methods, Allow-Headers, Expose-Headers and Max-Age.",
        |_, _, headers| {
            let is_known = |name: &HeaderName| RESPONSE_HEADERS.iter().any(|known| *name == **known);
            let unknown = |name: &&HeaderName| is_cors_header(name.as_str()) && !is_known(name);
            let name = headers.iter().map(|(name, _)| name).find(unknown)?;
            Some(violation(name.as_str(), format!("`{name}` is not a response header of the CORS protocol.")))
        };
    MAX_AGE "max-age": "The response to a permitted preflight has the policy's max-age.",
        why "Without it, browsers send a new preflight after five seconds.",
        quote "Set a reasonable Access-Control-Max-Age (don't cache forever, but don't force a preflight on every request \
               either)",
        link "https://fetch.spec.whatwg.org/#http-access-control-max-age",
        fix "Send the configured number of seconds, also if it is 0.",
        |policy, exchange, headers| {
            let wanted = policy.max_age.filter(|_| is_permitted_preflight(policy, exchange))?.to_string();
            let value = text(headers, MAX_AGE_HEADER);
            let message = match &value {
                Some(value) => format!("`{MAX_AGE_HEADER}` is `{value}`, but the policy sets {wanted}."),
                None => format!("The response has no `{MAX_AGE_HEADER}`, but the policy sets {wanted}."),
            };
            (value.as_deref() != Some(&wanted)).then(|| violation(MAX_AGE_HEADER, message))
        };
    MAX_AGE_VALUE "max-age-value": "`Access-Control-Max-Age` is a number of seconds. It exceeds one week only if the policy does.",
        why "A mistake in the policy stays in browsers for this time.",
        quote "Don't set Access-Control-Max-Age to a year. A day or an hour is usually enough.",
        link "https://fetch.spec.whatwg.org/#http-access-control-max-age",
        fix "Send only digits. No browser stores the response for longer than one day.",
        |policy, _, headers| {
            let value = text(headers, MAX_AGE_HEADER)?;
            let message = match value.parse::<u64>().ok().filter(|_| value.bytes().all(|byte| byte.is_ascii_digit())) {
                None => format!("`{MAX_AGE_HEADER}` is `{value}`, which is not a number of seconds."),
                Some(seconds) if seconds > WEEK && policy.max_age.is_none_or(|own| own < seconds) => {
                    format!("`{MAX_AGE_HEADER}` is {seconds} seconds, which is longer than a week.")
                }
                Some(_) => return None,
            };
            Some(violation(MAX_AGE_HEADER, message))
        };
    FORBIDDEN_NAME "forbidden-name": "No list contains a name that pages cannot use.",
        why "A list with unusable names was not made for this API, and it hides the names that matter.",
        quote "Only allow the request headers your API actually needs",
        link "https://fetch.spec.whatwg.org/#forbidden-request-header",
        fix "Leave out forbidden methods, forbidden request headers such as `Origin`, and `Set-Cookie`.",
        |policy, _, headers| {
            let methods = members(headers, ALLOW_METHODS).into_iter().filter(|method| {
                is_forbidden_method(method) && !policy.methods.list().iter().any(|own| own.as_str() == method)
            });
            let names = members(headers, ALLOW_HEADERS).into_iter().filter(|name| {
                is_forbidden_request_header(name, b"") && !policy.request_headers.list().iter().any(|own| *own == **name)
            });
            let exposed = members(headers, EXPOSE_HEADERS).into_iter().filter(|name| {
                name.parse::<HeaderName>().is_ok_and(|name| {
                    is_forbidden_response_header_name(&name) && !policy.exposed_headers.list().contains(&name)
                })
            });
            let methods = methods.map(|name| (ALLOW_METHODS, name));
            let names = names.map(|name| (ALLOW_HEADERS, name));
            let exposed = exposed.map(|name| (EXPOSE_HEADERS, name));
            let (header, name) = methods.chain(names).chain(exposed).next()?;
            Some(violation(header, format!("`{header}` lists `{name}`, which no page can use.")))
        };
    REFUSAL_STATUS "refusal-status": "The response to a denied preflight does not have the status 401 or 407.",
        why "A browser may prompt the user for these statuses, and a proxy may handle them itself.",
        quote "Ultimately server developers have a lot of freedom in how they handle HTTP responses and these tactics can \
               differ between the response to the CORS-preflight request and the CORS request that follows it:",
        link RESPONSES,
        fix "Answer with 403 to show the denial, or with 204 without the headers. Authenticate behind the CORS layer.",
        |_, exchange, _| {
            let status = exchange.response()?.status;
            (exchange.request.is_cors_preflight() && matches!(status, 401 | 407))
                .then(|| violation(STATUS, format!("The response to the preflight has the status {status}.")))
        };
    VARY_MEMBER "vary-member": "`Vary` lists request headers.",
        why "A cache looks for the listed header in requests, does not find it, and mixes up responses that it must keep apart.",
        quote "The \"Vary\" header field in a response describes what parts of a request message, aside from the method and \
               target URI, might have influenced the origin server's process for selecting the content of this response.",
        link "https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5",
        fix "List `Origin`; for mirrored preflights, also list `Access-Control-Request-Method` and `Access-Control-Request-Headers`.",
        |_, _, headers| {
            let is_response_header =
                |member: &String| RESPONSE_HEADERS.iter().any(|known| known.eq_ignore_ascii_case(member));
            let member = members(headers, VARY).into_iter().find(is_response_header)?;
            Some(violation(VARY, format!("`Vary` lists `{member}`, which is a response header.")))
        };
}

fn each(run: &Run<'_>, check: impl Fn(&Policy, &Exchange, &HeaderList) -> Option<Violation>) -> Vec<Finding> {
    // The text of a response matters only for requests that a browser sends.
    let sent_by_browsers = responses(run).filter(|(_, exchange, _)| !exchange.is_hostile());
    let found = sent_by_browsers.filter_map(|(place, exchange, response)| {
        let (line, message) = check(&run.case.policy, exchange, &response.headers)?;
        Some(Finding::new(place, Severity::Low, message).at_header(&line))
    });
    found.collect()
}

fn violation(line: &str, message: String) -> Violation {
    (line.to_owned(), message)
}

fn is_permitted_preflight(policy: &Policy, exchange: &Exchange) -> bool {
    exchange.response().is_some_and(Response::has_ok_status)
        && exchange.fetch_behind().is_some_and(|asked| intent(policy, asked) == Intent::Permit)
}
