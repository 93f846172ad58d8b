//! Mutants that get credentials wrong.

use cors_policy::AllowList;

use super::mutant::Mutant;
use crate::{
    rules::{over_grant, under_grant},
    self_check::response_edits::set,
};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "always-credentials",
        wrong: "Allows credentials although the policy does not.",
        rule: &over_grant::CREDENTIALS,
        source: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
        serve: |served, request| {
            let mut response = served.serve(request);
            set(&mut response, "Access-Control-Allow-Credentials", "true");
            response
        },
    },
    Mutant {
        id: "credentials-in-capitals",
        wrong: "Sends Access-Control-Allow-Credentials: True, which no browser accepts.",
        rule: &under_grant::CREDENTIALS,
        source: "https://fetch.spec.whatwg.org/#http-new-header-syntax",
        serve: |served, request| {
            let mut response = served.serve(request);
            if response.headers.contains("Access-Control-Allow-Credentials") {
                set(&mut response, "Access-Control-Allow-Credentials", "True");
            }
            response
        },
    },
    Mutant {
        id: "reflects-for-any-with-credentials",
        wrong: "Reflects every origin if `*` and credentials are configured, to make them work together.",
        rule: &over_grant::CREDENTIALS,
        source: "https://github.com/labstack/echo/issues/2400",
        serve: |served, request| {
            let policy = served.model.policy();
            let reflects = policy.credentials && policy.origins == AllowList::Any;
            served.serve_with(request, |policy| {
                if reflects {
                    policy.origins = AllowList::Mirror;
                }
            })
        },
    },
    Mutant {
        id: "forgets-credentials",
        wrong: "Never sends Access-Control-Allow-Credentials.",
        rule: &under_grant::CREDENTIALS,
        source: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
        serve: |served, request| served.serve_with(request, |policy| policy.credentials = false),
    },
    Mutant {
        id: "credentials-on-preflights-only",
        wrong: "Sends Access-Control-Allow-Credentials only in responses to preflights.",
        rule: &under_grant::CREDENTIALS,
        source: "https://fetch.spec.whatwg.org/#http-responses",
        serve: |served, request| {
            let mut response = served.serve(request);
            if !request.is_cors_preflight() {
                response.headers.delete("Access-Control-Allow-Credentials");
            }
            response
        },
    },
    Mutant {
        id: "star-beside-credentials",
        wrong: "Sends `*` instead of the mirrored origin, even with credentials.",
        rule: &under_grant::CREDENTIALS,
        source: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
        serve: |served, request| {
            let mut response = served.serve(request);
            let is_mirrored = served.model.policy().origins == AllowList::Mirror;
            if is_mirrored && response.headers.contains("Access-Control-Allow-Origin") {
                set(&mut response, "Access-Control-Allow-Origin", "*");
            }
            response
        },
    },
    Mutant {
        id: "credentials-for-get-alone",
        wrong: "Sends Access-Control-Allow-Credentials only in responses to GET and to preflights.",
        rule: &under_grant::CREDENTIALS,
        source: "https://fetch.spec.whatwg.org/#http-responses",
        serve: |served, request| {
            let mut response = served.serve(request);
            if response.has_ok_status() && !matches!(request.method.as_str(), "GET" | "OPTIONS") {
                response.headers.delete("Access-Control-Allow-Credentials");
            }
            response
        },
    },
];
