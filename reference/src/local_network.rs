//! Fetches from the public web into local networks.
//!
//! Two drafts protect local networks. [Private Network Access](https://wicg.github.io/private-network-access/) requires
//! a preflight. [Local Network Access](https://wicg.github.io/local-network-access/) requires a permission of the user,
//! and replaced the first draft in browsers. The Fetch standard at the pinned commit contains neither.
//!
//! A [`Browser`](crate::fetch::Browser) with a [`LocalNetwork`] follows one of the drafts. For a browser without one,
//! all addresses are public.
//!
//! Not modelled: mixed content, including the prompt that `Private-Network-Access-ID` causes, and the step of Local
//! Network Access that sets the target IP address space from the URL. With that step, the check would skip the
//! permission.

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

/// A protection of local networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// A preflight with `Access-Control-Request-Private-Network`.
    PrivateNetworkAccess,
    /// A permission, with the user's decision.
    LocalNetworkAccess(Permission),
}

/// A user's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// The page may access the network.
    Granted,
    /// The page may not access the network.
    Denied,
}

/// The network around a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalNetwork {
    /// The protocol.
    pub protocol: Protocol,
    /// The address space of the page.
    pub page: AddressSpace,
    /// True if the page is a [secure context](https://html.spec.whatwg.org/#secure-context).
    pub is_secure_context: bool,
    /// The addresses of hosts. `localhost` and its subdomains are loopback. Every other host that is missing here is
    /// public, unless it is an address itself.
    pub hosts: BTreeMap<String, IpAddr>,
}

impl LocalNetwork {
    /// Returns the address space of the URL's host.
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

    /// Runs the
    /// [Private Network Access check](https://wicg.github.io/private-network-access/#private-network-access-check) or
    /// the [Local Network Access check](https://wicg.github.io/local-network-access/#local-network-access-check) for a
    /// request before it is sent. Returns the address space that a preflight must request, or `None` if no preflight is
    /// needed.
    ///
    /// # Errors
    ///
    /// Returns the step that returned a network error.
    pub fn check(&self, request: &Request) -> Result<Option<AddressSpace>, &'static Step> {
        let url = request.current_url();
        let space = self.space_of(url);
        let is_private = matches!(self.protocol, Protocol::PrivateNetworkAccess);
        // The page's own origin is allowed if it is potentially trustworthy.
        if is_potentially_trustworthy(&request.origin) && request.origin.is_of(url) {
            return Ok(None);
        }
        // If request's target IP address space is not null, then the connection must be in it.
        if let Some(target) = request.target_address_space {
            return match (target == space, is_private) {
                (true, _) => Ok(None),
                (false, true) => Err(&spec::PNA_5_3_2),
                (false, false) => Err(&spec::LNA_5_4_2),
            };
        }
        // If the address space is less public than the page's:
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

/// Returns true if an origin is
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
