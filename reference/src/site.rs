//! [Sites](https://html.spec.whatwg.org/#sites): origins of one registrable domain.

use crate::origin::Origin;

impl Origin {
    /// The [site](https://html.spec.whatwg.org/#obtain-a-site), serialized: the scheme with the registrable domain, or
    /// with the whole host where it has none. An opaque origin has no site here, since its identity is not kept.
    pub fn site(&self) -> Option<String> {
        let (scheme, _) = self.parts()?;
        Some(format!("{scheme}://{}", self.registrable_host()?))
    }

    /// The registrable domain by the public suffix list, or the host: an IP address, or a public suffix itself.
    fn registrable_host(&self) -> Option<&str> {
        let (_, host) = self.parts()?;
        let is_address = host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
        Some(if is_address { host } else { psl::domain_str(host).unwrap_or(host) })
    }

    /// Whether two origins are
    /// [schemelessly same site](https://html.spec.whatwg.org/#schemelessly-same-site). An opaque origin is so with
    /// none.
    pub fn is_schemelessly_same_site(&self, other: &Self) -> bool {
        self.registrable_host().is_some_and(|host| other.registrable_host() == Some(host))
    }
}
