//! Mutants that get methods, request headers or exposed headers wrong.

use cors_policy::AllowList;

use super::mutant::Mutant;
use crate::{
    rules::{over_grant, under_grant},
    self_check::response_edits::{rewrite, text},
};

const SYNTAX: &str = "https://fetch.spec.whatwg.org/#http-new-header-syntax";
const PREFLIGHT: &str = "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "allows-every-method",
        wrong: "Allows every requested method.",
        rule: &over_grant::METHOD,
        source: PREFLIGHT,
        serve: |served, request| served.serve_with(request, |policy| policy.methods = AllowList::Mirror),
    },
    Mutant {
        id: "allows-every-request-header",
        wrong: "Allows every requested header.",
        rule: &over_grant::REQUEST_HEADER,
        source: PREFLIGHT,
        serve: |served, request| served.serve_with(request, |policy| policy.request_headers = AllowList::Mirror),
    },
    Mutant {
        id: "exposes-every-header",
        wrong: "Exposes every header of the response.",
        rule: &over_grant::EXPOSED_HEADER,
        source: "https://fetch.spec.whatwg.org/#concept-main-fetch",
        serve: |served, request| served.serve_with(request, |policy| policy.exposed_headers = AllowList::Any),
    },
    Mutant {
        id: "methods-in-lower-case",
        wrong: "Lists methods in lower case, although browsers compare them byte for byte.",
        rule: &under_grant::METHOD,
        source: PREFLIGHT,
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Allow-Methods", |list| list.to_ascii_lowercase());
            response
        },
    },
    Mutant {
        id: "first-request-header-only",
        wrong: "Lists only the first of the allowed request headers.",
        rule: &under_grant::REQUEST_HEADER,
        source: PREFLIGHT,
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Allow-Headers", |list| {
                list.split(',').next().unwrap_or_default().to_owned()
            });
            response
        },
    },
    Mutant {
        id: "semicolons-in-lists",
        wrong: "Separates the allowed methods by semicolons, which do not parse as a list.",
        rule: &under_grant::MALFORMED_LIST,
        source: SYNTAX,
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Allow-Methods", |list| format!("{list};"));
            response
        },
    },
    Mutant {
        id: "exposes-nothing",
        wrong: "Omits Access-Control-Expose-Headers.",
        rule: &under_grant::EXPOSED_HEADER,
        source: "https://fetch.spec.whatwg.org/#http-responses",
        serve: |served, request| {
            served.serve_with(request, |policy| policy.exposed_headers = AllowList::List(Vec::new()))
        },
    },
    Mutant {
        id: "star-for-a-list-of-methods",
        wrong: "Sends `*` instead of the listed methods.",
        rule: &over_grant::METHOD,
        source: PREFLIGHT,
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Allow-Methods", |_| "*".to_owned());
            response
        },
    },
    Mutant {
        id: "adds-delete",
        wrong: "Adds DELETE to the listed methods.",
        rule: &over_grant::METHOD,
        source: PREFLIGHT,
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Allow-Methods", |list| format!("{list}, DELETE"));
            response
        },
    },
    Mutant {
        id: "prefix-of-a-request-header",
        wrong: "Allows a request header whose name begins with an allowed name.",
        rule: &over_grant::REQUEST_HEADER,
        source: PREFLIGHT,
        serve: |served, request| {
            let asked = text(request, "Access-Control-Request-Headers");
            served.serve_with(request, |policy| {
                if let AllowList::List(names) = &mut policy.request_headers {
                    let begins = |name: &str| {
                        names
                            .iter()
                            .any(|own| name.to_ascii_lowercase().starts_with(&own.as_str().to_ascii_lowercase()))
                    };
                    let more: Vec<_> = asked
                        .split(',')
                        .map(str::trim)
                        .filter(|name| begins(name))
                        .filter_map(|name| name.parse().ok())
                        .collect();
                    names.extend(more);
                }
            })
        },
    },
    Mutant {
        id: "star-covers-authorization",
        wrong: "Lists Authorization beside `*`, which otherwise does not cover it.",
        rule: &over_grant::REQUEST_HEADER,
        source: "https://github.com/tower-rs/tower-http/issues/526",
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Allow-Headers", |list| {
                if list == "*" { "*, Authorization".to_owned() } else { list.to_owned() }
            });
            response
        },
    },
    Mutant {
        id: "exposes-request-headers",
        wrong: "Exposes the allowed request headers as well, because it mixes up two lists.",
        rule: &over_grant::EXPOSED_HEADER,
        source: "https://github.com/actix/actix-extras/issues/121",
        serve: |served, request| {
            served.serve_with(request, |policy| {
                if let (AllowList::List(exposed), AllowList::List(names)) =
                    (&mut policy.exposed_headers, &policy.request_headers)
                {
                    exposed.extend(names.iter().cloned());
                }
            })
        },
    },
    Mutant {
        id: "first-method-only",
        wrong: "Lists only the first of the allowed methods.",
        rule: &under_grant::METHOD,
        source: PREFLIGHT,
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Allow-Methods", |list| {
                list.split(',').next().unwrap_or_default().to_owned()
            });
            response
        },
    },
    Mutant {
        id: "methods-in-upper-case",
        wrong: "Lists methods in upper case, which excludes a method such as `patch`.",
        rule: &under_grant::METHOD,
        source: "https://fetch.spec.whatwg.org/#concept-method-normalize",
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Allow-Methods", |list| list.to_ascii_uppercase());
            response
        },
    },
    Mutant {
        id: "star-as-a-name-beside-credentials",
        wrong: "Sends `*` instead of the listed request headers for requests with credentials, where browsers read it as a literal name.",
        rule: &under_grant::REQUEST_HEADER,
        source: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
        serve: |served, request| {
            let mut response = served.serve(request);
            if response.headers.contains("Access-Control-Allow-Credentials") {
                rewrite(&mut response, "Access-Control-Allow-Headers", |_| "*".to_owned());
            }
            response
        },
    },
    Mutant {
        id: "quotes-in-lists",
        wrong: "Encloses the list of allowed request headers in brackets.",
        rule: &under_grant::MALFORMED_LIST,
        source: SYNTAX,
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Allow-Headers", |list| format!("[{list}]"));
            response
        },
    },
    Mutant {
        id: "first-exposed-header-only",
        wrong: "Exposes only the first of the exposed headers.",
        rule: &under_grant::EXPOSED_HEADER,
        source: "https://fetch.spec.whatwg.org/#http-access-control-expose-headers",
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Expose-Headers", |list| {
                list.split(',').next().unwrap_or_default().to_owned()
            });
            response
        },
    },
];
