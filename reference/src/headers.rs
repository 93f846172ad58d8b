//! Containers of headers that the checks read.

use http::HeaderMap;

use crate::header::trim_tab_or_space;

/// A container of headers. The checks of the CORS protocol accept any container that implements this trait.
///
/// [`HeaderList`](crate::header_list::HeaderList) and [`http::HeaderMap`] implement it.
///
/// ```
/// use cors_reference::{cors_check::cors_check_headers, headers::Headers, request::CredentialsMode};
///
/// /// One header.
/// struct OnlyHeader(&'static str, &'static str);
///
/// impl Headers for OnlyHeader {
///     fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
///         self.0.eq_ignore_ascii_case(name).then_some(self.1.as_bytes()).into_iter()
///     }
/// }
///
/// let headers = OnlyHeader("Access-Control-Allow-Origin", "*");
/// assert!(cors_check_headers("https://app.example", CredentialsMode::Omit, &headers).is_ok());
/// ```
pub trait Headers {
    /// Returns the values of all headers of that name, in order, without tab or space at either end. Names compare
    /// without regard to ASCII case.
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]>;

    /// [Gets](https://fetch.spec.whatwg.org/#concept-header-list-get) the values of all headers of that name, joined
    /// by `, `. Returns `None` if there is no such header. The values are not copied.
    fn get<'a>(&'a self, name: &'a str) -> Option<Joined<'a, Self>> {
        // 1. If the list does not contain name, then return null.
        let mut values = self.values(name);
        let first = values.next()?;
        // 2. Return the values of all headers of that name, separated by 0x2C 0x20, in order.
        Some(Joined { first, is_repeated: values.next().is_some(), headers: self, name })
    }
}

impl Headers for HeaderMap {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.get_all(name).iter().map(|value| trim_tab_or_space(value.as_bytes()))
    }
}

/// The values of all headers of one name, read as if they were joined by `, `.
#[derive(Debug)]
pub struct Joined<'a, H: ?Sized> {
    first: &'a [u8],
    is_repeated: bool,
    headers: &'a H,
    name: &'a str,
}

impl<H: ?Sized> Clone for Joined<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H: ?Sized> Copy for Joined<'_, H> {}

impl<H: Headers + ?Sized> Joined<'_, H> {
    /// Returns the joined value.
    pub fn to_vec(self) -> Vec<u8> {
        let values: Vec<&[u8]> = self.headers.values(self.name).collect();
        values.join(&b", "[..])
    }
}

impl<H: Headers + ?Sized> PartialEq<[u8]> for Joined<'_, H> {
    /// Compares value by value and allocates nothing.
    fn eq(&self, other: &[u8]) -> bool {
        let Some(mut rest) = other.strip_prefix(self.first) else { return false };
        if self.is_repeated {
            for value in self.headers.values(self.name).skip(1) {
                match rest.strip_prefix(b", ").and_then(|rest| rest.strip_prefix(value)) {
                    Some(after) => rest = after,
                    None => return false,
                }
            }
        }
        rest.is_empty()
    }
}

impl<H: Headers + ?Sized> PartialEq<str> for Joined<'_, H> {
    fn eq(&self, other: &str) -> bool {
        *self == *other.as_bytes()
    }
}
