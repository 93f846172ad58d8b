//! Mutants whose responses work in a browser but violate the grammar or the security checklist.

use super::mutant::Mutant;
use crate::{
    rules::hygiene,
    self_check::response_edits::{rewrite, set, text},
};

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const SYNTAX: &str = "https://fetch.spec.whatwg.org/#http-new-header-syntax";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "false-instead-of-nothing",
        wrong: "Sends Access-Control-Allow-Credentials: false if credentials are not allowed.",
        rule: &hygiene::ALLOW_CREDENTIALS_VALUE,
        source: SYNTAX,
        serve: |served, request| {
            let mut response = served.serve(request);
            if !response.headers.contains("Access-Control-Allow-Credentials") {
                set(&mut response, "Access-Control-Allow-Credentials", "false");
            }
            response
        },
    },
    Mutant {
        id: "refuses-with-an-empty-origin",
        wrong: "Sends an empty Access-Control-Allow-Origin to a refused origin.",
        rule: &hygiene::ALLOW_ORIGIN_VALUE,
        source: "https://github.com/expressjs/cors/issues/71",
        serve: |served, request| {
            let mut response = served.serve(request);
            if request.headers.contains("Origin") && !response.headers.contains(ALLOW_ORIGIN) {
                set(&mut response, ALLOW_ORIGIN, "");
            }
            response
        },
    },
    Mutant {
        id: "lists-origins-to-the-refused",
        wrong: "Sends all allowed origins in one value to a refused origin.",
        rule: &hygiene::ALLOW_ORIGIN_VALUE,
        source: "https://fetch.spec.whatwg.org/#http-access-control-allow-origin",
        serve: |served, request| {
            let mut response = served.serve(request);
            let listed: Vec<&str> =
                served.model.policy().origins.list().iter().map(|pattern| pattern.as_str()).collect();
            if request.headers.contains("Origin") && !response.headers.contains(ALLOW_ORIGIN) && listed.len() > 1 {
                set(&mut response, ALLOW_ORIGIN, &listed.join(" "));
            }
            response
        },
    },
    Mutant {
        id: "credentials-to-everyone",
        wrong: "Sends Access-Control-Allow-Credentials: true to refused origins as well.",
        rule: &hygiene::WITHOUT_ALLOW_ORIGIN,
        source: "https://github.com/adamchainz/django-cors-headers/issues/888",
        serve: |served, request| {
            let mut response = served.serve(request);
            if served.model.policy().credentials {
                set(&mut response, "Access-Control-Allow-Credentials", "true");
            }
            response
        },
    },
    Mutant {
        id: "methods-to-everyone",
        wrong: "Sends the allowed methods to refused origins as well.",
        rule: &hygiene::WITHOUT_ALLOW_ORIGIN,
        source: "https://github.com/rs/cors/issues/151",
        serve: |served, request| {
            let mut response = served.serve(request);
            if request.is_cors_preflight() && !response.headers.contains(ALLOW_ORIGIN) {
                set(&mut response, "Access-Control-Allow-Methods", "GET");
            }
            response
        },
    },
    Mutant {
        id: "exposes-everything-to-the-logged-in",
        wrong: "Sends Access-Control-Expose-Headers: * instead of the configured list for requests with credentials.",
        rule: &hygiene::WILDCARD_WITH_CREDENTIALS,
        source: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
        serve: |served, request| {
            let mut response = served.serve(request);
            let has_credentials = response.headers.contains("Access-Control-Allow-Credentials");
            if has_credentials
                && !request.is_cors_preflight()
                && !response.headers.contains("Access-Control-Expose-Headers")
            {
                set(&mut response, "Access-Control-Expose-Headers", "*");
            }
            response
        },
    },
    Mutant {
        id: "says-max-age-twice",
        wrong: "Sends Access-Control-Max-Age twice.",
        rule: &hygiene::REPEATED_HEADER,
        source: SYNTAX,
        serve: |served, request| {
            let mut response = served.serve(request);
            if let Some(value) = response.headers.get("Access-Control-Max-Age").map(|value| value.to_vec()) {
                let value = String::from_utf8_lossy(&value).into_owned();
                response.headers = std::mem::take(&mut response.headers).with("Access-Control-Max-Age", &value);
            }
            response
        },
    },
    Mutant {
        id: "empty-expose-headers",
        wrong: "Sends an empty Access-Control-Expose-Headers.",
        rule: &hygiene::EMPTY_LIST,
        source: "https://github.com/expressjs/cors/issues/72",
        serve: |served, request| {
            let mut response = served.serve(request);
            if response.headers.contains(ALLOW_ORIGIN) && !response.headers.contains("Access-Control-Expose-Headers") {
                set(&mut response, "Access-Control-Expose-Headers", "");
            }
            response
        },
    },
    Mutant {
        id: "comma-behind-the-last-method",
        wrong: "Ends its lists with a comma.",
        rule: &hygiene::EMPTY_LIST,
        source: "https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.1",
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Allow-Methods", |list| format!("{list}, "));
            response
        },
    },
    Mutant {
        id: "misspells-max-age",
        wrong: "Sends the unknown header Access-Control-MaxAge beside the correct one.",
        rule: &hygiene::UNKNOWN_HEADER,
        source: "https://fetch.spec.whatwg.org/#http-access-control-max-age",
        serve: |served, request| {
            let mut response = served.serve(request);
            if let Some(max_age) = served.model.policy().max_age.filter(|_| request.is_cors_preflight()) {
                set(&mut response, "Access-Control-MaxAge", &max_age.to_string());
            }
            response
        },
    },
    Mutant {
        id: "drops-max-age-zero",
        wrong: "Treats a max-age of 0 as absent.",
        rule: &hygiene::MAX_AGE,
        source: "https://github.com/expressjs/cors/issues/158",
        serve: |served, request| {
            let mut response = served.serve(request);
            if response.headers.get("Access-Control-Max-Age").is_some_and(|value| value == *"0") {
                response.headers.delete("Access-Control-Max-Age");
            }
            response
        },
    },
    Mutant {
        id: "max-age-in-milliseconds",
        wrong: "Sends the max-age in milliseconds.",
        rule: &hygiene::MAX_AGE,
        source: "https://fetch.spec.whatwg.org/#http-access-control-max-age",
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Max-Age", |seconds| format!("{seconds}000"));
            response
        },
    },
    Mutant {
        id: "max-age-with-a-unit",
        wrong: "Sends the max-age with a unit.",
        rule: &hygiene::MAX_AGE_VALUE,
        source: "https://fetch.spec.whatwg.org/#http-access-control-max-age",
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Max-Age", |seconds| format!("{seconds}s"));
            response
        },
    },
    Mutant {
        id: "max-age-of-a-year",
        wrong: "Sends a max-age of a year if the policy sets none.",
        rule: &hygiene::MAX_AGE_VALUE,
        source: "https://fetch.spec.whatwg.org/#http-access-control-max-age",
        serve: |served, request| {
            let mut response = served.serve(request);
            let is_granted = request.is_cors_preflight() && response.headers.contains(ALLOW_ORIGIN);
            if is_granted && served.model.policy().max_age.is_none() {
                set(&mut response, "Access-Control-Max-Age", "31536000");
            }
            response
        },
    },
    Mutant {
        id: "always-allows-the-name-origin",
        wrong: "Allows the request header `Origin`, which no page can set.",
        rule: &hygiene::FORBIDDEN_NAME,
        source: "https://github.com/rs/cors/issues/151",
        serve: |served, request| {
            let mut response = served.serve(request);
            if request.is_cors_preflight() && response.headers.contains(ALLOW_ORIGIN) {
                let listed = response.headers.get("Access-Control-Allow-Headers").map(|value| value.to_vec());
                let listed =
                    listed.map(|value| String::from_utf8_lossy(&value).into_owned() + ", ").unwrap_or_default();
                set(&mut response, "Access-Control-Allow-Headers", &(listed + "Origin"));
            }
            response
        },
    },
    Mutant {
        id: "asks-the-refused-to-log-in",
        wrong: "Answers a refused preflight with 401.",
        rule: &hygiene::REFUSAL_STATUS,
        source: "https://github.com/tower-rs/tower-http/issues/510",
        serve: |served, request| {
            let mut response = served.serve(request);
            if request.is_cors_preflight() && !served.model.allows(&text(request, "Origin")) {
                response.status = 401;
            }
            response
        },
    },
    Mutant {
        id: "credentials-beside-the-star",
        wrong: "Sends Access-Control-Allow-Credentials: true beside `*`, which has no effect.",
        rule: &hygiene::WILDCARD_WITH_CREDENTIALS,
        source: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
        serve: |served, request| {
            let mut response = served.serve(request);
            if response.headers.get(ALLOW_ORIGIN).is_some_and(|value| value == *"*") {
                set(&mut response, "Access-Control-Allow-Credentials", "true");
            }
            response
        },
    },
];
