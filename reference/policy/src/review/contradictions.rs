//! Checks for parts of a policy that contradict or repeat each other.

use std::fmt::Display;

use crate::{AllowList, Policy};

use super::{
    check::{Check, RemarkKind::Contradiction, of_field, of_items},
    grants::needs_preflight,
    parts::covers,
};

const DELIBERATELY: &str = "Every \"allow\" in your CORS configuration is an explicit decision to relax the Same-Origin \
                            Policy. Make each one deliberately.";
const ORIGIN: &str = "https://fetch.spec.whatwg.org/#http-access-control-allow-origin";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "no-origin",
        kind: Contradiction,
        quote: "If origin is null, then return failure.",
        link: "https://fetch.spec.whatwg.org/#concept-cors-check",
        find: |policy| {
            let rest = Policy { production: false, ..policy.clone() };
            let applies = policy.origins == AllowList::default() && rest != Policy::default();
            let message = "The policy lists no origin, so its other permissions have no effect. List the origins that \
                           need access, or remove the other fields.";
            of_field("origins", applies, message)
        },
    },
    Check {
        id: "origin-listed-twice",
        kind: Contradiction,
        quote: DELIBERATELY,
        link: ORIGIN,
        find: |policy| {
            of_items("origins", policy.origins.list(), |index, _| repeated(policy.origins.list(), index, "origins"))
        },
    },
    Check {
        id: "origin-covered",
        kind: Contradiction,
        quote: DELIBERATELY,
        link: ORIGIN,
        find: |policy| {
            of_items("origins", policy.origins.list(), |_, narrow| {
                let mut wider = policy.origins.list().iter().filter(|wide| *wide != narrow && covers(wide, narrow));
                let wide = wider.next()?;
                Some(format!(
                    "`{wide}` already covers `{narrow}`, so removing `{narrow}` alone refuses no origin. Keep one of \
                     them."
                ))
            })
        },
    },
    Check {
        id: "method-listed-twice",
        kind: Contradiction,
        quote: "Indicates which methods are supported by the response's URL for the purposes of the CORS protocol.",
        link: "https://fetch.spec.whatwg.org/#http-access-control-allow-methods",
        find: |policy| {
            let methods: Vec<_> = policy.methods.list().iter().map(|method| method.as_str()).collect();
            of_items("methods", &methods, |index, _| repeated(&methods, index, "methods"))
        },
    },
    Check {
        id: "request-header-listed-twice",
        kind: Contradiction,
        quote: "if unsafeName is not a byte-case-insensitive match for an item in headerNames",
        link: "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
        find: |policy| {
            let names = policy.request_headers.list();
            of_items("request_headers", names, |index, _| repeated(names, index, "request_headers"))
        },
    },
    Check {
        id: "exposed-header-listed-twice",
        kind: Contradiction,
        quote: "A CORS-safelisted response-header name, given a list of header names list, is a header name that is a \
                byte-case-insensitive match for one of",
        link: "https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name",
        find: |policy| {
            let names = policy.exposed_headers.list();
            of_items("exposed_headers", names, |index, _| repeated(names, index, "exposed_headers"))
        },
    },
    Check {
        id: "exposed-any-with-credentials",
        kind: Contradiction,
        quote: "If the request would have included credentials, the response header names would have to be listed \
                explicitly and * could not be used.",
        link: "https://fetch.spec.whatwg.org/#example-cors-with-response-header",
        find: |policy| {
            let applies = policy.exposed_headers == AllowList::Any && policy.credentials;
            let message = "For fetches with credentials, `*` is the name of a header and not a wildcard, so pages \
                           read no additional header. List the headers that pages read.";
            of_field("exposed_headers", applies, message)
        },
    },
    Check {
        id: "max-age-without-preflight",
        kind: Contradiction,
        quote: "Indicates the number of seconds (5 by default) the information provided by the \
                Access-Control-Allow-Methods and Access-Control-Allow-Headers headers can be cached.",
        link: "https://fetch.spec.whatwg.org/#http-access-control-max-age",
        find: |policy| {
            let grants_nothing = policy.origins != AllowList::default() && !needs_preflight(policy);
            let message = "The policy permits no method or request header that needs a preflight, so browsers have \
                           almost nothing to cache. List the methods and headers that pages need, or remove \
                           `max_age`.";
            of_field("max_age", grants_nothing && policy.max_age.is_some(), message)
        },
    },
];

/// Returns a message if an item equals an earlier one.
fn repeated<T: PartialEq + Display>(items: &[T], index: usize, field: &str) -> Option<String> {
    let (item, earlier) = (items.get(index)?, items.iter().take(index));
    let first = earlier.enumerate().find(|(_, other)| *other == item)?.0;
    Some(format!("`{item}` repeats {field}[{first}], so removing one of them alone changes nothing. Keep one of them."))
}
