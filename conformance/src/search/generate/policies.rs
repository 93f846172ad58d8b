//! Generated policies of every shape that a configuration can express. The entries of a list are related: they share hosts
//! and differ in port, scheme or subdomain.

use arbitrary::{Result, Unstructured};
use cors_policy::{AllowList, Method, Policy, capability::Capability, origin_set::OriginPattern};
use cors_reference::header::HeaderName;

use super::{
    draw::{one, some},
    settings::Settings,
};

/// Hosts with common prefixes and suffixes.
const HOSTS: [&str; 10] = [
    "app.example",
    "a.app.example",
    "myapp.example",
    "app.example.com",
    "foo.com",
    "bar.com",
    "barfoo.com",
    "localhost",
    "xn--bcher-kva.example",
    "a-b.example",
];
const ADDRESSES: [&str; 3] = ["127.0.0.1", "[::1]", "192.168.1.1"];
const PORTS: [&str; 4] = ["", "", ":8080", ":3000"];
const METHODS: [&str; 7] = ["PUT", "DELETE", "PATCH", "patch", "PROPFIND", "OPTIONS", "QUERY"];
const REQUEST_HEADERS: [&str; 8] =
    ["x-a", "x-ab", "X-Requested-With", "Authorization", "Content-Type", "Accept", "x-csrf-token", "Range"];
const EXPOSED_HEADERS: [&str; 6] = ["x-total-count", "X-Request-Id", "etag", "link", "Content-Type", "x-a"];
const MAX_AGES: [Option<u64>; 6] = [None, None, Some(0), Some(1), Some(600), Some(86_400)];

/// Generates a policy within the capabilities of the settings.
pub(super) fn policy(bytes: &mut Unstructured<'_>, settings: &Settings) -> Result<Policy> {
    use Capability as C;
    let can = |capability| settings.capabilities.contains(capability);
    Ok(Policy {
        origins: allow_list(bytes, can(C::AnyOrigin), can(C::MirrorOrigin), |bytes| origins(bytes, settings))?,
        credentials: can(C::Credentials) && bytes.arbitrary()?,
        methods: allow_list(bytes, can(C::AnyMethod), can(C::MirrorMethod), |bytes| {
            let listed = if can(C::ListedMethod) { some(bytes, &METHODS, settings.entries)? } else { Vec::new() };
            Ok(listed.into_iter().filter_map(|name| Method::try_from(name.to_owned()).ok()).collect())
        })?,
        request_headers: allow_list(bytes, can(C::AnyRequestHeader), can(C::MirrorRequestHeader), |bytes| {
            names(bytes, can(C::ListedRequestHeader), &REQUEST_HEADERS, settings)
        })?,
        exposed_headers: allow_list(bytes, can(C::AnyExposedHeader), false, |bytes| {
            names(bytes, can(C::ListedExposedHeader), &EXPOSED_HEADERS, settings)
        })?,
        max_age: if can(C::MaxAge) { *bytes.choose(&MAX_AGES)? } else { None },
        private_network: can(C::PrivateNetwork) && bytes.ratio(1_u8, 8_u8)?,
        production: bytes.ratio(1_u8, 8_u8)?,
    })
}

/// Generates a list with a probability of three in five, and otherwise `any` or `mirror` if they are supported.
fn allow_list<T>(
    bytes: &mut Unstructured<'_>,
    can_be_any: bool,
    can_be_mirror: bool,
    list: impl FnOnce(&mut Unstructured<'_>) -> Result<Vec<T>>,
) -> Result<AllowList<T>> {
    Ok(match bytes.int_in_range(0..=4)? {
        0 if can_be_any => AllowList::Any,
        1 if can_be_mirror => AllowList::Mirror,
        _ => AllowList::List(list(bytes)?),
    })
}

/// Generates the listed origins.
fn origins(bytes: &mut Unstructured<'_>, settings: &Settings) -> Result<Vec<OriginPattern>> {
    let can = |capability| settings.capabilities.contains(capability);
    let mut patterns: Vec<OriginPattern> = Vec::new();
    let least = if can(Capability::NoOrigin) { 0 } else { 1 };
    let most = if can(Capability::SeveralOrigins) { settings.entries } else { 1 };
    for _ in 0..bytes.int_in_range(least..=most.max(least))? {
        let pattern: Option<OriginPattern> = pattern(bytes, settings, &patterns)?.parse().ok();
        patterns.extend(pattern.filter(|pattern| !patterns.contains(pattern)));
    }
    Ok(patterns)
}

/// Generates a supported pattern. Half of the patterns use the host of another entry.
fn pattern(bytes: &mut Unstructured<'_>, settings: &Settings, others: &[OriginPattern]) -> Result<String> {
    let can = |capability| settings.capabilities.contains(capability);
    let scheme = bytes.choose(&["https", "https", "http"])?;
    let sibling = if bytes.arbitrary()? { one(bytes, others)?.and_then(|other| host(other.as_str())) } else { None };
    let host = match sibling {
        Some(host) => host,
        None => *bytes.choose(&HOSTS)?,
    };
    let port = bytes.choose(&PORTS)?;
    Ok(match bytes.int_in_range(0..=12)? {
        0 if can(Capability::NullOrigin) => "null".to_owned(),
        2 | 3 if can(Capability::SubdomainPattern) => format!("{scheme}://*.{host}{port}"),
        4 if can(Capability::SubdomainPattern) && can(Capability::PortPattern) => format!("{scheme}://*.{host}:*"),
        5 if can(Capability::PortPattern) => format!("{scheme}://{host}:*"),
        6 if can(Capability::SubdomainPattern) => {
            (*bytes.choose(&["https://*.com", "https://*.github.io"])?).to_owned()
        }
        // Text that is not a pattern adds no entry.
        _ if !can(Capability::ListedOrigin) => String::new(),
        1 => format!("{scheme}://{}{port}", bytes.choose(&ADDRESSES)?),
        7 => (*bytes.choose(&["chrome-extension://abcdefghijklmnop", "http://localhost:3000"])?).to_owned(),
        _ => format!("{scheme}://{host}{port}"),
    })
}

/// Returns the host of a pattern without its wildcards. Returns `None` unless the host is a domain.
fn host(pattern: &str) -> Option<&str> {
    let (_, rest) = pattern.split_once("://")?;
    let host = rest.trim_start_matches("*.").split(':').next()?;
    (host.contains('.') && host.bytes().any(|byte| byte.is_ascii_alphabetic())).then_some(host)
}

/// Chooses header names.
fn names(
    bytes: &mut Unstructured<'_>,
    can_be_listed: bool,
    of: &[&'static str],
    settings: &Settings,
) -> Result<Vec<HeaderName>> {
    let listed = if can_be_listed { some(bytes, of, settings.entries)? } else { Vec::new() };
    Ok(listed.into_iter().filter_map(|name| name.parse().ok()).collect())
}
