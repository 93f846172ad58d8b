//! Changes to header lists, with unusual values that parsers often mishandle.

use arbitrary::{Result, Unstructured};
use cors_reference::{
    header::{HeaderName, HeaderValue},
    header_list::HeaderList,
};

use super::lists;

/// The number of headers at which a list stops growing.
const HEADERS: usize = 8;

/// The length in bytes at which a value stops growing.
const LONG: usize = 256;

/// Request headers that affect a middleware or the model.
pub(super) const OF_REQUESTS: &[&str] = &[
    "Origin",
    "Access-Control-Request-Method",
    "Access-Control-Request-Headers",
    "Access-Control-Request-Private-Network",
    "Authorization",
    "Cookie",
    "Accept",
    "Content-Type",
    "Range",
    "X-A",
];

/// Headers that a layer around a middleware adds. They exclude CORS headers, which the middleware could not correct.
pub(super) const OF_LAYERS: &[&str] = &["Vary", "X-Total-Count"];

/// Response headers that affect a middleware or the model. They exclude framing headers, which the framework sets.
pub(super) const OF_RESPONSES: &[&str] = &[
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    "Access-Control-Allow-Private-Network",
    "Vary",
    "Cache-Control",
    "Location",
    "Timing-Allow-Origin",
    "X-Total-Count",
];

const VALUES: &[&str] = &[
    "",
    "*",
    "null",
    "true",
    "TRUE",
    "https://app.example",
    "https://app.example, https://app.example",
    "https://evil.example",
    "HTTPS://APP.EXAMPLE",
    "PUT",
    "put",
    "GET,PUT",
    "x-a",
    "x-a, ,x-ab",
    "X-A,authorization",
    "x a",
    "\"x-a\"",
    "x-a;q=1",
    "Origin",
    "origin, accept-encoding",
    "0",
    "-1",
    "1e3",
    "99999999999999999999",
    "public, max-age=600",
    "no-store",
    "https://api.example/other",
    "caf\u{e9}",
    "text/plain",
];

/// Removes, repeats, moves, adds or alters a header.
pub(super) fn change(list: &mut HeaderList, names: &[&str], bytes: &mut Unstructured<'_>) -> Result<()> {
    let mut lines: Vec<(HeaderName, HeaderValue)> =
        list.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    if lines.is_empty() || bytes.arbitrary()? {
        let name: Option<HeaderName> = bytes.choose(names)?.parse().ok();
        let donor = name.map(|name| Ok((name, value(bytes)?))).transpose()?;
        lists::change(&mut lines, donor.into_iter().collect(), HEADERS, bytes)?;
    } else {
        let index = bytes.choose_index(lines.len())?;
        let (name, own) = &mut lines[index];
        match bytes.int_in_range(0..=4)? {
            0 => *name = name.to_lowercase(),
            1 => *own = HeaderValue::from_wire(&own.as_bytes().to_ascii_uppercase()),
            2 if own.as_bytes().len() < LONG => {
                *own = HeaderValue::from_wire(&[own.as_bytes(), b", ", value(bytes)?.as_bytes()].concat());
            }
            3 => *own = HeaderValue::from_wire(&own.as_bytes()[..bytes.int_in_range(0..=own.as_bytes().len())?]),
            _ => *own = value(bytes)?,
        }
    }
    *list = lines.into_iter().collect();
    Ok(())
}

/// Chooses an unusual value, and rarely one as long as the limits of the CORS-safelisted request-headers.
fn value(bytes: &mut Unstructured<'_>) -> Result<HeaderValue> {
    if bytes.ratio(1_u8, 24_u8)? {
        return Ok("a".repeat(*bytes.choose(&[128, 129, 1025])?).as_str().into());
    }
    bytes.choose(VALUES).map(|text| (*text).into())
}
