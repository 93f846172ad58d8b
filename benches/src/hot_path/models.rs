//! The models: the measured requests, with their policies, sizes and expected answers.

use std::fmt::Write as _;

use crate::listed::{host, origin, pattern};

/// A measurement as a function of a size.
pub struct Model {
    /// The name in every report.
    pub id: &'static str,
    /// A sentence that describes the measurement.
    pub title: &'static str,
    /// The unit of the sizes.
    pub unit: &'static str,
    /// The sizes. A quick run uses the first and the last but one.
    pub sizes: &'static [usize],
    /// The policy.
    pub policy: Listing,
    /// Returns the request of a size.
    pub asks: fn(usize) -> Asks,
    /// The expected answer. A wrong answer is never measured.
    pub expected: Expected,
}

/// The entries that a policy lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listing {
    /// Exact origins, as many as the size.
    Origins,
    /// Subdomain patterns, as many as the size.
    Patterns,
    /// One origin with a method, a header, credentials and a max-age, for every size.
    Typical,
}

impl Listing {
    /// Returns a key that is equal for equal policies.
    pub fn key(self, size: usize) -> (Self, usize) {
        (self, if self == Self::Typical { 1 } else { size })
    }

    /// Returns the policy of a size as JSON.
    pub fn json(self, size: usize) -> String {
        match self {
            Self::Origins => listing((0..size).map(origin)),
            Self::Patterns => listing((0..size).map(pattern)),
            Self::Typical => TYPICAL.to_owned(),
        }
    }
}

/// The request of a model.
pub enum Asks {
    /// No request. The measurement is of building a server for the policy.
    Build,
    /// The fetch of a page, as JSON. Its first request is measured, which is the preflight if one is needed.
    Fetch(String),
    /// The request of a raw client, as JSON.
    Raw(String),
}

/// The expected answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// The page can read the response.
    Granted,
    /// The page gets a network error.
    Refused,
    /// The response equals the response of the application, or grants nothing.
    Plain,
    /// There is a response.
    Answered,
}

const ORIGINS: &[usize] = &[1, 10, 100, 1_000, 10_000];
const PATTERNS: &[usize] = &[1, 10, 100, 1_000];
const BYTES: &[usize] = &[1 << 10, 1 << 15, 1 << 20];

/// All models.
pub const MODELS: &[Model] = &[
    Model {
        id: "build",
        title: "Building a server for a list of exact origins.",
        unit: "origins",
        sizes: ORIGINS,
        policy: Listing::Origins,
        asks: |_| Asks::Build,
        expected: Expected::Granted,
    },
    Model {
        id: "hit-first",
        title: "A page from the first listed origin reads the response.",
        unit: "origins",
        sizes: ORIGINS,
        policy: Listing::Origins,
        asks: |_| get(&origin(0)),
        expected: Expected::Granted,
    },
    Model {
        id: "hit-last",
        title: "A page from the last listed origin reads the response.",
        unit: "origins",
        sizes: ORIGINS,
        policy: Listing::Origins,
        asks: |size| get(&origin(size - 1)),
        expected: Expected::Granted,
    },
    Model {
        id: "miss",
        title: "A page from an unrelated origin is refused.",
        unit: "origins",
        sizes: ORIGINS,
        policy: Listing::Origins,
        asks: |_| get("https://unrelated.example"),
        expected: Expected::Refused,
    },
    Model {
        id: "near-miss",
        title: "A page from the last listed origin with an additional letter is refused.",
        unit: "origins",
        sizes: ORIGINS,
        policy: Listing::Origins,
        asks: |size| get(&format!("{}x", origin(size - 1))),
        expected: Expected::Refused,
    },
    Model {
        id: "no-origin",
        title: "A request without `Origin` gets the application's response.",
        unit: "origins",
        sizes: ORIGINS,
        policy: Listing::Origins,
        asks: |_| Asks::Raw(r#"{"method": "GET"}"#.to_owned()),
        expected: Expected::Plain,
    },
    Model {
        id: "pattern-hit",
        title: "A page from a subdomain of the last pattern reads the response.",
        unit: "patterns",
        sizes: PATTERNS,
        policy: Listing::Patterns,
        asks: |size| get(&format!("https://deep.sub.{}", host(size - 1))),
        expected: Expected::Granted,
    },
    Model {
        id: "pattern-miss",
        title: "A page from the parent domain of the last pattern is refused.",
        unit: "patterns",
        sizes: PATTERNS,
        policy: Listing::Patterns,
        asks: |size| get(&format!("https://{}", host(size - 1))),
        expected: Expected::Refused,
    },
    Model {
        id: "actual",
        title: "A page reads the response and the exposed headers with credentials.",
        unit: "origins",
        sizes: &[1],
        policy: Listing::Typical,
        asks: |_| {
            Asks::Fetch(r#"{"page_origin": "https://app.example", "request": {"credentials": "include"}}"#.to_owned())
        },
        expected: Expected::Granted,
    },
    Model {
        id: "preflight",
        title: "A preflight for a listed method and header succeeds.",
        unit: "origins",
        sizes: &[1],
        policy: Listing::Typical,
        asks: |_| put("https://app.example", "x-a"),
        expected: Expected::Granted,
    },
    Model {
        id: "preflight-refused",
        title: "A preflight from an origin that is not listed fails.",
        unit: "origins",
        sizes: &[1],
        policy: Listing::Typical,
        asks: |_| put("https://evil.example", "x-a"),
        expected: Expected::Refused,
    },
    Model {
        id: "long-origin",
        title: "A raw client sends an `Origin` of this many bytes.",
        unit: "bytes",
        sizes: BYTES,
        policy: Listing::Typical,
        asks: |size| raw("GET", &[("Origin", &format!("https://{}.app.example", "a".repeat(size)))]),
        expected: Expected::Plain,
    },
    Model {
        id: "commas",
        title: "A raw client sends a preflight with this many commas as its list of headers.",
        unit: "bytes",
        sizes: BYTES,
        policy: Listing::Typical,
        asks: |size| preflight(&",".repeat(size)),
        expected: Expected::Answered,
    },
    Model {
        id: "names",
        title: "A raw client sends a preflight with this many bytes of header names.",
        unit: "bytes",
        sizes: BYTES,
        policy: Listing::Typical,
        asks: |size| preflight(&["x-a"].repeat(size / 4).join(",")),
        expected: Expected::Answered,
    },
    Model {
        id: "lines",
        title: "A raw client sends a preflight with its header names on this many lines.",
        unit: "lines",
        sizes: &[10, 100, 1_000],
        policy: Listing::Typical,
        asks: |size| {
            let mut headers = vec![("Origin", "https://app.example"), ("Access-Control-Request-Method", "PUT")];
            headers.resize(headers.len() + size, ("Access-Control-Request-Headers", "x-a"));
            raw("OPTIONS", &headers)
        },
        expected: Expected::Answered,
    },
];

/// A policy with one origin, a method, a header, credentials and a max-age.
const TYPICAL: &str = r#"{"origins": ["https://app.example"], "credentials": true, "methods": ["PUT"],
    "request_headers": ["x-a"], "exposed_headers": ["x-b"], "max_age": 600}"#;

fn listing(origins: impl Iterator<Item = String>) -> String {
    let mut list = String::new();
    for origin in origins {
        let comma = if list.is_empty() { "" } else { "," };
        // Writing to a string does not fail.
        write!(list, "{comma}\"{origin}\"").unwrap_or_default();
    }
    format!("{{\"origins\": [{list}]}}")
}

fn get(origin: &str) -> Asks {
    Asks::Fetch(format!(r#"{{"page_origin": "{origin}"}}"#))
}

fn put(origin: &str, header: &str) -> Asks {
    let init = format!(r#"{{"method": "PUT", "headers": [["{header}", "1"]]}}"#);
    Asks::Fetch(format!(r#"{{"page_origin": "{origin}", "request": {init}}}"#))
}

fn preflight(names: &str) -> Asks {
    let headers = [
        ("Origin", "https://app.example"),
        ("Access-Control-Request-Method", "PUT"),
        ("Access-Control-Request-Headers", names),
    ];
    raw("OPTIONS", &headers)
}

fn raw(method: &str, headers: &[(&str, &str)]) -> Asks {
    let headers: Vec<String> = headers.iter().map(|(name, value)| format!(r#"["{name}", "{value}"]"#)).collect();
    Asks::Raw(format!(r#"{{"method": "{method}", "headers": [{}]}}"#, headers.join(",")))
}
