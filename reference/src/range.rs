//! The [range header value](https://fetch.spec.whatwg.org/#simple-range-header-value) that a script may set without a
//! preflight.

/// A single range. Its numbers are unbounded, so they are kept as digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SingleRange<'a> {
    /// The position of the first byte.
    pub start: Option<&'a [u8]>,
    /// The position of the last byte.
    pub end: Option<&'a [u8]>,
}

/// [Parses a single range header value](https://fetch.spec.whatwg.org/#simple-range-header-value). Returns `None` on
/// failure.
pub fn parse_single_range_header_value(value: &[u8], allow_whitespace: bool) -> Option<SingleRange<'_>> {
    let skip_whitespace = |rest| if allow_whitespace { collect(rest, |b| matches!(b, b'\t' | b' ')).1 } else { rest };
    // 1. The bytes stand for their isomorphic decoding.
    // 2–3. If data does not start with "bytes", then return failure. Position is after that.
    let rest = value.strip_prefix(b"bytes")?;
    // 4. If allowWhitespace is true, then skip HTTP tab or space.
    let rest = skip_whitespace(rest);
    // 5–6. If the next code point is not `=`, then return failure. Advance position by 1.
    let rest = rest.strip_prefix(b"=")?;
    // 7. If allowWhitespace is true, then skip HTTP tab or space.
    let rest = skip_whitespace(rest);
    // 8–9. Let rangeStart be the digits, or null if there are none.
    let (start, rest) = collect(rest, u8::is_ascii_digit);
    // 10. If allowWhitespace is true, then skip HTTP tab or space.
    let rest = skip_whitespace(rest);
    // 11–12. If the next code point is not `-`, then return failure. Advance position by 1.
    let rest = rest.strip_prefix(b"-")?;
    // 13. If allowWhitespace is true, then skip HTTP tab or space.
    let rest = skip_whitespace(rest);
    // 14–15. Let rangeEnd be the digits, or null if there are none.
    let (end, rest) = collect(rest, u8::is_ascii_digit);
    // 16. If position is not past the end of data, then return failure.
    if !rest.is_empty() {
        return None;
    }
    let [start, end] = [start, end].map(|digits| (!digits.is_empty()).then_some(digits));
    match (start, end) {
        // 17. If both are null, then return failure.
        (None, None) => None,
        // 18. If both are numbers and rangeStart is greater than rangeEnd, then return failure.
        (Some(start), Some(end)) if is_greater(start, end) => None,
        // 19. Return (rangeStart, rangeEnd).
        _ => Some(SingleRange { start, end }),
    }
}

/// Splits the bytes before the first byte that is not `wanted`.
fn collect(bytes: &[u8], wanted: impl Fn(&u8) -> bool) -> (&[u8], &[u8]) {
    bytes.split_at(bytes.iter().position(|byte| !wanted(byte)).unwrap_or(bytes.len()))
}

impl SingleRange<'_> {
    /// Returns true if no number is greater than `limit`.
    pub(crate) fn is_within(&self, limit: u64) -> bool {
        let limit = limit.to_string();
        ![self.start, self.end].into_iter().flatten().any(|number| is_greater(number, limit.as_bytes()))
    }
}

/// Returns true if `a` is greater than `b`. Both are decimal numbers of any length.
fn is_greater(a: &[u8], b: &[u8]) -> bool {
    let significant = |digits: &[u8]| digits.iter().position(|d| *d != b'0').unwrap_or(digits.len());
    let (a, b) = (&a[significant(a)..], &b[significant(b)..]);
    (a.len(), a) > (b.len(), b)
}
