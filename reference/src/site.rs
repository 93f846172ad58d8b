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
        let (scheme, host) = self.parts()?;
        let is_domain = matches!(scheme, "http" | "https" | "ws" | "wss" | "ftp")
            && !host.starts_with('[')
            && host.parse::<std::net::Ipv4Addr>().is_err();
        let name = host.strip_suffix('.').unwrap_or(host);
        match psl::domain_str(name).filter(|_| is_domain) {
            // The last dot of a host is a part of its domain.
            Some(domain) => Some(&host[name.len() - domain.len()..]),
            None => Some(host),
        }
    }

    /// Whether two origins are
    /// [schemelessly same site](https://html.spec.whatwg.org/#schemelessly-same-site). An opaque origin is so with
    /// none.
    pub fn is_schemelessly_same_site(&self, other: &Self) -> bool {
        self.registrable_host().is_some_and(|host| other.registrable_host() == Some(host))
    }
}
