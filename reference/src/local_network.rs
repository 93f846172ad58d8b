//! Fetches from the public web into local networks: [Private Network
//! Access](https://wicg.github.io/private-network-access/), by a preflight, and [Local Network
//! Access](https://wicg.github.io/local-network-access/), by a permission, which replaced it in browsers. The Fetch
//! standard at the pinned commit knows neither.
//!
//! A [`Browser`](crate::fetch::Browser) that is given a [`LocalNetwork`] takes part; without one, all addresses are
//! public. Mixed content, and with it the prompt by `Private-Network-Access-ID`, is left out. So is the step of Local
//! Network Access that sets a target IP address space by the URL, since the check would then spare the permission.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
};

use url::{Host, Url};

use crate::{
    address_space::AddressSpace,
    origin::Origin,
    request::Request,
    spec::{self, Step},
};

/// Which of the two protocols a browser speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// A preflight with `Access-Control-Request-Private-Network`.
    PrivateNetworkAccess,
    /// A permission of the user, with what the user said or says when asked.
    LocalNetworkAccess(Permission),
}

/// A user's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// The page may reach into the network.
    Granted,
    /// It may not.
    Denied,
}

/// Where a page and its targets are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalNetwork {
    /// The protocol.
    pub protocol: Protocol,
    /// The address space that the page came from.
    pub page: AddressSpace,
    /// Whether the page is a [secure context](https://html.spec.whatwg.org/#secure-context).
    pub is_secure_context: bool,
    /// What hosts resolve to. `localhost` and what ends in `.localhost` is loopback; a host that is neither an
    /// address nor here is public.
    pub hosts: BTreeMap<String, IpAddr>,
}

impl LocalNetwork {
    /// The address space of a URL's host.
    pub fn space_of(&self, url: &Url) -> AddressSpace {
        match url.host() {
            Some(Host::Ipv4(address)) => AddressSpace::of(address.into()),
            Some(Host::Ipv6(address)) => AddressSpace::of(address.into()),
            Some(Host::Domain(name)) if name == "localhost" || name.ends_with(".localhost") => {
                AddressSpace::of(Ipv4Addr::LOCALHOST.into())
            }
            Some(Host::Domain(name)) => self.hosts.get(name).map_or(AddressSpace::Public, |to| AddressSpace::of(*to)),
            None => AddressSpace::Public,
        }
    }

    /// The [Private Network Access check](https://wicg.github.io/private-network-access/#private-network-access-check)
    /// or the [Local Network Access
    /// check](https://wicg.github.io/local-network-access/#local-network-access-check) for a request about to be
    /// sent: nothing, or the address space that a preflight must ask for.
    ///
    /// # Errors
    ///
    /// The step that returned a network error which no preflight can mend.
    pub fn check(&self, request: &Request) -> Result<Option<AddressSpace>, &'static Step> {
        let url = request.current_url();
        let space = self.space_of(url);
        let is_private = matches!(self.protocol, Protocol::PrivateNetworkAccess);
        // A page's own, potentially trustworthy origin is let be.
        if is_potentially_trustworthy(&request.origin) && request.origin.is_of(url) {
            return Ok(None);
        }
        // If request's target IP address space is not null, then it must be the connection's.
        if let Some(target) = request.target_address_space {
            return match (target == space, is_private) {
                (true, _) => Ok(None),
                (false, true) => Err(&spec::PNA_5_3_2),
                (false, false) => Err(&spec::LNA_5_4_2),
            };
        }
        // If it is less public than the page's:
        if !space.is_less_public_than(self.page) {
            return Ok(None);
        }
        match self.protocol {
            Protocol::PrivateNetworkAccess if !self.is_secure_context => Err(&spec::PNA_5_4_2),
            Protocol::PrivateNetworkAccess => Ok(Some(space)),
            Protocol::LocalNetworkAccess(_) if !self.is_secure_context => Err(&spec::LNA_5_5_2),
            Protocol::LocalNetworkAccess(Permission::Denied) => Err(&spec::LNA_5_5_11),
            Protocol::LocalNetworkAccess(Permission::Granted) => Ok(None),
        }
    }
}

/// Whether an origin is
/// [potentially trustworthy](https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy).
fn is_potentially_trustworthy(origin: &Origin) -> bool {
    origin.parts().is_some_and(|(scheme, host)| {
        let is_loopback = host == "localhost"
            || host.ends_with(".localhost")
            || host == "[::1]"
            || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback());
        matches!(scheme, "https" | "wss" | "file") || is_loopback
    })
}
