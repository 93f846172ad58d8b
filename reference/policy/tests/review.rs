//! The checks of a policy. Each has a smallest policy with its remark, and a similar policy without.

use std::{collections::BTreeSet, env, fs};

use cors_policy::Policy;
use cors_policy::review::{RemarkKind, checks, review};
use cors_reference::spec;

/// The id of the check, the field of its remark, the smallest policy with the remark, and a similar policy without.
const TABLE: &[(&str, &str, &str, &str)] = &[
    (
        "mirror-with-credentials",
        "origins",
        r#"{"origins": "mirror", "credentials": true}"#,
        r#"{"origins": "mirror", "credentials": false}"#,
    ),
    (
        "wildcard-with-credentials",
        "origins",
        r#"{"origins": "any", "credentials": true}"#,
        r#"{"origins": "any", "credentials": false}"#,
    ),
    ("null-origin", "origins[0]", r#"{"origins": ["null"]}"#, r#"{"origins": ["https://null"]}"#),
    ("public-suffix", "origins[0]", r#"{"origins": ["https://*.co.uk"]}"#, r#"{"origins": ["https://*.a.co.uk"]}"#),
    (
        "development-origin",
        "origins[1]",
        r#"{"origins": ["https://a.example", "http://localhost:*"], "production": true}"#,
        r#"{"origins": ["https://a.example", "http://localhost:*"], "production": false}"#,
    ),
    (
        "http-origin-with-credentials",
        "origins[0]",
        r#"{"origins": ["http://a.example"], "credentials": true}"#,
        r#"{"origins": ["http://localhost", "https://a.example"], "credentials": true}"#,
    ),
    (
        "any-port-with-credentials",
        "origins[0]",
        r#"{"origins": ["https://a.example:*"], "credentials": true}"#,
        r#"{"origins": ["https://a.example:8443", "http://[::1]:*"], "credentials": true}"#,
    ),
    (
        "wildcard-methods-with-credentials",
        "methods",
        r#"{"methods": "any", "credentials": true}"#,
        r#"{"methods": "any", "credentials": false}"#,
    ),
    (
        "wildcard-request-headers-with-credentials",
        "request_headers",
        r#"{"request_headers": "any", "credentials": true}"#,
        r#"{"request_headers": "any", "credentials": false}"#,
    ),
    (
        "mirrored-methods-with-credentials",
        "methods",
        r#"{"methods": "mirror", "credentials": true}"#,
        r#"{"methods": "mirror", "credentials": false}"#,
    ),
    (
        "mirrored-request-headers-with-credentials",
        "request_headers",
        r#"{"request_headers": "mirror", "credentials": true}"#,
        r#"{"request_headers": "mirror", "credentials": false}"#,
    ),
    (
        "private-network-for-everyone",
        "private_network",
        r#"{"origins": "any", "private_network": true}"#,
        r#"{"origins": ["https://a.example"], "private_network": true}"#,
    ),
    ("no-origin", "origins", r#"{"max_age": 5}"#, r#"{"production": true}"#),
    (
        "origin-listed-twice",
        "origins[2]",
        r#"{"origins": ["https://a.example", "https://b.example", "https://a.example"]}"#,
        r#"{"origins": ["https://a.example", "https://b.example", "http://a.example"]}"#,
    ),
    (
        "origin-covered",
        "origins[0]",
        r#"{"origins": ["https://*.b.a.example", "https://*.a.example:*"]}"#,
        r#"{"origins": ["https://a.example", "https://*.a.example"]}"#,
    ),
    ("method-listed-twice", "methods[1]", r#"{"methods": ["PUT", "PUT"]}"#, r#"{"methods": ["PATCH", "patch"]}"#),
    (
        "request-header-listed-twice",
        "request_headers[1]",
        r#"{"request_headers": ["X-A", "x-a"]}"#,
        r#"{"request_headers": ["X-A", "x-b"]}"#,
    ),
    (
        "exposed-header-listed-twice",
        "exposed_headers[1]",
        r#"{"exposed_headers": ["X-A", "x-a"]}"#,
        r#"{"exposed_headers": ["X-A", "x-b"]}"#,
    ),
    (
        "exposed-any-with-credentials",
        "exposed_headers",
        r#"{"exposed_headers": "any", "credentials": true}"#,
        r#"{"exposed_headers": "any", "credentials": false}"#,
    ),
    (
        "max-age-without-preflight",
        "max_age",
        r#"{"origins": "any", "methods": ["POST", "put"], "request_headers": ["Cookie"], "max_age": 5}"#,
        r#"{"origins": "any", "methods": ["POST"], "request_headers": ["Content-Type"], "max_age": 5}"#,
    ),
    (
        "origin-without-pages",
        "origins[0]",
        r#"{"origins": ["wss://a.example"]}"#,
        r#"{"origins": ["app://a.example"]}"#,
    ),
    (
        "origin-on-blocked-port",
        "origins[0]",
        r#"{"origins": ["https://*.a.example:6667"]}"#,
        r#"{"origins": ["https://a.example:6670", "https://b.example:*"]}"#,
    ),
    ("forbidden-method", "methods[0]", r#"{"methods": ["trace"]}"#, r#"{"methods": ["OPTIONS"]}"#),
    ("normalized-method", "methods[0]", r#"{"methods": ["Put"]}"#, r#"{"methods": ["PUT", "patch"]}"#),
    (
        "forbidden-request-header",
        "request_headers[0]",
        r#"{"request_headers": ["Sec-Fetch-Site"]}"#,
        r#"{"request_headers": ["Authorization", "X-HTTP-Method-Override"]}"#,
    ),
    (
        "forbidden-response-header",
        "exposed_headers[0]",
        r#"{"exposed_headers": ["set-cookie"]}"#,
        r#"{"exposed_headers": ["cookie"]}"#,
    ),
    ("max-age-beyond-caps", "max_age", r#"{"max_age": 86401}"#, r#"{"max_age": 86400}"#),
    (
        "mirror-without-credentials",
        "origins",
        r#"{"origins": "mirror"}"#,
        r#"{"origins": "mirror", "credentials": true}"#,
    ),
    (
        "subdomains-with-credentials",
        "origins[0]",
        r#"{"origins": ["https://*.a.example"], "credentials": true}"#,
        r#"{"origins": ["https://b.a.example", "https://*.com"], "credentials": true}"#,
    ),
    (
        "wildcard-leaves-out-authorization",
        "request_headers",
        r#"{"request_headers": "any"}"#,
        r#"{"request_headers": "mirror"}"#,
    ),
    ("exposed-any", "exposed_headers", r#"{"exposed_headers": "any"}"#, r#"{"exposed_headers": ["x-a"]}"#),
    ("safelisted-method", "methods[0]", r#"{"methods": ["HEAD"]}"#, r#"{"methods": ["PUT", "OPTIONS"]}"#),
    ("method-in-lower-case", "methods[0]", r#"{"methods": ["patch"]}"#, r#"{"methods": ["PATCH", "put"]}"#),
    (
        "safelisted-response-header",
        "exposed_headers[0]",
        r#"{"exposed_headers": ["content-length"]}"#,
        r#"{"exposed_headers": ["ETag"]}"#,
    ),
    ("max-age-of-a-year", "max_age", r#"{"max_age": 31536000}"#, r#"{"max_age": 31535999}"#),
    ("max-age-zero", "max_age", r#"{"max_age": 0}"#, r#"{"max_age": 1}"#),
    (
        "private-network-no-longer-asked",
        "private_network",
        r#"{"private_network": true}"#,
        r#"{"private_network": false}"#,
    ),
];

fn policy(text: &str) -> Policy {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_policy_has_its_remark_and_a_similar_policy_does_not() {
    for (id, field, with_remark, without) in TABLE {
        let fields =
            |text| review(&policy(text)).into_iter().filter(|remark| remark.id == *id).map(|found| found.field);
        assert_eq!(fields(with_remark).collect::<Vec<_>>(), [*field], "{id}");
        assert_eq!(fields(without).collect::<Vec<_>>(), [""; 0], "{id}");
    }
}

#[test]
fn every_check_is_in_the_table_once() {
    let ids: Vec<_> = checks().map(|check| check.id).collect();
    assert_eq!(TABLE.iter().map(|row| row.0).collect::<Vec<_>>(), ids);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[test]
fn a_recommended_policy_has_no_remark() {
    for text in [
        "{}",
        r#"{"origins": "any"}"#,
        r#"{"origins": ["https://myapp.com", "https://admin.myapp.com"], "credentials": true, "methods": ["PUT"],
            "request_headers": ["Authorization", "Content-Type"], "exposed_headers": ["X-Request-ID"],
            "max_age": 3600, "production": true}"#,
        r#"{"origins": ["http://localhost:*", "http://*.localhost:*"], "credentials": true, "methods": ["DELETE"],
            "max_age": 600}"#,
    ] {
        assert_eq!(review(&policy(text)), [], "{text}");
    }
}

#[test]
fn dangers_come_first_and_messages_are_short_sentences() {
    for (id, _, text, _) in TABLE {
        let remarks = review(&policy(text));
        assert!(remarks.is_sorted_by_key(|remark| remark.kind), "{id}");
        for remark in remarks {
            assert!(remark.message.ends_with('.') && remark.message.len() < 300, "{}", remark.message);
            assert!(!remark.message.contains("  "), "{}", remark.message);
        }
    }
}

#[test]
fn a_wildcard_with_credentials_is_a_danger_in_every_field_that_the_checklist_names() {
    let text = r#"{"origins": "any", "methods": "any", "request_headers": "any", "credentials": true}"#;
    let fields = review(&policy(text)).into_iter().filter(|remark| remark.kind == RemarkKind::Danger);
    assert_eq!(fields.map(|remark| remark.field).collect::<Vec<_>>(), ["origins", "methods", "request_headers"]);
}

#[test]
#[ignore = "needs the sources: FETCH_BS, CHECKLIST and LNA_BS must name their files"]
fn every_quote_is_in_its_source() {
    let source = |variable: &str| {
        let file =
            env::var_os(variable).unwrap_or_else(|| panic!("set {variable}; fetch.bs is at {}", spec::FETCH_COMMIT));
        bare_text(&fs::read_to_string(file).unwrap())
    };
    let (fetch, checklist, networks) = (source("FETCH_BS"), source("CHECKLIST"), source("LNA_BS"));
    for check in checks().filter(|check| check.link != "https://publicsuffix.org/") {
        let quote = bare_text(check.quote);
        let is_local = check.link.starts_with(spec::LOCAL_NETWORK_ACCESS.url);
        assert!(is_local || check.link.starts_with(spec::FETCH.url), "{}", check.id);
        let is_quoted =
            if is_local { networks.contains(&quote) } else { fetch.contains(&quote) || checklist.contains(&quote) };
        assert!(is_quoted, "{}: {}", check.id, check.quote);
    }
}

/// Returns a text without tags, Bikeshed's shorthand, code marks and white space.
fn bare_text(source: &str) -> String {
    let (mut text, mut in_tag) = (String::new(), false);
    for c in source.replace('\u{2019}', "'").replace(" obsolete]]", "").chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            '`' | '[' | ']' | '|' => {}
            _ if in_tag || c.is_whitespace() => {}
            _ => text.push(c),
        }
    }
    text
}
