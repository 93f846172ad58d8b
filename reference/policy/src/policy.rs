//! A policy: what a server's owner permits, in neutral terms.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::origin_set::OriginPattern;
use cors_reference::header::{HeaderName, is_token};

/// What a server's owner permits. A missing field is an empty list, `false` or null.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Policy {
    /// The origins whose pages may read responses.
    pub origins: AllowList<OriginPattern>,
    /// True if pages may also read responses to fetches with credentials.
    pub credentials: bool,
    /// The permitted methods. `GET`, `HEAD` and `POST` are always permitted.
    pub methods: AllowList<Method>,
    /// The permitted request headers. CORS-safelisted request headers are always permitted.
    pub request_headers: AllowList<HeaderName>,
    /// The response headers that pages may read. CORS-safelisted response headers are always readable. `mirror` is not
    /// allowed here.
    #[serde(deserialize_with = "exposed")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "exposed_schema"))]
    pub exposed_headers: AllowList<HeaderName>,
    /// The number of seconds for which a browser may cache a preflight response. With null, the server sends no
    /// `Access-Control-Max-Age`.
    pub max_age: Option<u64>,
    /// True if pages from public networks may reach this server on a private network.
    pub private_network: bool,
    /// True for a policy in production, where development origins are an error.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub production: bool,
}

/// The entries that one field of a policy permits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowList<T> {
    /// The standard's `*`, which does not apply to requests with credentials.
    Any,
    /// The value that the request asks for.
    Mirror,
    /// Exactly these entries.
    List(Vec<T>),
}

impl<T> Default for AllowList<T> {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl<T> AllowList<T> {
    /// Returns the entries of a list. `any` and `mirror` have none.
    pub fn list(&self) -> &[T] {
        match self {
            Self::List(items) => items,
            Self::Any | Self::Mirror => &[],
        }
    }
}

impl AllowList<OriginPattern> {
    /// Returns true if a pattern of the list covers the value of an `Origin` header.
    ///
    /// An [`OriginSet`](crate::origin_set::OriginSet) is faster for repeated queries.
    pub fn lists(&self, origin: &[u8]) -> bool {
        self.list().iter().any(|pattern| pattern.matches(origin))
    }
}

/// A method: a token that is compared byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(with = "String", extend("pattern" = cors_reference::header::TOKEN))
)]
pub struct Method(Box<str>);

impl Method {
    /// Returns the method as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Method {
    type Error = cors_reference::header::NotAToken;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        if is_token(text.as_bytes()) { Ok(Self(text.into())) } else { Err(cors_reference::header::NotAToken(text)) }
    }
}

impl From<Method> for String {
    fn from(method: Method) -> Self {
        method.0.into()
    }
}

/// An entry of a list in a policy. `*` is never an entry: "There is no way to solely match a header name or method that is `*`"
/// ([HTTP new-header syntax](https://fetch.spec.whatwg.org/#http-new-header-syntax)).
trait Entry {
    fn is_wildcard(&self) -> bool;
}

impl Entry for Method {
    fn is_wildcard(&self) -> bool {
        *self.0 == *"*"
    }
}

impl Entry for HeaderName {
    fn is_wildcard(&self) -> bool {
        *self == *"*"
    }
}

impl Entry for OriginPattern {
    /// `*` does not parse as a pattern.
    fn is_wildcard(&self) -> bool {
        false
    }
}

impl<T: Serialize> Serialize for AllowList<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Any => serializer.serialize_str("any"),
            Self::Mirror => serializer.serialize_str("mirror"),
            Self::List(items) => items.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de> + Entry> Deserialize<'de> for AllowList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de> + Entry> de::Visitor<'de> for Visitor<T> {
            type Value = AllowList<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"any\", \"mirror\" or a list")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<AllowList<T>, E> {
                match text {
                    "any" => Ok(AllowList::Any),
                    "mirror" => Ok(AllowList::Mirror),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<AllowList<T>, A::Error> {
                let mut entries: Vec<T> = Vec::new();
                while let Some(entry) = seq.next_element()? {
                    entries.push(entry);
                }
                if entries.iter().any(Entry::is_wildcard) {
                    return Err(de::Error::custom(
                        "`*` is not a name that can be listed: write \"any\" instead of the list",
                    ));
                }
                Ok(AllowList::List(entries))
            }
        }
        deserializer.deserialize_any(Visitor(std::marker::PhantomData))
    }
}

fn exposed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AllowList<HeaderName>, D::Error> {
    match AllowList::deserialize(deserializer)? {
        AllowList::Mirror => {
            Err(de::Error::custom("\"mirror\" has no meaning for exposed headers: write \"any\" or a list"))
        }
        list => Ok(list),
    }
}

#[cfg(feature = "schema")]
fn exposed_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let item = generator.subschema_for::<HeaderName>();
    schemars::json_schema!({"oneOf": [{"const": "any"}, {"type": "array", "items": item}]})
}

#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for AllowList<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("AllowListOf{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let item = generator.subschema_for::<T>();
        schemars::json_schema!({"oneOf": [{"enum": ["any", "mirror"]}, {"type": "array", "items": item}]})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_fields_are_empty_false_and_null() {
        assert_eq!(serde_json::from_str::<Policy>("{}").unwrap(), Policy::default());
    }

    #[test]
    fn a_policy_round_trips() {
        let text = r#"{"origins":"mirror","credentials":false,"methods":["PUT","patch"],"request_headers":["X-a"],"exposed_headers":"any","max_age":null,"private_network":true,"production":true}"#;
        let policy: Policy = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&policy).unwrap(), text);
        let text = r#"{"origins":["https://*.a.example:*","null"],"credentials":true,"methods":"any","request_headers":"mirror","exposed_headers":["x-b"],"max_age":600,"private_network":false}"#;
        let policy: Policy = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&policy).unwrap(), text);
    }

    #[test]
    fn the_error_for_a_wrong_value_states_what_is_expected() {
        for (text, expected) in [
            (r#"{"origins": "*"}"#, "expected \"any\", \"mirror\" or a list"),
            (r#"{"exposed_headers": "mirror"}"#, "write \"any\" or a list"),
            (r#"{"request_headers": ["x y"]}"#, "`x y` is not a token"),
            (r#"{"origin": []}"#, "unknown field `origin`"),
            (r#"{"methods": ["PUT", "*"]}"#, "write \"any\""),
            (r#"{"request_headers": ["*"]}"#, "write \"any\""),
            (r#"{"exposed_headers": ["*"]}"#, "write \"any\""),
            (r#"{"max_age": -1}"#, "expected u64"),
        ] {
            let error = serde_json::from_str::<Policy>(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
