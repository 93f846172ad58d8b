//! Kinds of differences: what there is with one middleware and not with the other, and which of the two the policy is
//! served by.

use cors_policy::intent::{Denied, Intent};
use serde::Serialize;

/// One of the two that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The second, which whoever migrates goes to.
    B,
    /// The first, which whoever migrates comes from.
    A,
}

impl Side {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    /// `A` or `B`.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }
}

/// What there is with one and not with the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// The page gets an answer, where with the other it gets a network error.
    Answer,
    /// The page gets one behind a shared HTTP cache, where with the other it does not.
    CachedAnswer,
    /// The request is sent, where with the other its preflight is refused.
    Request,
    /// A server is built for the policy.
    Server,
    /// The server answers, and does not panic.
    Reply,
    /// The request reaches the application.
    Application,
    /// Status and body that the application sends come through; of a client that is no browser the status class.
    OwnAnswer,
    /// The page reads a header that the application sends.
    Header,
    /// A preflight is kept from the application.
    Preflight,
    /// An equal fetch needs no second preflight.
    KeptPreflight,
}

impl What {
    /// What it is, as it follows the name of the side.
    pub fn says(self) -> &'static str {
        match self {
            Self::Answer => "a page gets the answer",
            Self::CachedAnswer => "a page gets the answer behind a shared cache",
            Self::Request => "the browser sends the request after its preflight",
            Self::Server => "a server is built for the policy",
            Self::Reply => "the server answers without a panic",
            Self::OwnAnswer => "the application's own answer comes through",
            Self::Header => "a page reads a header of the application",
            Self::Application => "the request reaches the application",
            Self::Preflight => "the preflight is kept from the application",
            Self::KeptPreflight => "an equal fetch needs no second preflight",
        }
    }
}

/// What the policy says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intended {
    /// It is denied to the origin.
    DeniesOrigin,
    /// It is denied where credentials are included.
    DeniesCredentials,
    /// The method is denied.
    DeniesMethod,
    /// A request header is denied.
    DeniesRequestHeader,
    /// The response header is to be hidden.
    DeniesResponseHeader,
    /// No preflight's answer is to be kept for that long.
    DeniesAge,
    /// It is to be so.
    Permits,
    /// The standard leaves it open.
    Unspecified,
}

impl Intended {
    /// What the policy says of a fetch.
    pub fn of(intent: &Intent) -> Self {
        match intent {
            Intent::Permit => Self::Permits,
            Intent::Deny(Denied::Origin) => Self::DeniesOrigin,
            Intent::Deny(Denied::Credentials) => Self::DeniesCredentials,
            Intent::Deny(Denied::Method) => Self::DeniesMethod,
            Intent::Deny(Denied::RequestHeader(_)) => Self::DeniesRequestHeader,
            Intent::Unspecified(_) => Self::Unspecified,
        }
    }

    /// What is denied, as it follows "the policy denies"; nothing where it is not.
    pub fn denies(self) -> Option<&'static str> {
        Some(match self {
            Self::DeniesOrigin => "the origin",
            Self::DeniesCredentials => "credentials",
            Self::DeniesMethod => "the method",
            Self::DeniesRequestHeader => "the request header",
            Self::DeniesResponseHeader => "the response header",
            Self::DeniesAge => "a preflight kept for so long",
            Self::Permits | Self::Unspecified => return None,
        })
    }
}

/// How the policy is served; the worst for whoever goes from A to B is first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// This one grants what the policy denies.
    Grants(Side),
    /// This one refuses the policy.
    Refuses(Side),
    /// This one withholds what the policy permits.
    Withholds(Side),
    /// This one harms what is the application's.
    Interferes(Side),
    /// The standard leaves it open.
    Open,
}

/// A kind of difference. Their order is that of a report: the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Kind {
    /// How the policy is served.
    pub standing: Standing,
    /// What there is with one and not with the other.
    pub what: What,
    /// What the policy says of it.
    pub policy: Intended,
    /// With whom it is.
    pub with: Side,
    /// Whether what is permitted is withheld where the application's own answer is an error; elsewhere is told apart.
    pub on_error: bool,
}

impl Kind {
    /// There is this with that one alone.
    pub(super) fn new(what: What, with: Side, policy: Intended) -> Self {
        let standing = match policy {
            _ if what == What::Server => Standing::Refuses(with.other()),
            Intended::Permits
                if matches!(what, What::Reply | What::OwnAnswer | What::Application | What::Preflight) =>
            {
                Standing::Interferes(with.other())
            }
            Intended::Permits => Standing::Withholds(with.other()),
            Intended::Unspecified => Standing::Open,
            _ => Standing::Grants(with),
        };
        Self { standing, what, policy, with, on_error: false }
    }
}
