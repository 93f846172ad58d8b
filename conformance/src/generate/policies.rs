//! Policies of every shape, with entries that are related: one host's ports, schemes, subdomains and neighbours.

use arbitrary::{Result, Unstructured};
use cors_reference::{
    header::HeaderName,
    origin_set::OriginPattern,
    policy::{Method, Policy, Wish},
};

use super::{Settings, some};

const HOSTS: [&str; 8] = [
    "app.example",
    "a.app.example",
    "myapp.example",
    "app.example.com",
    "foo.com",
    "bar.com",
    "localhost",
    "xn--bcher-kva.example",
];
const ADDRESSES: [&str; 3] = ["127.0.0.1", "[::1]", "192.168.1.1"];
const PORTS: [&str; 4] = ["", "", ":8080", ":3000"];
const METHODS: [&str; 7] = ["PUT", "DELETE", "PATCH", "patch", "PROPFIND", "OPTIONS", "QUERY"];
const REQUEST_HEADERS: [&str; 8] =
    ["x-a", "x-ab", "X-Requested-With", "Authorization", "Content-Type", "Accept", "x-csrf-token", "Range"];
const EXPOSED_HEADERS: [&str; 6] = ["x-total-count", "X-Request-Id", "etag", "link", "Content-Type", "x-a"];
const MAX_AGES: [Option<u64>; 6] = [None, None, Some(0), Some(1), Some(600), Some(86_400)];

pub(super) fn policy(bytes: &mut Unstructured<'_>, settings: &Settings) -> Result<Policy> {
    Ok(Policy {
        origins: wish(bytes, |bytes| origins(bytes, settings))?,
        credentials: bytes.arbitrary()?,
        methods: wish(bytes, |bytes| listed(bytes, &METHODS, settings, |name| Method::try_from(name.to_owned()).ok()))?,
        request_headers: wish(bytes, |bytes| names(bytes, &REQUEST_HEADERS, settings))?,
        exposed_headers: match wish(bytes, |bytes| names(bytes, &EXPOSED_HEADERS, settings))? {
            // It is no wish for these.
            Wish::Mirror => Wish::Any,
            wish => wish,
        },
        max_age: *bytes.choose(&MAX_AGES)?,
        private_network: bytes.ratio(1_u8, 8_u8)?,
        production: bytes.ratio(1_u8, 8_u8)?,
    })
}

/// A list in three of five.
fn wish<T>(
    bytes: &mut Unstructured<'_>,
    list: impl FnOnce(&mut Unstructured<'_>) -> Result<Vec<T>>,
) -> Result<Wish<T>> {
    Ok(match bytes.int_in_range(0..=4)? {
        0 => Wish::Any,
        1 => Wish::Mirror,
        _ => Wish::List(list(bytes)?),
    })
}

fn origins(bytes: &mut Unstructured<'_>, settings: &Settings) -> Result<Vec<OriginPattern>> {
    let mut patterns = Vec::new();
    for _ in 0..bytes.int_in_range(0..=settings.entries)? {
        let pattern: Option<OriginPattern> = pattern(bytes)?.parse().ok();
        patterns.extend(pattern.filter(|pattern| !patterns.contains(pattern)));
    }
    Ok(patterns)
}

fn pattern(bytes: &mut Unstructured<'_>) -> Result<String> {
    let scheme = bytes.choose(&["https", "https", "http"])?;
    let (host, port) = (bytes.choose(&HOSTS)?, bytes.choose(&PORTS)?);
    Ok(match bytes.int_in_range(0..=12)? {
        0 => "null".to_owned(),
        1 => format!("{scheme}://{}{port}", bytes.choose(&ADDRESSES)?),
        2 | 3 => format!("{scheme}://*.{host}{port}"),
        4 => format!("{scheme}://*.{host}:*"),
        5 => format!("{scheme}://{host}:*"),
        6 => (*bytes.choose(&["https://*.com", "https://*.github.io", "http://localhost:3000"])?).to_owned(),
        7 => "chrome-extension://abcdefghijklmnop".to_owned(),
        _ => format!("{scheme}://{host}{port}"),
    })
}

fn names(bytes: &mut Unstructured<'_>, of: &[&'static str], settings: &Settings) -> Result<Vec<HeaderName>> {
    listed(bytes, of, settings, |name| name.parse().ok())
}

fn listed<T>(
    bytes: &mut Unstructured<'_>,
    of: &[&'static str],
    settings: &Settings,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>> {
    Ok(some(bytes, of, settings.entries)?.into_iter().filter_map(read).collect())
}
