//! [Sites](https://html.spec.whatwg.org/#sites): schemes with a registrable domain.

use crate::origin::Origin;

impl Origin {
    /// Returns the serialized [site](https://html.spec.whatwg.org/#obtain-a-site): the scheme with the registrable
    /// domain, or with the host if it has none. Returns `None` for an opaque origin, whose identity is not kept.
    pub fn site(&self) -> Option<String> {
        let (scheme, _) = self.parts()?;
        Some(format!("{scheme}://{}", self.registrable_host()?))
    }

    /// Returns the registrable domain, or the host if it has none: if it is an IP address or a public suffix.
    fn registrable_host(&self) -> Option<&str> {
        let (scheme, host) = self.parts()?;
        let is_domain = matches!(scheme, "http" | "https" | "ws" | "wss" | "ftp")
            && !host.starts_with('[')
            && host.parse::<std::net::Ipv4Addr>().is_err();
        let name = host.strip_suffix('.').unwrap_or(host);
        match psl::domain_str(name).filter(|_| is_domain) {
            // A dot at the end of the host is part of the domain.
            Some(domain) => Some(&host[name.len() - domain.len()..]),
            None => Some(host),
        }
    }

    /// Returns true if two origins are
    /// [schemelessly same site](https://html.spec.whatwg.org/#schemelessly-same-site). An opaque origin is never.
    pub fn is_schemelessly_same_site(&self, other: &Self) -> bool {
        self.registrable_host().is_some_and(|host| other.registrable_host() == Some(host))
    }
}
