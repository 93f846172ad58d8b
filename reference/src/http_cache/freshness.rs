//! [Freshness](https://www.rfc-editor.org/rfc/rfc9111#section-4.2) of stored responses.

use std::time::UNIX_EPOCH;

use super::{cache_control::Directives, kind::CacheKind};
use crate::{extract::delta_seconds, header_list::HeaderList, response::Response};

/// The times from which the freshness of a stored response follows, in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Freshness {
    /// The time at which the response was generated, in Unix time, or `None` if it is unknown.
    pub(super) generated_ms: Option<u64>,
    /// The time at which the response was received.
    received_ms: u64,
    /// The age at that time.
    initial_age_ms: u64,
    /// The freshness lifetime.
    lifetime_ms: u64,
}

impl Freshness {
    /// Computes the freshness of a response that is received at `now_ms`. `unix_now_ms` is the time of the wall clock,
    /// if there is one.
    pub(super) fn of(kind: CacheKind, response: &Response, now_ms: u64, unix_now_ms: Option<u64>) -> Self {
        // RFC 9110, 6.6.1: a recipient with a clock dates a response without a valid `Date`.
        let generated_ms = date_ms(&response.headers, "Date").or(unix_now_ms);
        let apparent_age_ms = unix_now_ms.zip(generated_ms).map_or(0, |(now, date)| now.saturating_sub(date));
        Self {
            generated_ms,
            received_ms: now_ms,
            initial_age_ms: apparent_age_ms.max(age_value(&response.headers).saturating_mul(1000)),
            lifetime_ms: lifetime_ms(kind, response, generated_ms),
        }
    }

    /// Keeps a response fresh for ever if it has neither `Cache-Control` nor `Expires`.
    pub(super) fn keep_permanent(&mut self, response: &Response) {
        let sets_freshness = ["Cache-Control", "Expires"].iter().any(|name| response.headers.contains(name));
        if !sets_freshness {
            self.lifetime_ms = u64::MAX;
        }
    }

    /// Returns the [current age](https://www.rfc-editor.org/rfc/rfc9111#section-4.2.3). The response delay is 0.
    pub(super) fn age_ms(&self, now_ms: u64) -> u64 {
        self.initial_age_ms.saturating_add(now_ms.saturating_sub(self.received_ms))
    }

    /// Returns true if the age is below the freshness lifetime.
    pub(super) fn is_fresh(&self, now_ms: u64) -> bool {
        self.age_ms(now_ms) < self.lifetime_ms
    }
}

/// Computes the [freshness lifetime](https://www.rfc-editor.org/rfc/rfc9111#section-4.2.1). The first rule that applies
/// decides.
fn lifetime_ms(kind: CacheKind, response: &Response, generated_ms: Option<u64>) -> u64 {
    let directives = Directives::of(&response.headers);
    // The cache serves no stale response, so a response that must always be validated is never fresh.
    if directives.has("no-cache") {
        return 0;
    }
    let shared = if kind == CacheKind::Shared { directives.seconds("s-maxage") } else { None };
    if let Some(seconds) = shared.or_else(|| directives.seconds("max-age")) {
        return seconds.saturating_mul(1000);
    }
    if response.headers.contains("Expires") {
        // A malformed or repeated date is in the past, and so is every date if the time of generation is unknown.
        let expires_ms = date_ms(&response.headers, "Expires");
        return expires_ms.zip(generated_ms).map_or(0, |(end, start)| end.saturating_sub(start));
    }
    // 4.2.2: the usual heuristic is a tenth of the time since the last modification.
    if !directives.has("public") && !is_heuristically_cacheable(response.status) {
        return 0;
    }
    let modified_ms = date_ms(&response.headers, "Last-Modified");
    generated_ms.zip(modified_ms).map_or(0, |(end, start)| end.saturating_sub(start) / 10)
}

/// Returns true if the status is [heuristically cacheable](https://www.rfc-editor.org/rfc/rfc9110#section-15.1).
pub(super) fn is_heuristically_cacheable(status: u16) -> bool {
    matches!(status, 200 | 203 | 204 | 206 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 501)
}

/// Returns the [HTTP date](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7) of a header in Unix time, or `None` if
/// the header is absent, repeated or malformed.
fn date_ms(headers: &HeaderList, name: &str) -> Option<u64> {
    let text = String::from_utf8(headers.get(name)?.to_vec()).ok()?;
    let since = httpdate::parse_http_date(&text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    u64::try_from(since.as_millis()).ok()
}

/// Returns the seconds of [`Age`](https://www.rfc-editor.org/rfc/rfc9111#section-5.1). Only the first member counts,
/// and a malformed one is ignored.
fn age_value(headers: &HeaderList) -> u64 {
    let joined = headers.get("Age").map(|joined| joined.to_vec()).unwrap_or_default();
    let first = joined.split(|b| *b == b',').next().unwrap_or_default();
    delta_seconds(first.trim_ascii_end()).unwrap_or(0)
}
