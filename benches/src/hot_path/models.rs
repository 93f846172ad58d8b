//! The models: what is asked under which policy, at which sizes, and what must come of it.

use std::fmt::Write as _;

use crate::listed::{host, origin, pattern};

/// What is measured, as a function of a size.
pub struct Model {
    /// Its name in every report.
    pub id: &'static str,
    /// What it shows, in a sentence.
    pub says: &'static str,
    /// What its sizes count.
    pub unit: &'static str,
    /// The sizes; a quick run takes the first and the last but one.
    pub sizes: &'static [usize],
    /// What the policy lists.
    pub policy: Listing,
    /// The request of a size.
    pub asks: fn(usize) -> Asks,
    /// What must come of it; a wrong answer is never timed.
    pub expected: Expected,
}

/// What the policy lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listing {
    /// As many exact origins as the size says.
    Origins,
    /// As many subdomain patterns as the size says.
    Patterns,
    /// One origin with a method, a header, credentials and an age, whatever the size.
    Typical,
}

impl Listing {
    /// What two models share where their policies of these sizes are the same.
    pub fn key(self, size: usize) -> (Self, usize) {
        (self, if self == Self::Typical { 1 } else { size })
    }

    /// The policy of a size, as JSON.
    pub fn json(self, size: usize) -> String {
        match self {
            Self::Origins => listing((0..size).map(origin)),
            Self::Patterns => listing((0..size).map(pattern)),
            Self::Typical => TYPICAL.to_owned(),
        }
    }
}

/// What is asked.
pub enum Asks {
    /// Nothing: a server is built for the policy.
    Build,
    /// What a page's `fetch()` sends first, its preflight where it needs one; as JSON.
    Fetch(String),
    /// What a client that is no browser sends; as JSON.
    Raw(String),
}

/// What must come of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// The page reads the answer, by way of the preflight where it needs one.
    Granted,
    /// The page gets a network error.
    Refused,
    /// It is answered as the application answers without the middleware, and grants nobody anything.
    Plain,
    /// It is answered, in whatever way.
    Answered,
}

const ORIGINS: &[usize] = &[1, 10, 100, 1_000, 10_000];
const PATTERNS: &[usize] = &[1, 10, 100, 1_000];
const BYTES: &[usize] = &[1 << 10, 1 << 15, 1 << 20];

/// Every model.
pub const MODELS: &[Model] = &[
    Model {
        id: "build",
        says: "A server is built for a list of exact origins.",
        unit: "origins",
        sizes: ORIGINS,
        policy: Listing::Origins,
        asks: |_| Asks::Build,
        expected: Expected::Granted,
    },
    Model {
        id: "hit-first",
        says: "A page of the first listed origin reads.",
        unit: "origins",
        sizes: ORIGINS,
        policy: Listing::Origins,
        asks: |_| get(&origin(0)),
        expected: Expected::Granted,
    },
    Model {
        id: "hit-last",
        says: "A page of the last listed origin reads.",
        unit: "origins",
        sizes: ORIGINS,
        policy: Listing::Origins,
        asks: |size| get(&origin(size - 1)),
        expected: Expected::Granted,
    },
    Model {
        id: "miss",
        says: "A page of an unrelated origin is refused.",
        unit: "origins",
        sizes: ORIGINS,
        policy: Listing::Origins,
        asks: |_| get("https://unrelated.example"),
        expected: Expected::Refused,
    },
    Model {
        id: "near-miss",
        says: "A page whose origin is the last listed one and a letter more is refused.",
        unit: "origins",
        sizes: ORIGINS,
        policy: Listing::Origins,
        asks: |size| get(&format!("{}x", origin(size - 1))),
        expected: Expected::Refused,
    },
    Model {
        id: "no-origin",
        says: "A request without `Origin` gets the application's answer.",
        unit: "origins",
        sizes: ORIGINS,
        policy: Listing::Origins,
        asks: |_| Asks::Raw(r#"{"method": "GET"}"#.to_owned()),
        expected: Expected::Plain,
    },
    Model {
        id: "pattern-hit",
        says: "A page of a subdomain of the last pattern reads.",
        unit: "patterns",
        sizes: PATTERNS,
        policy: Listing::Patterns,
        asks: |size| get(&format!("https://deep.sub.{}", host(size - 1))),
        expected: Expected::Granted,
    },
    Model {
        id: "pattern-miss",
        says: "A page of the last pattern's own domain, which no pattern covers, is refused.",
        unit: "patterns",
        sizes: PATTERNS,
        policy: Listing::Patterns,
        asks: |size| get(&format!("https://{}", host(size - 1))),
        expected: Expected::Refused,
    },
    Model {
        id: "actual",
        says: "A page reads with credentials, and what is exposed.",
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
        says: "A preflight for a listed method and header passes.",
        unit: "origins",
        sizes: &[1],
        policy: Listing::Typical,
        asks: |_| put("https://app.example", "x-a"),
        expected: Expected::Granted,
    },
    Model {
        id: "preflight-refused",
        says: "A preflight by an origin that is not listed fails.",
        unit: "origins",
        sizes: &[1],
        policy: Listing::Typical,
        asks: |_| put("https://evil.example", "x-a"),
        expected: Expected::Refused,
    },
    Model {
        id: "long-origin",
        says: "A raw client sends an `Origin` of that many bytes.",
        unit: "bytes",
        sizes: BYTES,
        policy: Listing::Typical,
        asks: |size| raw("GET", &[("Origin", &format!("https://{}.app.example", "a".repeat(size)))]),
        expected: Expected::Plain,
    },
    Model {
        id: "commas",
        says: "A raw client's preflight asks for that many commas.",
        unit: "bytes",
        sizes: BYTES,
        policy: Listing::Typical,
        asks: |size| preflight(&",".repeat(size)),
        expected: Expected::Answered,
    },
    Model {
        id: "names",
        says: "A raw client's preflight asks for that many bytes of header names.",
        unit: "bytes",
        sizes: BYTES,
        policy: Listing::Typical,
        asks: |size| preflight(&["x-a"].repeat(size / 4).join(",")),
        expected: Expected::Answered,
    },
    Model {
        id: "lines",
        says: "A raw client's preflight asks in that many header lines.",
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

/// One listed origin with a method, a header, credentials and an age.
const TYPICAL: &str = r#"{"origins": ["https://app.example"], "credentials": true, "methods": ["PUT"],
    "request_headers": ["x-a"], "exposed_headers": ["x-b"], "max_age": 600}"#;

fn listing(origins: impl Iterator<Item = String>) -> String {
    let mut list = String::new();
    for origin in origins {
        let comma = if list.is_empty() { "" } else { "," };
        // Writing to memory does not fail.
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
