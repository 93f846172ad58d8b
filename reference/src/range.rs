//! The [range header value](https://fetch.spec.whatwg.org/#simple-range-header-value) that a script may set
//! without a preflight.

/// A single range: its numbers are unbounded, so they stay digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SingleRange<'a> {
    /// The first byte's position.
    pub start: Option<&'a [u8]>,
    /// The last byte's position.
    pub end: Option<&'a [u8]>,
}

/// [Parses a single range header value](https://fetch.spec.whatwg.org/#simple-range-header-value); nothing on
/// failure.
pub fn parse_single_range_header_value(value: &[u8], allow_whitespace: bool) -> Option<SingleRange<'_>> {
    let skip_whitespace = |rest| if allow_whitespace { collect(rest, |b| matches!(b, b'\t' | b' ')).1 } else { rest };
    // 2.–7. `bytes`, `=`.
    let rest = skip_whitespace(value.strip_prefix(b"bytes")?);
    let rest = skip_whitespace(rest.strip_prefix(b"=")?);
    // 8.–9. Let rangeStart be the digits, null if there are none.
    let (start, rest) = collect(rest, u8::is_ascii_digit);
    // 10.–13. `-`.
    let rest = skip_whitespace(skip_whitespace(rest).strip_prefix(b"-")?);
    // 14.–15. Let rangeEnd be the digits. 16. If position is not past the end of data, then return failure.
    let (end, rest) = collect(rest, u8::is_ascii_digit);
    if !rest.is_empty() {
        return None;
    }
    let [start, end] = [start, end].map(|digits| (!digits.is_empty()).then_some(digits));
    match (start, end) {
        // 17. If both are null, then return failure.
        (None, None) => None,
        // 18. If both are numbers and start is greater than end, then return failure.
        (Some(start), Some(end)) if is_greater(start, end) => None,
        // 19. Return (rangeStartValue, rangeEndValue).
        _ => Some(SingleRange { start, end }),
    }
}

/// The bytes up to the first that is not `wanted`, and the rest.
fn collect(bytes: &[u8], wanted: impl Fn(&u8) -> bool) -> (&[u8], &[u8]) {
    bytes.split_at(bytes.iter().position(|byte| !wanted(byte)).unwrap_or(bytes.len()))
}

impl SingleRange<'_> {
    /// Whether no number is greater than `limit`.
    pub(crate) fn is_within(&self, limit: u64) -> bool {
        let limit = limit.to_string();
        ![self.start, self.end].into_iter().flatten().any(|number| is_greater(number, limit.as_bytes()))
    }
}

/// Compares two decimal numbers of any length.
fn is_greater(a: &[u8], b: &[u8]) -> bool {
    let significant = |digits: &[u8]| digits.iter().position(|d| *d != b'0').unwrap_or(digits.len());
    let (a, b) = (&a[significant(a)..], &b[significant(b)..]);
    (a.len(), a) > (b.len(), b)
}
