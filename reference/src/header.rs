//! [Headers](https://fetch.spec.whatwg.org/#concept-header): a name and a value.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A [header name](https://fetch.spec.whatwg.org/#header-name), which is a token. It compares without regard to ASCII
/// case and keeps its casing.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String", extend("pattern" = TOKEN)))]
pub struct HeaderName(Box<str>);

/// The pattern of a token in a JSON Schema.
#[cfg(feature = "schema")]
pub const TOKEN: &str = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$";

/// The error for a text that is not a token ([RFC 9110, 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#name-tokens)).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a token: letters, digits and !#$%&'*+-.^_`|~ only, at least one")]
pub struct NotAToken(pub String);

/// Returns true if the bytes are a token.
pub const fn is_token(bytes: &[u8]) -> bool {
    let mut index = 0;
    while index < bytes.len() {
        if !is_tchar(bytes[index]) {
            return false;
        }
        index += 1;
    }
    !bytes.is_empty()
}

const fn is_tchar(byte: u8) -> bool {
    matches!(
        byte,
        b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
    ) || byte.is_ascii_alphanumeric()
}

impl HeaderName {
    /// Returns the header name that a constant of the program spells. A name that comes from input goes through
    /// [`FromStr`] instead, which returns an error.
    ///
    /// # Panics
    ///
    /// If `name` is not a token.
    #[must_use]
    pub fn from_static(name: &'static str) -> Self {
        assert!(is_token(name.as_bytes()), "a constant header name is a token");
        Self(name.into())
    }

    /// Returns the name in its own casing.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name in lower case.
    #[must_use]
    pub fn to_lowercase(&self) -> Self {
        Self(self.0.to_ascii_lowercase().into())
    }
}

impl FromStr for HeaderName {
    type Err = NotAToken;
    fn from_str(text: &str) -> Result<Self, NotAToken> {
        if is_token(text.as_bytes()) { Ok(Self(text.into())) } else { Err(NotAToken(text.to_owned())) }
    }
}

impl TryFrom<String> for HeaderName {
    type Error = NotAToken;
    fn try_from(text: String) -> Result<Self, NotAToken> {
        text.parse()
    }
}

impl From<HeaderName> for String {
    fn from(name: HeaderName) -> Self {
        name.0.into()
    }
}

impl PartialEq for HeaderName {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for HeaderName {}

impl PartialEq<str> for HeaderName {
    fn eq(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl fmt::Display for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The value of a header: bytes without tab or space at either end.
///
/// The bytes can include NUL and newlines, which a [header value](https://fetch.spec.whatwg.org/#header-value) may not;
/// [`is_header_value`](Self::is_header_value) finds them. In JSON the value is isomorphic-decoded: one character per
/// byte.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct HeaderValue(Vec<u8>);

impl HeaderValue {
    /// Returns the value of a header on the wire. Tabs and spaces at either end are removed.
    pub fn from_wire(bytes: &[u8]) -> Self {
        Self(trim_tab_or_space(bytes).to_vec())
    }

    /// Returns the value's bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns true if this is a [header value](https://fetch.spec.whatwg.org/#header-value): it contains neither NUL nor
    /// a newline.
    pub fn is_header_value(&self) -> bool {
        !self.0.iter().any(|b| matches!(b, 0x00 | 0x0A | 0x0D))
    }

    /// Returns the [isomorphic decoding](https://infra.spec.whatwg.org/#isomorphic-decode).
    pub fn isomorphic_decode(&self) -> String {
        isomorphic_decode(&self.0)
    }
}

/// [Isomorphic-decodes](https://infra.spec.whatwg.org/#isomorphic-decode) bytes: one character per byte.
pub fn isomorphic_decode(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// The error for a text with a character above U+00FF, which stands for no byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a header value is isomorphic-decoded: one character per byte, none above U+00FF")]
pub struct NotIsomorphic;

/// [Isomorphic-encodes](https://infra.spec.whatwg.org/#isomorphic-encode) a text: one byte per character.
///
/// # Errors
///
/// Returns [`NotIsomorphic`] for a character above U+00FF.
pub fn isomorphic_encode(text: &str) -> Result<Vec<u8>, NotIsomorphic> {
    text.chars().map(|c| u8::try_from(u32::from(c)).map_err(|_| NotIsomorphic)).collect()
}

/// Removes [HTTP tab or space](https://fetch.spec.whatwg.org/#http-tab-or-space) from both ends.
pub(crate) fn trim_tab_or_space(bytes: &[u8]) -> &[u8] {
    let is_content = |b: &u8| !matches!(b, b'\t' | b' ');
    match (bytes.iter().position(is_content), bytes.iter().rposition(is_content)) {
        (Some(first), Some(last)) => &bytes[first..=last],
        _ => &[],
    }
}

impl From<&str> for HeaderValue {
    /// Returns a value of the text's UTF-8 bytes.
    fn from(text: &str) -> Self {
        Self::from_wire(text.as_bytes())
    }
}

impl fmt::Debug for HeaderValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.isomorphic_decode())
    }
}

impl Serialize for HeaderValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.isomorphic_decode())
    }
}

impl<'de> Deserialize<'de> for HeaderValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'_, str>::deserialize(deserializer)?;
        isomorphic_encode(&text).map(|bytes| Self::from_wire(&bytes)).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for HeaderValue {
    fn schema_name() -> Cow<'static, str> {
        "HeaderValue".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[\\u0000-\\u00ff]*$"})
    }
}
