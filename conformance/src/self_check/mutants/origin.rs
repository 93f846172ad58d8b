//! Mutants that get the origin wrong.

use cors_adapters::reference_server::Served;
use cors_policy::AllowList;
use cors_reference::{request::WireRequest, response::Response};

use super::mutant::Mutant;
use crate::{
    rules::{over_grant, under_grant},
    self_check::response_edits::{rewrite, set, text},
};

const CHECKLIST: &str = "https://portswigger.net/web-security/cors";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "reflects-any-origin",
        wrong: "Reflects every origin.",
        rule: &over_grant::ORIGIN,
        source: CHECKLIST,
        serve: |served, request| {
            let mut response = served.serve_as(request, |_| true);
            let origin = text(request, "Origin");
            if !origin.is_empty() {
                set(&mut response, "Access-Control-Allow-Origin", &origin);
            }
            response
        },
    },
    Mutant {
        id: "matches-prefix",
        wrong: "Allows an origin that begins with an allowed one, such as https://app.example.evil.example.",
        rule: &over_grant::ORIGIN,
        source: "https://github.com/rs/cors/issues/55",
        serve: |served, request| matching(served, request, |listed, origin| origin.starts_with(listed)),
    },
    Mutant {
        id: "matches-suffix",
        wrong: "Allows an origin whose host ends with an allowed one, such as https://evilapp.example.",
        rule: &over_grant::ORIGIN,
        source: CHECKLIST,
        serve: |served, request| matching(served, request, |listed, origin| origin.ends_with(host(listed))),
    },
    Mutant {
        id: "unescaped-dot",
        wrong: "Lets the dots of an allowed origin match any character, like an unescaped regular expression.",
        rule: &over_grant::ORIGIN,
        source: "https://cwe.mitre.org/data/definitions/942.html",
        serve: |served, request| {
            matching(served, request, |listed, origin| {
                listed.len() == origin.len() && listed.bytes().zip(origin.bytes()).all(|(l, o)| l == b'.' || l == o)
            })
        },
    },
    Mutant {
        id: "ignores-scheme",
        wrong: "Compares only hosts, and accepts http:// for https://.",
        rule: &over_grant::ORIGIN,
        source: CHECKLIST,
        serve: |served, request| matching(served, request, |listed, origin| host(listed) == host(origin)),
    },
    Mutant {
        id: "allows-null",
        wrong: "Allows the origin `null`, which any page can obtain through a sandboxed frame.",
        rule: &over_grant::ORIGIN,
        source: "https://w3c.github.io/webappsec-cors-for-developers/#avoid-returning-access-control-allow-origin-null",
        serve: |served, request| {
            let mut response = served.serve(request);
            if text(request, "Origin") == "null" {
                set(&mut response, "Access-Control-Allow-Origin", "null");
            }
            response
        },
    },
    Mutant {
        id: "first-origin-only",
        wrong: "Sends the first origin of the list to everyone.",
        rule: &under_grant::ORIGIN,
        source: "https://github.com/tower-rs/tower-http/pull/207",
        serve: |served, request| {
            served.serve_with(request, |policy| {
                if let AllowList::List(patterns) = &mut policy.origins {
                    patterns.truncate(1);
                }
            })
        },
    },
    Mutant {
        id: "ignores-port",
        wrong: "Compares scheme and host without the port.",
        rule: &over_grant::ORIGIN,
        source: "https://github.com/helidon-io/helidon/issues/8088",
        serve: |served, request| {
            matching(served, request, |listed, origin| without_port(listed) == without_port(origin))
        },
    },
    Mutant {
        id: "port-as-a-prefix",
        wrong: "Accepts a port that begins with the allowed one, such as 80800 for 8080.",
        rule: &over_grant::ORIGIN,
        source: CHECKLIST,
        serve: |served, request| {
            matching(served, request, |listed, origin| {
                origin.strip_prefix(listed).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
                    && without_port(listed) != listed
            })
        },
    },
    Mutant {
        id: "allows-subdomains",
        wrong: "Allows every subdomain of an allowed origin.",
        rule: &over_grant::ORIGIN,
        source: CHECKLIST,
        serve: |served, request| {
            matching(served, request, |listed, origin| {
                let (scheme, rest) = listed.split_once("://").unwrap_or(("", listed));
                origin.starts_with(&format!("{scheme}://")) && origin.ends_with(&format!(".{rest}"))
            })
        },
    },
    Mutant {
        id: "allows-superdomain",
        wrong: "Allows the parent domain of an allowed origin.",
        rule: &over_grant::ORIGIN,
        source: CHECKLIST,
        serve: |served, request| {
            matching(served, request, |listed, origin| {
                host(listed).split_once('.').is_some_and(|(_, parent)| parent.contains('.') && host(origin) == parent)
            })
        },
    },
    Mutant {
        id: "contains-an-allowed-origin",
        wrong: "Allows an origin that contains the host of an allowed one anywhere.",
        rule: &over_grant::ORIGIN,
        source: "https://nvd.nist.gov/vuln/detail/CVE-2022-21703",
        serve: |served, request| matching(served, request, |listed, origin| origin.contains(host(listed))),
    },
    Mutant {
        id: "allows-a-trailing-dot",
        wrong: "Ignores a dot at the end of the host, although the origin differs.",
        rule: &over_grant::ORIGIN,
        source: "https://url.spec.whatwg.org/#host-equivalence",
        serve: |served, request| matching(served, request, |listed, origin| origin.strip_suffix('.') == Some(listed)),
    },
    Mutant {
        id: "folds-case",
        wrong: "Compares origins case-insensitively, and reflects values that no browser sends.",
        rule: &over_grant::ORIGIN,
        source: "https://fetch.spec.whatwg.org/#origin-header",
        serve: |served, request| {
            matching(served, request, |listed, origin| listed != origin && listed.eq_ignore_ascii_case(origin))
        },
    },
    Mutant {
        id: "pattern-without-label-boundary",
        wrong: "Lets https://*.a.example match every host that ends in a.example.",
        rule: &over_grant::ORIGIN,
        source: "https://github.com/gin-contrib/cors/pull/106",
        serve: |served, request| {
            of_patterns(served, request, |scheme, base, origin| {
                origin.strip_prefix(scheme).is_some_and(|rest| rest.ends_with(base))
            })
        },
    },
    Mutant {
        id: "pattern-covers-the-bare-domain",
        wrong: "Lets https://*.a.example match a.example itself.",
        rule: &over_grant::ORIGIN,
        source: "https://github.com/labstack/echo/pull/1553",
        serve: |served, request| {
            of_patterns(served, request, |scheme, base, origin| origin.strip_prefix(scheme) == Some(base))
        },
    },
    Mutant {
        id: "pattern-is-not-anchored",
        wrong: "Lets https://*.a.example match every origin that contains a.example.",
        rule: &over_grant::ORIGIN,
        source: "https://nvd.nist.gov/vuln/detail/CVE-2024-25124",
        serve: |served, request| {
            of_patterns(served, request, |scheme, base, origin| {
                origin.starts_with(scheme) && origin.contains(&format!(".{base}"))
            })
        },
    },
    Mutant {
        id: "joins-two-allowed-origins",
        wrong: "Allows an origin that begins like one allowed host and ends like another, such as barfoo.com.",
        rule: &over_grant::ORIGIN,
        source: "https://github.com/jub0bs/fcors/security/advisories/GHSA-v84h-653v-4pq9",
        serve: |served, request| {
            let hosts: Vec<String> =
                served.model.policy().origins.list().iter().map(|listed| host(listed.as_str()).to_owned()).collect();
            matching(served, request, |listed, origin| {
                let label = |host: &str| host.split('.').next().unwrap_or_default().to_owned();
                host(origin)
                    .strip_suffix(host(listed))
                    .is_some_and(|rest| hosts.iter().any(|other| label(other) == rest))
            })
        },
    },
    Mutant {
        id: "null-for-the-refused",
        wrong: "Sends Access-Control-Allow-Origin: null to a refused origin.",
        rule: &over_grant::NULL,
        source: "https://nvd.nist.gov/vuln/detail/CVE-2019-9580",
        serve: |served, request| {
            let mut response = served.serve(request);
            let origin = text(request, "Origin");
            if !origin.is_empty() && origin != "null" && !response.headers.contains("Access-Control-Allow-Origin") {
                set(&mut response, "Access-Control-Allow-Origin", "null");
            }
            response
        },
    },
    Mutant {
        id: "checks-preflights-only",
        wrong: "Checks the origin of preflights only, and reflects the origin of every other request.",
        rule: &over_grant::ORIGIN,
        source: "https://github.com/tower-rs/tower-http/pull/244",
        serve: |served, request| {
            let mut response = served.serve(request);
            let origin = text(request, "Origin");
            if !origin.is_empty() && !request.is_cors_preflight() {
                set(&mut response, "Access-Control-Allow-Origin", &origin);
            }
            response
        },
    },
    Mutant {
        id: "forgets-the-last-origin",
        wrong: "Ignores the last origin of the list.",
        rule: &under_grant::ORIGIN,
        source: "https://github.com/jub0bs/fcors/issues",
        serve: |served, request| {
            served.serve_with(request, |policy| {
                if let AllowList::List(patterns) = &mut policy.origins
                    && patterns.len() > 1
                {
                    patterns.pop();
                }
            })
        },
    },
    Mutant {
        id: "all-origins-in-one-value",
        wrong: "Sends the whole list of origins, which no browser accepts.",
        rule: &under_grant::ORIGIN,
        source: "https://github.com/tower-rs/tower-http/pull/207",
        serve: |served, request| {
            let mut response = served.serve(request);
            let listed: Vec<&str> =
                served.model.policy().origins.list().iter().map(|pattern| pattern.as_str()).collect();
            if listed.len() > 1 && response.headers.contains("Access-Control-Allow-Origin") {
                set(&mut response, "Access-Control-Allow-Origin", &listed.join(", "));
            }
            response
        },
    },
    Mutant {
        id: "slash-behind-the-origin",
        wrong: "Sends the origin as a URL that ends in a slash.",
        rule: &under_grant::ORIGIN,
        source: "https://fetch.spec.whatwg.org/#concept-cors-check",
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Allow-Origin", |origin| {
                if origin.contains("://") { format!("{origin}/") } else { origin.to_owned() }
            });
            response
        },
    },
    Mutant {
        id: "refuses-null-under-any",
        wrong: "Refuses `null` although every origin is allowed.",
        rule: &under_grant::ORIGIN,
        source: "https://fetch.spec.whatwg.org/#origin-header",
        serve: |served, request| {
            let mut response = served.serve(request);
            if text(request, "Origin") == "null" && !matches!(served.model.policy().origins, AllowList::List(_)) {
                response.headers.delete("Access-Control-Allow-Origin");
            }
            response
        },
    },
    Mutant {
        id: "forgets-head",
        wrong: "Omits Access-Control-Allow-Origin from the response to HEAD.",
        rule: &under_grant::ORIGIN,
        source: "https://fetch.spec.whatwg.org/#cors-safelisted-method",
        serve: |served, request| {
            let mut response = served.serve(request);
            if request.method == "HEAD" && response.has_ok_status() {
                for name in
                    ["Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers"]
                {
                    response.headers.delete(name);
                }
            }
            response
        },
    },
];

/// Returns the model's response, with the listed origins compared by `matches`.
fn matching(served: &Served, request: &WireRequest, matches: impl Fn(&str, &str) -> bool) -> Response {
    let origin = text(request, "Origin");
    let listed = served.model.policy().origins.list();
    let is_wrongly_allowed = listed.iter().any(|pattern| pattern.is_exact() && matches(pattern.as_str(), &origin));
    let mut response = served.serve_as(request, |origin| is_wrongly_allowed || served.model.allows(origin));
    // The model sends a single static origin without comparing it.
    if is_wrongly_allowed {
        set(&mut response, "Access-Control-Allow-Origin", &origin);
    }
    response
}

fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

fn without_port(origin: &str) -> &str {
    let is_port = |(_, port): &(&str, &str)| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    origin.rsplit_once(':').filter(is_port).map_or(origin, |(host, _)| host)
}

/// Returns the model's response, with the subdomain patterns compared by `matches`. Its arguments are the scheme with
/// `://`, the part after `*.`, and the origin.
fn of_patterns(served: &Served, request: &WireRequest, matches: impl Fn(&str, &str, &str) -> bool) -> Response {
    let origin = text(request, "Origin");
    let patterns = served.model.policy().origins.list().iter().filter_map(|pattern| pattern.as_str().split_once("*."));
    let is_wrongly_allowed = patterns.into_iter().any(|(scheme, base)| matches(scheme, base, &origin));
    served.serve_as(request, |origin| is_wrongly_allowed || served.model.allows(origin))
}
