//! Patterns that cover many origins: the subdomains of a host, all its ports, or both.

use std::{collections::BTreeMap, hash::Hasher};

use foldhash::fast::FoldHasher;

use super::{
    bytes::{are_labels, port_number},
    pattern::OriginPattern,
    syntax::{Meaning, Port},
    table::Table,
};

/// The patterns by scheme and host. The hash covers the labels of a host from the last to the first. Therefore one pass
/// over an origin finds every pattern whose host is a suffix of the origin's host.
#[derive(Debug, Clone)]
pub(super) struct Hosts {
    table: Table<Host>,
    /// The length of the longest scheme, in bytes.
    longest_scheme: usize,
    /// The length of the longest host, in bytes.
    longest_host: usize,
}

#[derive(Debug, Clone)]
struct Host {
    /// `scheme://host`, without wildcards.
    name: Box<[u8]>,
    /// The index in `name` at which the host begins.
    host: usize,
    /// The covered ports of the host itself.
    itself: Ports,
    /// The covered ports of its subdomains.
    subdomains: Ports,
}

#[derive(Debug, Clone, Default)]
struct Ports {
    any: bool,
    /// The listed ports in ascending order. `None` is the default port.
    listed: Vec<Option<u16>>,
}

impl Ports {
    fn contain(&self, port: Option<u16>) -> bool {
        self.any || self.listed.binary_search(&port).is_ok()
    }
}

impl Hosts {
    pub(super) fn new(patterns: &[OriginPattern]) -> Self {
        let mut hosts = BTreeMap::<(&str, &str), (Ports, Ports)>::new();
        for pattern in patterns {
            let Meaning::Wildcard { scheme, subdomains, host, port } = pattern.meaning() else { continue };
            let (of_itself, of_subdomains) = hosts.entry((scheme, host)).or_default();
            let ports = if *subdomains { of_subdomains } else { of_itself };
            match port {
                Port::Any => ports.any = true,
                Port::Exactly(port) => ports.listed.push(port_number(port.as_bytes())),
            }
        }
        let longest_scheme = hosts.keys().map(|(scheme, _)| scheme.len()).max().unwrap_or_default();
        let longest_host = hosts.keys().map(|(_, host)| host.len()).max().unwrap_or_default();
        let hosts = hosts.into_iter().map(|((scheme, host), (mut itself, mut subdomains))| {
            for ports in [&mut itself, &mut subdomains] {
                ports.listed.sort_unstable();
                ports.listed.dedup();
            }
            let name = format!("{scheme}://{host}").into_bytes().into();
            Host { name, host: scheme.len() + 3, itself, subdomains }
        });
        let table = Table::new(hosts.collect(), |mut hasher: FoldHasher<'static>, host| {
            let (scheme, host) = host.name.split_at(host.host);
            hasher.write(scheme);
            host.rsplit(|b| *b == b'.').for_each(|label| hasher.write(label));
            hasher.finish()
        });
        Self { table, longest_scheme, longest_host }
    }

    #[inline]
    pub(super) fn contains(&self, origin: &[u8]) -> bool {
        !self.table.is_empty() && self.covers(origin)
    }

    fn covers(&self, origin: &[u8]) -> bool {
        let Some(host) = self.host_of(origin) else { return false };
        let (scheme, rest) = origin.split_at(host);
        let (host, port) = without_port(rest);
        let mut hasher = self.table.hasher();
        hasher.write(scheme);
        // Reads at most the longest host and the dot before it, from the end.
        let unread = host.len().saturating_sub(self.longest_host + 1);
        let mut end = host.len();
        loop {
            let dot = host[unread..end].iter().rposition(|b| *b == b'.');
            if dot.is_none() && unread > 0 {
                return false;
            }
            let start = dot.map_or(0, |dot| unread + dot + 1);
            hasher.write(&host[start..end]);
            let (labels, suffix) = host.split_at(start);
            let is_same = |own: &Host| {
                let (own_scheme, own_host) = own.name.split_at(own.host);
                *own_host == *suffix && *own_scheme == *scheme
            };
            if let Some(found) = self.table.find(hasher.finish(), is_same) {
                if labels.is_empty() {
                    return found.itself.contain(port);
                }
                if found.subdomains.contain(port) {
                    // An invalid label here is also invalid before a longer host, so the search can end.
                    return are_labels(&labels[..start - 1]);
                }
            }
            let Some(before) = start.checked_sub(1) else { return false };
            end = before;
        }
    }

    /// Returns the index at which the host of an origin begins. Returns `None` if no pattern has so long a scheme.
    fn host_of(&self, origin: &[u8]) -> Option<usize> {
        let scheme = origin.iter().take(self.longest_scheme + 1).position(|b| *b == b':')?;
        origin[scheme..].starts_with(b"://").then_some(scheme + 3)
    }

    pub(super) fn longest_probe(&self) -> usize {
        self.table.longest_chain()
    }
}

/// Splits the host and the port after a scheme. An invalid port stays with the host, so the host matches no pattern.
fn without_port(rest: &[u8]) -> (&[u8], Option<u16>) {
    const LONGEST: usize = 5;
    let digits = rest.iter().rev().take(LONGEST).take_while(|b| b.is_ascii_digit()).count();
    let (before, digits) = rest.split_at(rest.len() - digits);
    match (before, port_number(digits)) {
        ([host @ .., b':'], Some(port)) => (host, Some(port)),
        _ => (rest, None),
    }
}
