//! Quoting for POSIX shells.

use cors_reference::header::HeaderValue;

/// Returns `text` as one shell word, quoted only if it must be.
pub(super) fn quote(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:+@%".contains(c);
    match text.is_empty() || !text.chars().all(is_plain) {
        true => format!("'{}'", text.replace('\'', r"'\''")),
        false => text.to_owned(),
    }
}

/// Returns `bytes` as one quoted shell word; bytes outside printable ASCII become escapes in `$'…'`.
pub(super) fn quote_bytes(bytes: &HeaderValue) -> String {
    let is_plain = |byte: &u8| (0x20..0x7F).contains(byte) && *byte != b'\'';
    if bytes.as_bytes().iter().all(is_plain) {
        return format!("'{}'", bytes.isomorphic_decode());
    }
    let escaped = bytes.as_bytes().iter().map(|byte| match byte {
        b'\'' | b'\\' => format!("\\{}", char::from(*byte)),
        0x20..0x7F => char::from(*byte).to_string(),
        byte => format!("\\x{byte:02x}"),
    });
    format!("$'{}'", escaped.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_shell_syntax_is_quoted() {
        assert_eq!(quote("a-b/c"), "a-b/c");
        assert_eq!(quote("a; rm"), "'a; rm'");
        assert_eq!(quote(""), "''");
    }
}
