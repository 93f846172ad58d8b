//! [Header lists](https://fetch.spec.whatwg.org/#concept-header-list): the ordered multimap that all
//! of the standard reads and writes.

use serde::{Deserialize, Serialize};

use crate::header::{HeaderName, HeaderValue};

/// A [header list](https://fetch.spec.whatwg.org/#concept-header-list): `[name, value]` pairs, in
/// order, repeats kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeaderList(Vec<(HeaderName, HeaderValue)>);

impl HeaderList {
    /// The list without headers.
    pub const EMPTY: Self = Self(Vec::new());

    /// Returns the list with one more header, [appended](Self::append). The name is a constant of the program; a
    /// name that comes from input is parsed as a [`HeaderName`] and goes to [`append`](Self::append).
    ///
    /// # Panics
    ///
    /// If `name` is not a [header name](https://fetch.spec.whatwg.org/#header-name).
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.append(HeaderName::from_static(name), value.into());
        self
    }

    /// [Appends](https://fetch.spec.whatwg.org/#concept-header-list-append) a header.
    pub fn append(&mut self, name: HeaderName, value: HeaderValue) {
        // 1. Reuse the casing of a name that is already there.
        let present = self.0.iter().find(|(own, _)| *own == name).map(|(own, _)| own.clone());
        // 2. Append (name, value) to list.
        self.0.push((present.unwrap_or(name), value));
    }

    /// [Deletes](https://fetch.spec.whatwg.org/#concept-header-list-delete) every header of that name.
    pub fn delete(&mut self, name: &str) {
        self.0.retain(|(n, _)| n != name);
    }

    /// [Sets](https://fetch.spec.whatwg.org/#concept-header-list-set) a header to one value.
    pub fn set(&mut self, name: HeaderName, value: HeaderValue) {
        match self.0.iter().position(|(n, _)| *n == name) {
            // 1. Set the first, remove the others.
            Some(first) => {
                self.0[first].1 = value;
                let mut index = 0;
                self.0.retain(|(n, _)| {
                    index += 1;
                    index <= first + 1 || *n != name
                });
            }
            // 2. Otherwise, append.
            None => self.0.push((name, value)),
        }
    }

    /// Whether the list [contains](https://fetch.spec.whatwg.org/#header-list-contains) the name.
    pub fn contains(&self, name: &str) -> bool {
        self.named(name).next().is_some()
    }

    /// [Gets](https://fetch.spec.whatwg.org/#concept-header-list-get) a header's values joined by `, `,
    /// or `None` where there is no such header. Nothing is copied until asked for.
    pub fn get<'a>(&'a self, name: &'a str) -> Option<Joined<'a>> {
        let first = self.0.iter().position(|(own, _)| *own == *name)?;
        Some(Joined { first: self.0[first].1.as_bytes(), after: &self.0[first + 1..], name })
    }

    /// The headers, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// The list with one header a name, its values joined by `, `, as if each were
    /// [combined](https://fetch.spec.whatwg.org/#concept-header-list-combine).
    #[must_use]
    pub fn combined(&self) -> Self {
        let mut combined = Self::EMPTY;
        for (name, _) in self.iter() {
            if let Some(values) = self.get(name.as_str()).filter(|_| !combined.contains(name.as_str())) {
                combined.0.push((name.clone(), HeaderValue::from_wire(&values.to_vec())));
            }
        }
        combined
    }

    /// The list as a script reads it: names in lower case.
    #[must_use]
    pub fn to_lowercase(&self) -> Self {
        self.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect()
    }

    /// How many headers there are, repeats counted.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no header.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The headers of that name, in order.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a HeaderName, &'a HeaderValue)> {
        self.iter().filter(move |(n, _)| **n == *name)
    }
}

impl FromIterator<(HeaderName, HeaderValue)> for HeaderList {
    /// The pairs as they are, without touching the case of a name.
    fn from_iter<I: IntoIterator<Item = (HeaderName, HeaderValue)>>(headers: I) -> Self {
        Self(headers.into_iter().collect())
    }
}

/// The values of one header name, as if joined by `, `.
#[derive(Debug, Clone, Copy)]
pub struct Joined<'a> {
    first: &'a [u8],
    after: &'a [(HeaderName, HeaderValue)],
    name: &'a str,
}

impl<'a> Joined<'a> {
    /// The values after the first one.
    fn others(self) -> impl Iterator<Item = &'a [u8]> {
        self.after.iter().filter(move |(own, _)| *own == *self.name).map(|(_, value)| value.as_bytes())
    }

    /// The joined value.
    pub fn to_vec(self) -> Vec<u8> {
        let values: Vec<&[u8]> = std::iter::once(self.first).chain(self.others()).collect();
        values.join(&b", "[..])
    }
}

impl PartialEq<[u8]> for Joined<'_> {
    /// Compares piece by piece, so that nothing is allocated.
    fn eq(&self, other: &[u8]) -> bool {
        let Some(mut rest) = other.strip_prefix(self.first) else { return false };
        for value in self.others() {
            match rest.strip_prefix(b", ").and_then(|rest| rest.strip_prefix(value)) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        rest.is_empty()
    }
}

impl PartialEq<str> for Joined<'_> {
    fn eq(&self, other: &str) -> bool {
        *self == *other.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(headers: &[(&str, &str)]) -> HeaderList {
        headers.iter().map(|(name, value)| (name.parse().unwrap(), (*value).into())).collect()
    }

    #[test]
    fn getting_joins_every_value_of_the_name() {
        let list = list(&[("A", "1"), ("B", "x"), ("a", ""), ("A", "3")]);
        assert_eq!(list.get("a").unwrap().to_vec(), b"1, , 3");
        assert!(list.get("A").unwrap() == *"1, , 3");
        assert!(list.get("C").is_none());
    }

    #[test]
    fn two_equal_values_do_not_get_to_the_one() {
        assert!(list(&[("A", "1"), ("A", "1")]).get("A").unwrap() != *"1");
    }

    #[test]
    fn appending_reuses_the_casing_that_is_there() {
        let mut list = list(&[("X-a", "1")]);
        list.append("x-A".parse().unwrap(), "2".into());
        let names: Vec<_> = list.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["X-a", "X-a"]);
    }

    #[test]
    fn combining_joins_the_values_of_a_name_at_its_first_place() {
        let combined = list(&[("A", "1"), ("B", "2"), ("a", "3")]).combined();
        assert_eq!(combined, list(&[("A", "1, 3"), ("B", "2")]));
    }

    #[test]
    fn setting_keeps_the_place_of_the_first_and_removes_the_rest() {
        let mut list = list(&[("A", "1"), ("B", "2"), ("a", "3")]);
        list.set("A".parse().unwrap(), "4".into());
        assert_eq!(list, super::tests::list(&[("A", "4"), ("B", "2")]));
    }
}
