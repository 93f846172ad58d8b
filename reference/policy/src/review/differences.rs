//! What differs between two policies, part by part: for whoever reviews the one before it replaces the other.

use std::fmt::{self, Display};

use crate::{AllowList, Method, Policy, origin_set::OriginPattern};
use cors_reference::{header::HeaderName, safelist::is_cors_non_wildcard_request_header_name};
use serde::Serialize;

use super::{
    grants::{grants_exposure, grants_method, grants_request_header},
    parts::covers,
};

/// What a difference does to what is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Some fetch gets more.
    Widens,
    /// Some fetch gets less.
    Narrows,
    /// Some get more and some less: those with credentials the one, those without the other.
    WidensAndNarrows,
    /// Every fetch gets the same.
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
    /// What changed, such as `+ https://a.example` or `false -> true`.
    pub change: String,
    /// What that does to what is granted, all other parts being equal.
    pub effect: Effect,
}

/// What differs from one policy to another, in the order of their fields. The order of a list is no difference.
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

/// A value that changed.
fn switched<T: PartialEq + Display>(field: &'static str, was: T, is: T, effect: Effect) -> Option<Difference> {
    (was != is).then(|| Difference { field, change: format!("{was} -> {is}"), effect })
}

/// Credentials switched on or off. Beside `any` they grant nothing, since `*` does not count for them.
fn credentials(before: &Policy, after: &Policy) -> Option<Difference> {
    let grants = |policy: &Policy| policy.credentials && policy.origins != AllowList::Any;
    let effect = Effect::of(grants(after) && !before.credentials, grants(before) && !after.credentials);
    switched("credentials", before.credentials, after.credentials, effect)
}

/// A part of a policy that is a wish, and what its entries mean.
struct Part<T> {
    field: &'static str,
    text: fn(&T) -> &str,
    /// Whether listing an entry grants anything.
    grants: fn(&T) -> bool,
    /// Whether a list has an entry, as such or within another.
    has: fn(&[T], &T) -> bool,
    /// Whether `*` leaves an entry out; with none, whether there is one that it leaves out.
    wildcard_lacks: fn(Option<&T>) -> bool,
}

const ORIGINS: Part<OriginPattern> = Part {
    field: "origins",
    text: OriginPattern::as_str,
    grants: |_| true,
    has: |list, origin| list.iter().any(|wide| covers(wide, origin)),
    wildcard_lacks: |_| false,
};

const METHODS: Part<Method> = Part {
    field: "methods",
    text: Method::as_str,
    grants: grants_method,
    has: |list, method| list.contains(method),
    wildcard_lacks: |_| false,
};

const REQUEST_HEADERS: Part<HeaderName> = Part {
    field: "request_headers",
    text: HeaderName::as_str,
    grants: grants_request_header,
    has: |list, name| list.contains(name),
    wildcard_lacks: |name| name.is_none_or(|name| is_cors_non_wildcard_request_header_name(name.as_str())),
};

const EXPOSED_HEADERS: Part<HeaderName> =
    Part { field: "exposed_headers", grants: grants_exposure, wildcard_lacks: |_| false, ..REQUEST_HEADERS };

impl<T: PartialEq> Part<T> {
    /// What differs; `credentials` says whether fetches with credentials count.
    fn differences(&self, before: &AllowList<T>, after: &AllowList<T>, credentials: bool) -> Vec<Difference> {
        if let (AllowList::List(before), AllowList::List(after)) = (before, after) {
            let mut found = self.only(after, before, '+', Effect::Widens);
            found.extend(self.only(before, after, '-', Effect::Narrows));
            return found;
        }
        let effect = Effect::of(self.adds(before, after, credentials), self.adds(after, before, credentials));
        switched(self.field, self.words(before), self.words(after), effect).into_iter().collect()
    }

    /// The entries that one of two lists alone has, each once.
    fn only(&self, these: &[T], those: &[T], sign: char, effect: Effect) -> Vec<Difference> {
        let is_new = |(index, entry): &(usize, &T)| !those.contains(entry) && !these[..*index].contains(entry);
        let difference = |(_, entry)| {
            let matters = (self.grants)(entry) && !(self.has)(those, entry);
            let effect = if matters { effect } else { Effect::Neither };
            Difference { field: self.field, change: format!("{sign} {}", (self.text)(entry)), effect }
        };
        these.iter().enumerate().filter(is_new).map(difference).collect()
    }

    /// Whether `to` grants what `from` does not, where not both are lists. To a fetch with credentials, `*` grants
    /// nothing.
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

    /// A wish in a few words.
    fn words(&self, wish: &AllowList<T>) -> String {
        match wish {
            AllowList::Any => "any".to_owned(),
            AllowList::Mirror => "mirror".to_owned(),
            AllowList::List(list) if list.is_empty() => "none".to_owned(),
            AllowList::List(list) => list.iter().map(|entry| (self.text)(entry)).collect::<Vec<_>>().join(", "),
        }
    }
}
