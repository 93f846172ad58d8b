//! [Header lists](https://fetch.spec.whatwg.org/#concept-header-list).

use serde::{Deserialize, Serialize};

use crate::{
    header::{HeaderName, HeaderValue},
    headers::{Headers, Joined},
};

/// A [header list](https://fetch.spec.whatwg.org/#concept-header-list): an ordered list of `[name, value]` pairs. A name
/// may be repeated.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeaderList(Vec<(HeaderName, HeaderValue)>);

impl HeaderList {
    /// The empty list.
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
        // 1. If the list contains name, then reuse the casing that is in the list.
        let present = self.0.iter().find(|(own, _)| *own == name).map(|(own, _)| own.clone());
        // 2. Append (name, value) to list.
        self.0.push((present.unwrap_or(name), value));
    }

    /// [Deletes](https://fetch.spec.whatwg.org/#concept-header-list-delete) all headers of that name.
    pub fn delete(&mut self, name: &str) {
        self.0.retain(|(n, _)| n != name);
    }

    /// [Sets](https://fetch.spec.whatwg.org/#concept-header-list-set) the value of a header.
    pub fn set(&mut self, name: HeaderName, value: HeaderValue) {
        match self.0.iter().position(|(n, _)| *n == name) {
            // 1. If the list contains name, then set the value of the first such header and remove the others.
            Some(first) => {
                self.0[first].1 = value;
                let mut index = 0;
                self.0.retain(|(n, _)| {
                    index += 1;
                    index <= first + 1 || *n != name
                });
            }
            // 2. Otherwise, append (name, value).
            None => self.0.push((name, value)),
        }
    }

    /// Returns true if the list [contains](https://fetch.spec.whatwg.org/#header-list-contains) the name.
    pub fn contains(&self, name: &str) -> bool {
        self.named(name).next().is_some()
    }

    /// [Gets](Headers::get) the values of all headers of that name, joined by `, `.
    pub fn get<'a>(&'a self, name: &'a str) -> Option<Joined<'a, Self>> {
        Headers::get(self, name)
    }

    /// Returns the headers, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// Returns the list with one header per name. Repeated values are joined by `, `, as if each header were
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

    /// Returns the list as a script reads it, with its names in lower case.
    #[must_use]
    pub fn to_lowercase(&self) -> Self {
        self.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect()
    }

    /// Returns the number of headers, repeats included.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns true if the list has no header.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the headers of that name, in order.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a HeaderName, &'a HeaderValue)> {
        self.iter().filter(move |(n, _)| **n == *name)
    }
}

impl FromIterator<(HeaderName, HeaderValue)> for HeaderList {
    /// Collects the pairs. The casing of a repeated name is kept, unlike in [`append`](HeaderList::append).
    fn from_iter<I: IntoIterator<Item = (HeaderName, HeaderValue)>>(headers: I) -> Self {
        Self(headers.into_iter().collect())
    }
}

impl Headers for HeaderList {
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.named(name).map(|(_, value)| value.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(headers: &[(&str, &str)]) -> HeaderList {
        headers.iter().map(|(name, value)| (name.parse().unwrap(), (*value).into())).collect()
    }

    #[test]
    fn get_joins_all_values_of_a_name() {
        let list = list(&[("A", "1"), ("B", "x"), ("a", ""), ("A", "3")]);
        assert_eq!(list.get("a").unwrap().to_vec(), b"1, , 3");
        assert!(list.get("A").unwrap() == *"1, , 3");
        assert!(list.get("C").is_none());
    }

    #[test]
    fn two_equal_values_differ_from_one() {
        assert!(list(&[("A", "1"), ("A", "1")]).get("A").unwrap() != *"1");
    }

    #[test]
    fn append_reuses_the_casing_in_the_list() {
        let mut list = list(&[("X-a", "1")]);
        list.append("x-A".parse().unwrap(), "2".into());
        let names: Vec<_> = list.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["X-a", "X-a"]);
    }

    #[test]
    fn combined_joins_values_at_the_first_position() {
        let combined = list(&[("A", "1"), ("B", "2"), ("a", "3")]).combined();
        assert_eq!(combined, list(&[("A", "1, 3"), ("B", "2")]));
    }

    #[test]
    fn set_keeps_the_first_position_and_removes_the_others() {
        let mut list = list(&[("A", "1"), ("B", "2"), ("a", "3")]);
        list.set("A".parse().unwrap(), "4".into());
        assert_eq!(list, super::tests::list(&[("A", "4"), ("B", "2")]));
    }
}
