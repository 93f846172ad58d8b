//! Kinds of differences.

use std::cmp::Ordering;

use cors_policy::intent::{Denied, Exposure, Intent};
use serde::Serialize;

use crate::rules::Deviation;

/// One of the two compared middlewares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    // The order of the variants is part of the order of differences: what B does wrong comes first.
    /// The second middleware, to migrate to.
    B,
    /// The first middleware, to migrate from.
    A,
}

impl Side {
    /// Returns the other side.
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    /// Returns the side with the greater value, or `None` if both are equal.
    pub(super) fn with_more<T: Ord>(a: &T, b: &T) -> Option<Self> {
        match a.cmp(b) {
            Ordering::Greater => Some(Self::A),
            Ordering::Less => Some(Self::B),
            Ordering::Equal => None,
        }
    }
}

/// What happens with one middleware and not with the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// The page gets a response; with the other middleware it gets a network error.
    Answer,
    /// The page gets a response behind a shared HTTP cache.
    CachedAnswer,
    /// The request is sent; with the other middleware its preflight is refused.
    Request,
    /// A server is built for the policy.
    Server,
    /// The server responds instead of panicking.
    Reply,
    /// The request reaches the application.
    Application,
    /// The status and body of the application come through; for a raw client, only the status class.
    OwnAnswer,
    /// The page reads a header that the application sends.
    Header,
    /// A preflight does not reach the application.
    Preflight,
    /// A repeated fetch needs no second preflight.
    KeptPreflight,
}

impl Aspect {
    /// Returns a clause that describes the aspect.
    pub fn description(self) -> &'static str {
        match self {
            Self::Answer => "a page gets the response",
            Self::CachedAnswer => "a page gets the response behind a shared cache",
            Self::Request => "the browser sends the request after its preflight",
            Self::Server => "a server is built for the policy",
            Self::Reply => "the server responds without a panic",
            Self::OwnAnswer => "the application's own response comes through",
            Self::Header => "a page reads a header of the application",
            Self::Application => "the request reaches the application",
            Self::Preflight => "the preflight does not reach the application",
            Self::KeptPreflight => "a repeated fetch needs no second preflight",
        }
    }
}

/// What the policy intends for an aspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intended {
    /// The policy denies it to the origin.
    DeniesOrigin,
    /// The policy denies it to a fetch that includes credentials.
    DeniesCredentials,
    /// The policy denies the method.
    DeniesMethod,
    /// The policy denies a request header.
    DeniesRequestHeader,
    /// The policy hides the response header.
    DeniesResponseHeader,
    /// The policy lets the preflight expire before that time.
    DeniesAge,
    /// The policy permits it.
    Permits,
    /// The standard or the policy leaves it open.
    Unspecified,
}

impl From<&Intent> for Intended {
    fn from(intent: &Intent) -> Self {
        match intent {
            Intent::Permit => Self::Permits,
            Intent::Deny(Denied::Origin) => Self::DeniesOrigin,
            Intent::Deny(Denied::Credentials) => Self::DeniesCredentials,
            Intent::Deny(Denied::Method) => Self::DeniesMethod,
            Intent::Deny(Denied::RequestHeader(_)) => Self::DeniesRequestHeader,
            Intent::Unspecified(_) => Self::Unspecified,
        }
    }
}

impl From<Exposure> for Intended {
    fn from(exposure: Exposure) -> Self {
        match exposure {
            Exposure::Readable => Self::Permits,
            Exposure::Hidden => Self::DeniesResponseHeader,
            Exposure::Unspecified(_) => Self::Unspecified,
        }
    }
}

impl Intended {
    /// Returns whether the policy permits it, or `None` if the standard or the policy leaves it open.
    fn is_permitted(self) -> Option<bool> {
        match self {
            Self::Permits => Some(true),
            Self::Unspecified => None,
            _ => Some(false),
        }
    }

    /// Returns what the policy denies, as a noun phrase, or `None` if it denies nothing.
    pub fn denied(self) -> Option<&'static str> {
        Some(match self {
            Self::DeniesOrigin => "the origin",
            Self::DeniesCredentials => "credentials",
            Self::DeniesMethod => "the method",
            Self::DeniesRequestHeader => "the request header",
            Self::DeniesResponseHeader => "the response header",
            Self::DeniesAge => "a preflight that is cached for that long",
            Self::Permits | Self::Unspecified => return None,
        })
    }
}

/// The consequence of a difference. The order is the order of a report: the worst for a migration from A to B first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consequence {
    /// This side grants what the policy denies.
    Grants(Side),
    /// This side refuses the policy.
    Refuses(Side),
    /// This side withholds what the policy permits.
    Withholds(Side),
    /// This side interferes with the application.
    Interferes(Side),
    /// The standard leaves the aspect open.
    Open,
}

/// A kind of difference.
///
/// Kinds are ordered as in a report: the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub struct DifferenceKind {
    /// The consequence.
    #[serde(rename = "standing")]
    pub consequence: Consequence,
    /// What happens with one middleware and not with the other.
    #[serde(rename = "what")]
    pub aspect: Aspect,
    /// What the policy intends.
    #[serde(rename = "policy")]
    pub intended: Intended,
    /// The middleware with which it happens.
    pub with: Side,
    /// True if something permitted is withheld and the application's own response is an error.
    pub on_error: bool,
}

impl DifferenceKind {
    /// Builds the kind of a difference in which `aspect` holds only with the side `with`.
    pub(super) fn new(aspect: Aspect, with: Side, intended: Intended) -> Self {
        let is_of_application =
            matches!(aspect, Aspect::Reply | Aspect::OwnAnswer | Aspect::Application | Aspect::Preflight);
        let deviation = |is_granted| Deviation::new(intended.is_permitted(), is_granted);
        let consequence = match (deviation(true), deviation(false)) {
            _ if aspect == Aspect::Server => Consequence::Refuses(with.other()),
            (Some(_), _) => Consequence::Grants(with),
            (_, Some(_)) if is_of_application => Consequence::Interferes(with.other()),
            (_, Some(_)) => Consequence::Withholds(with.other()),
            (None, None) => Consequence::Open,
        };
        Self { consequence, aspect, intended, with, on_error: false }
    }

    /// Returns the kind of a difference if `a` and `b`, the values of `aspect` for both sides, differ.
    pub(super) fn between<T: Ord>(aspect: Aspect, a: &T, b: &T, intended: Intended) -> Option<Self> {
        Side::with_more(a, b).map(|with| Self::new(aspect, with, intended))
    }
}

/// The identity of a difference: its kind and the shape of the visits that show it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) kind: DifferenceKind,
    pub(super) shape: String,
}
