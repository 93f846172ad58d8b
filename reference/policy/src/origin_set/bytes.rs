//! The parts of a serialized origin, as bytes.

/// Splits a serialized origin into scheme, host and port. The port is empty if it is the default.
/// Returns `None` for bytes without `://` or with an invalid port.
pub(super) fn split(origin: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let colon = origin.windows(3).position(|w| w == b"://")?;
    let (scheme, rest) = (&origin[..colon], &origin[colon + 3..]);
    let colon = rest.iter().rposition(|b| *b == b':').filter(|_| !rest.ends_with(b"]"));
    let (host, port) = colon.map_or((rest, &[][..]), |colon| (&rest[..colon], &rest[colon + 1..]));
    let is_port = match port {
        [] => colon.is_none(),
        digits => port_number(digits).is_some(),
    };
    is_port.then_some((scheme, host, port))
}

/// Parses a serialized port: decimal, without leading zeros, at most 65535.
pub(super) fn port_number(digits: &[u8]) -> Option<u16> {
    if digits.is_empty() || (digits.len() > 1 && digits[0] == b'0') {
        return None;
    }
    let add = |number: u16, digit: &u8| {
        let digit = digit.is_ascii_digit().then(|| u16::from(digit - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    };
    digits.iter().try_fold(0, add)
}

/// Returns true if the bytes are one or more labels of a serialized host: lower-case ASCII without a
/// [forbidden domain code point](https://url.spec.whatwg.org/#forbidden-domain-code-point).
pub(super) fn are_labels(bytes: &[u8]) -> bool {
    let mut before = b'.';
    for &byte in bytes {
        if !IN_LABELS[usize::from(byte)] && (byte != b'.' || before == b'.') {
            return false;
        }
        before = byte;
    }
    before != b'.'
}

const IN_LABELS: [bool; 256] = {
    let mut allowed = [false; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        allowed[byte as usize] = !matches!(
            byte,
            b'.' | b'#' | b'/' | b':' | b'<' | b'>' | b'?' | b'@' | b'[' | b'\\' | b']' | b'^' | b'|' | b'%'
        ) && !byte.is_ascii_uppercase();
        byte += 1;
    }
    allowed
};
