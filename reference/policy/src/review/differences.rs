//! The differences between two policies, for the review of a change.

use std::fmt::{self, Display};

use crate::{AllowList, Method, Policy, origin_set::OriginPattern};
use cors_reference::{header::HeaderName, safelist::is_cors_non_wildcard_request_header_name};
use serde::Serialize;

use super::{
    grants::{grants_exposure, grants_method, grants_request_header},
    parts::covers,
};

/// The effect of a difference on what the policy permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Some fetches are permitted more.
    Widens,
    /// Some fetches are permitted less.
    Narrows,
    /// Some fetches are permitted more and others less, depending on their credentials.
    WidensAndNarrows,
    /// Every fetch is permitted the same.
    Neither,
}

impl Effect {
    fn of(more: bool, less: bool) -> Self {
        match (more, less) {
            (true, true) => Self::WidensAndNarrows,
            (true, false) => Self::Widens,
            (false, true) => Self::Narrows,
            (false, false) => Self::Neither,
        }
    }
}

impl Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Widens => "widens",
            Self::Narrows => "narrows",
            Self::WidensAndNarrows => "both",
            Self::Neither => "same",
        })
    }
}

/// One difference between two policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The field, such as `origins`.
    pub field: &'static str,
    /// The change, such as `+ https://a.example` or `false -> true`.
    pub change: String,
    /// The effect of the change if all other fields stay the same.
    pub effect: Effect,
}

/// Returns the differences between two policies, in the order of their fields. The order of a list does not matter.
pub fn differences(before: &Policy, after: &Policy) -> Vec<Difference> {
    let both = before.credentials && after.credentials;
    let mut found = ORIGINS.differences(&before.origins, &after.origins, both);
    found.extend(credentials(before, after));
    found.extend(METHODS.differences(&before.methods, &after.methods, both));
    found.extend(REQUEST_HEADERS.differences(&before.request_headers, &after.request_headers, both));
    found.extend(EXPOSED_HEADERS.differences(&before.exposed_headers, &after.exposed_headers, both));
    let seconds = |policy: &Policy| policy.max_age.map_or("null".to_owned(), |seconds| seconds.to_string());
    found.extend(switched("max_age", seconds(before), seconds(after), Effect::Neither));
    let (was, is) = (before.private_network, after.private_network);
    found.extend(switched("private_network", was, is, Effect::of(is, was)));
    found.extend(switched("production", before.production, after.production, Effect::Neither));
    found
}

/// Returns a difference if a value changed.
fn switched<T: PartialEq + Display>(field: &'static str, was: T, is: T, effect: Effect) -> Option<Difference> {
    (was != is).then(|| Difference { field, change: format!("{was} -> {is}"), effect })
}

/// Returns a difference if credentials are turned on or off. With the origins `any` they permit nothing, because `*` does
/// not apply to fetches with credentials.
fn credentials(before: &Policy, after: &Policy) -> Option<Difference> {
    let grants = |policy: &Policy| policy.credentials && policy.origins != AllowList::Any;
    let effect = Effect::of(grants(after) && !before.credentials, grants(before) && !after.credentials);
    switched("credentials", before.credentials, after.credentials, effect)
}

/// A field of a policy that is a list, `any` or `mirror`, and the meaning of its entries.
struct Field<T> {
    name: &'static str,
    entry_text: fn(&T) -> &str,
    /// Returns true if listing an entry permits something.
    grants: fn(&T) -> bool,
    /// Returns true if a list contains or covers an entry.
    has: fn(&[T], &T) -> bool,
    /// Returns true if `*` does not cover an entry. Without an entry, returns true if there is such an entry.
    wildcard_lacks: fn(Option<&T>) -> bool,
}

const ORIGINS: Field<OriginPattern> = Field {
    name: "origins",
    entry_text: OriginPattern::as_str,
    grants: |_| true,
    has: |list, origin| list.iter().any(|wide| covers(wide, origin)),
    wildcard_lacks: |_| false,
};

const METHODS: Field<Method> = Field {
    name: "methods",
    entry_text: Method::as_str,
    grants: grants_method,
    has: |list, method| list.contains(method),
    wildcard_lacks: |_| false,
};

const REQUEST_HEADERS: Field<HeaderName> = Field {
    name: "request_headers",
    entry_text: HeaderName::as_str,
    grants: grants_request_header,
    has: |list, name| list.contains(name),
    wildcard_lacks: |name| name.is_none_or(|name| is_cors_non_wildcard_request_header_name(name.as_str())),
};

const EXPOSED_HEADERS: Field<HeaderName> =
    Field { name: "exposed_headers", grants: grants_exposure, wildcard_lacks: |_| false, ..REQUEST_HEADERS };

impl<T: PartialEq> Field<T> {
    /// Returns the differences of the field. `credentials` is true if both policies permit credentials.
    fn differences(&self, before: &AllowList<T>, after: &AllowList<T>, credentials: bool) -> Vec<Difference> {
        if let (AllowList::List(before), AllowList::List(after)) = (before, after) {
            let mut found = self.only(after, before, '+', Effect::Widens);
            found.extend(self.only(before, after, '-', Effect::Narrows));
            return found;
        }
        let effect = Effect::of(self.adds(before, after, credentials), self.adds(after, before, credentials));
        switched(self.name, self.text(before), self.text(after), effect).into_iter().collect()
    }

    /// Returns a difference for each entry of `these` that `those` does not contain.
    fn only(&self, these: &[T], those: &[T], sign: char, effect: Effect) -> Vec<Difference> {
        let is_new = |(index, entry): &(usize, &T)| !those.contains(entry) && !these[..*index].contains(entry);
        let difference = |(_, entry)| {
            let matters = (self.grants)(entry) && !(self.has)(those, entry);
            let effect = if matters { effect } else { Effect::Neither };
            Difference { field: self.name, change: format!("{sign} {}", (self.entry_text)(entry)), effect }
        };
        these.iter().enumerate().filter(is_new).map(difference).collect()
    }

    /// Returns true if `to` permits something that `from` does not. At least one of them must be `any` or `mirror`. `*`
    /// permits nothing to fetches with credentials.
    fn adds(&self, from: &AllowList<T>, to: &AllowList<T>, credentials: bool) -> bool {
        match (from, to) {
            (AllowList::Any, AllowList::Mirror) => credentials || (self.wildcard_lacks)(None),
            (AllowList::Any, AllowList::List(list)) => {
                let mut granted = list.iter().filter(|entry| (self.grants)(entry));
                granted.any(|entry| credentials || (self.wildcard_lacks)(Some(entry)))
            }
            (AllowList::List(_), AllowList::Any | AllowList::Mirror) => true,
            _ => false,
        }
    }

    /// Returns the value as a short text.
    fn text(&self, value: &AllowList<T>) -> String {
        match value {
            AllowList::Any => "any".to_owned(),
            AllowList::Mirror => "mirror".to_owned(),
            AllowList::List(list) if list.is_empty() => "none".to_owned(),
            AllowList::List(list) => list.iter().map(|entry| (self.entry_text)(entry)).collect::<Vec<_>>().join(", "),
        }
    }
}
