//! Mutants whose answers work in a browser, and are not what the grammar or the security checklist wants.

use super::{Mutant, set, text};
use crate::rules::hygiene;

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const SYNTAX: &str = "https://fetch.spec.whatwg.org/#http-new-header-syntax";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "false-instead-of-nothing",
        wrong: "Says Access-Control-Allow-Credentials: false where credentials are not allowed.",
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
        wrong: "Sends an empty Access-Control-Allow-Origin where the origin is refused.",
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
        wrong: "Answers a refused origin with every allowed one in one value.",
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
        wrong: "Says Access-Control-Allow-Credentials: true to refused origins too.",
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
        wrong: "Lists the allowed methods to refused origins too.",
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
        wrong: "Exposes `*` beside credentials, where a list was configured.",
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
        wrong: "Appends Access-Control-Max-Age in two places.",
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
        wrong: "Sends Access-Control-Expose-Headers with nothing in it.",
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
            super::rewrite(&mut response, "Access-Control-Allow-Methods", |list| format!("{list}, "));
            response
        },
    },
    Mutant {
        id: "misspells-max-age",
        wrong: "Sends Access-Control-MaxAge, which no browser knows, beside the right one.",
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
        wrong: "Takes a max-age of 0 for none.",
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
        wrong: "Tells max-age in milliseconds.",
        rule: &hygiene::MAX_AGE,
        source: "https://fetch.spec.whatwg.org/#http-access-control-max-age",
        serve: |served, request| {
            let mut response = served.serve(request);
            super::rewrite(&mut response, "Access-Control-Max-Age", |seconds| format!("{seconds}000"));
            response
        },
    },
    Mutant {
        id: "max-age-with-a-unit",
        wrong: "Tells max-age with a unit behind it.",
        rule: &hygiene::MAX_AGE_VALUE,
        source: "https://fetch.spec.whatwg.org/#http-access-control-max-age",
        serve: |served, request| {
            let mut response = served.serve(request);
            super::rewrite(&mut response, "Access-Control-Max-Age", |seconds| format!("{seconds}s"));
            response
        },
    },
    Mutant {
        id: "max-age-of-a-year",
        wrong: "Lets preflights be kept for a year, where the policy says nothing of it.",
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
        wrong: "Lists `Origin` among the allowed request headers, which no page can set.",
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
        wrong: "Answers a refused preflight 401.",
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
        wrong: "Says Access-Control-Allow-Credentials: true beside `*`, where it counts for nothing.",
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
