//! It works in a browser, and is not what the grammar or the security checklist wants.

use cors_policy::{AllowList, Policy};
use cors_reference::{
    header::HeaderName,
    header_list::HeaderList,
    origin::Origin,
    response::Response,
    safelist::{is_forbidden_method, is_forbidden_request_header, is_forbidden_response_header_name},
};

use super::{
    Class, Finding, Rule, Severity, each_response, is_of_cors,
    text::{members, text},
};
use crate::drive::{Exchange, Run};

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";
const ALLOW_METHODS: &str = "Access-Control-Allow-Methods";
const ALLOW_HEADERS: &str = "Access-Control-Allow-Headers";
const EXPOSE_HEADERS: &str = "Access-Control-Expose-Headers";
const MAX_AGE: &str = "Access-Control-Max-Age";
const PRIVATE_NETWORK: &str = "Access-Control-Allow-Private-Network";

/// Every response header of the CORS protocol, and what extends it.
const KNOWN: [&str; 7] =
    [ALLOW_ORIGIN, ALLOW_CREDENTIALS, ALLOW_METHODS, ALLOW_HEADERS, EXPOSE_HEADERS, MAX_AGE, PRIVATE_NETWORK];

/// Those that hold one value.
const SINGLE: [&str; 4] = [ALLOW_ORIGIN, ALLOW_CREDENTIALS, MAX_AGE, PRIVATE_NETWORK];

/// Those that hold a list.
const LISTS: [&str; 3] = [ALLOW_METHODS, ALLOW_HEADERS, EXPOSE_HEADERS];

const SYNTAX: &str = "https://fetch.spec.whatwg.org/#http-new-header-syntax";
const RESPONSES: &str = "https://fetch.spec.whatwg.org/#http-responses";

/// A week, in seconds: no browser keeps a preflight's answer for longer than a day.
const LONG: u64 = 604_800;

macro_rules! hygiene {
    ($($id:literal: $says:literal, why $why:literal, quote $quote:literal, link $link:expr, mend $mend:literal, $check:expr;)*) => {
        pub(super) const RULES: &[Rule] = &[$(Rule {
            id: concat!("hygiene/", $id),
            class: Class::Hygiene,
            severity: Severity::Low,
            says: $says,
            why: $why,
            quote: $quote,
            link: $link,
            mend: $mend,
            needs: &["robustness/panic", "robustness/malformed-value"],
            check: |run| each(run, $check),
        }),*];
    };
}

hygiene! {
    "allow-origin-value": "Access-Control-Allow-Origin is `*`, `null` or one serialized origin.",
        why "What no browser takes looks like a grant to whoever reviews it, and some day a client takes it.",
        quote "Indicates whether the response can be shared, via returning the literal value of the `Origin` request \
               header (which can be `null`) or `*` in a response.",
        link RESPONSES,
        mend "Answer with the request's own `Origin`, as it is spelled there, or not at all.",
        |_, _, headers| {
            let value = text(headers, ALLOW_ORIGIN)?;
            let is_one = value == "*" || value.parse::<Origin>().is_ok();
            (!is_one).then(|| format!("`{value}` is neither `*` nor a serialized origin."))
        };
    "allow-credentials-value": "Access-Control-Allow-Credentials is `true`, or is not there.",
        why "`false` and `True` say nothing to a browser; whoever reads them thinks otherwise.",
        quote "Access-Control-Allow-Credentials = %s\"true\" ; case-sensitive",
        link SYNTAX,
        mend "Leave the header out where credentials are not allowed.",
        |_, _, headers| {
            let value = text(headers, ALLOW_CREDENTIALS)?;
            (value != "true").then(|| format!("Its value is `{value}`."))
        };
    "without-allow-origin": "No header of the CORS protocol stands without Access-Control-Allow-Origin.",
        why "It means nothing, and tells everyone of a configuration that was not for them.",
        quote "If origin is not in the list, don't set CORS headers at all.",
        link RESPONSES,
        mend "Set the other headers only where the origin is allowed.",
        |_, _, headers| {
            let is_lone = !headers.contains(ALLOW_ORIGIN);
            let lone = KNOWN.into_iter().find(|name| is_lone && headers.contains(name))?;
            Some(format!("{lone} stands alone."))
        };
    "wildcard-with-credentials": "No `*` stands beside Access-Control-Allow-Credentials.",
        why "Under credentials `*` counts for nothing: what was meant to be open is closed, and the next step is to \
             reflect every origin.",
        quote "If you set credentials: true, you MUST NOT use wildcard * for origin, headers, or methods",
        link "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
        mend "List origins, methods and names, or leave out the credentials; refuse a configuration that has both.",
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
            Some(format!("{name} is `*` beside credentials."))
        };
    "repeated-header": "A header of one value is sent once.",
        why "Two layers that both add headers are two configurations; with two origins every fetch fails.",
        quote "Only one layer of your stack adds CORS headers (not both proxy and application)",
        link SYNTAX,
        mend "Set the header, do not append it; let one layer alone speak of CORS.",
        |_, _, headers| {
            let repeated = SINGLE.into_iter().find(|name| headers.named(name).count() > 1)?;
            Some(format!("{repeated} is sent {} times.", headers.named(repeated).count()))
        };
    "empty-list": "A list has no empty elements, and is left out where nothing is in it.",
        why "An empty header hides that a configuration came out empty.",
        quote "In any production that uses the list construct, a sender MUST NOT generate empty list elements.",
        link "https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.1",
        mend "Leave the header out where its list is empty, and join names without a comma behind the last.",
        |_, _, headers| {
            let is_gappy = |name: &&str| headers.contains(name) && members(headers, name).iter().any(String::is_empty);
            LISTS.into_iter().find(is_gappy).map(|name| format!("{name} has an empty element."))
        };
    "unknown-header": "Every header that begins with `Access-Control-` is one that the protocol knows.",
        why "A header of a misspelled name does nothing, and nobody notices.",
        quote "An HTTP response to a CORS request can include the following headers:",
        link RESPONSES,
        mend "Take the names from the standard: Allow-Origin, Allow-Credentials, Allow-Methods, Allow-Headers, \
              Expose-Headers and Max-Age.",
        |_, _, headers| {
            let unknown = |name: &&HeaderName| is_of_cors(name.as_str()) && !KNOWN.iter().any(|known| **name == **known);
            headers.iter().map(|(name, _)| name).find(unknown).map(|name| format!("{name} is no such header."))
        };
    "max-age": "A permitted preflight's answer tells the policy's max-age.",
        why "Without it browsers ask again after five seconds: every request becomes two.",
        quote "Set a reasonable Access-Control-Max-Age (don't cache forever, but don't force a preflight on every request \
               either)",
        link "https://fetch.spec.whatwg.org/#http-access-control-max-age",
        mend "Send the configured number of seconds, 0 too.",
        |policy, exchange, headers| {
            let wanted = policy.max_age.filter(|_| is_permitted_preflight(policy, exchange))?.to_string();
            let value = text(headers, MAX_AGE);
            (value.as_deref() != Some(&wanted)).then(|| match value {
                Some(value) => format!("{MAX_AGE} is `{value}`, and the policy says {wanted}."),
                None => format!("There is no {MAX_AGE}, and the policy says {wanted}."),
            })
        };
    "max-age-value": "Access-Control-Max-Age is a number of seconds, and no longer than a week unless the policy says so.",
        why "A mistake in the policy stays in browsers for as long as it says.",
        quote "Don't set Access-Control-Max-Age to a year. A day or an hour is usually enough.",
        link "https://fetch.spec.whatwg.org/#http-access-control-max-age",
        mend "Send digits alone; a day is as much as any browser keeps.",
        |policy, _, headers| {
            let value = text(headers, MAX_AGE)?;
            match value.parse::<u64>().ok().filter(|_| value.bytes().all(|byte| byte.is_ascii_digit())) {
                None => Some(format!("`{value}` is no number of seconds.")),
                Some(seconds) => (seconds > LONG && policy.max_age.is_none_or(|own| own < seconds))
                    .then(|| format!("{seconds} seconds are longer than a week.")),
            }
        };
    "forbidden-name": "No list names what no page can use.",
        why "A list of names that no page can set or read was not made for this API, and hides those that matter.",
        quote "Only allow the request headers your API actually needs",
        link "https://fetch.spec.whatwg.org/#forbidden-request-header",
        mend "Leave out forbidden methods, forbidden request headers such as `Origin`, and `Set-Cookie`.",
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
            methods.chain(names).chain(exposed).next().map(|name| format!("No page can use `{name}`."))
        };
    "refusal-status": "A preflight that is refused is not answered 401 or 407.",
        why "A browser takes these for a question to the user, and a proxy for its own.",
        quote "Ultimately server developers have a lot of freedom in how they handle HTTP responses and these tactics can \
               differ between the response to the CORS-preflight request and the CORS request that follows it:",
        link RESPONSES,
        mend "Answer 403 where the refusal is to be told, or 204 without the headers; authenticate behind the CORS \
              layer.",
        |_, exchange, _| {
            let status = exchange.observed.result.as_ref().ok()?.status;
            (exchange.request.is_cors_preflight() && matches!(status, 401 | 407))
                .then(|| format!("The preflight is answered {status}."))
        };
    "vary-member": "Vary names request headers.",
        why "A cache looks for such a header in requests, finds none, and mixes up what should be kept apart.",
        quote "The \"Vary\" header field in a response describes what parts of a request message, aside from the method and \
               target URI, might have influenced the origin server's process for selecting the content of this response.",
        link "https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5",
        mend "Name `Origin`, and on mirrored preflights `Access-Control-Request-Method` and \
              `Access-Control-Request-Headers`.",
        |_, _, headers| {
            let is_of_responses = |member: &String| KNOWN.iter().any(|known| known.eq_ignore_ascii_case(member));
            members(headers, "Vary").into_iter().find(is_of_responses).map(|member| format!("`{member}` is in no request."))
        };
}

fn each(run: &Run<'_>, check: impl Fn(&Policy, &Exchange, &HeaderList) -> Option<String>) -> Vec<Finding> {
    each_response(run, Severity::Low, |exchange, response: &Response| {
        // What is answered to a request that no browser sends is nobody's habit.
        if exchange.is_hostile() {
            return None;
        }
        check(&run.case.policy, exchange, &response.headers)
    })
}

fn is_permitted_preflight(policy: &Policy, exchange: &Exchange) -> bool {
    if !exchange.observed.result.as_ref().is_ok_and(Response::has_ok_status) {
        return false;
    }
    exchange
        .fetch_behind()
        .is_some_and(|asked| cors_policy::intent::intent(policy, asked) == cors_policy::intent::Intent::Permit)
}
