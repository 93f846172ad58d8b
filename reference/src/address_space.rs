//! [IP address spaces](https://wicg.github.io/local-network-access/#ip-address-space-section).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An [IP address space](https://wicg.github.io/local-network-access/#ip-address-space-section). The variants are
/// ordered from the least public to the most public. Private Network Access calls the first two `local` and `private`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressSpace {
    /// The device itself.
    Loopback,
    /// The network of the device.
    Local,
    /// The internet.
    Public,
}

/// A row of the table of non-public address blocks: the first address, the prefix length, and the address space.
type Block<A> = (A, u32, AddressSpace);

const IPV4: [Block<Ipv4Addr>; 9] = [
    (Ipv4Addr::new(127, 0, 0, 0), 8, AddressSpace::Loopback),
    (Ipv4Addr::new(10, 0, 0, 0), 8, AddressSpace::Local),
    (Ipv4Addr::new(100, 64, 0, 0), 10, AddressSpace::Local),
    (Ipv4Addr::new(172, 16, 0, 0), 12, AddressSpace::Local),
    (Ipv4Addr::new(192, 168, 0, 0), 16, AddressSpace::Local),
    (Ipv4Addr::new(198, 18, 0, 0), 15, AddressSpace::Loopback),
    (Ipv4Addr::new(169, 254, 0, 0), 16, AddressSpace::Local),
    (Ipv4Addr::UNSPECIFIED, 32, AddressSpace::Loopback),
    (Ipv4Addr::UNSPECIFIED, 8, AddressSpace::Local),
];

const IPV6: [Block<Ipv6Addr>; 7] = [
    (Ipv6Addr::LOCALHOST, 128, AddressSpace::Loopback),
    (Ipv6Addr::new(0xFC00, 0, 0, 0, 0, 0, 0, 0), 7, AddressSpace::Local),
    (Ipv6Addr::new(0xFE80, 0, 0, 0, 0, 0, 0, 0), 10, AddressSpace::Local),
    (Ipv6Addr::new(0xFEC0, 0, 0, 0, 0, 0, 0, 0), 10, AddressSpace::Local),
    (Ipv6Addr::UNSPECIFIED, 128, AddressSpace::Loopback),
    (Ipv6Addr::new(0x2001, 0xDB8, 0, 0, 0, 0, 0, 0), 32, AddressSpace::Local),
    (Ipv6Addr::new(0x3FFF, 0, 0, 0, 0, 0, 0, 0), 20, AddressSpace::Local),
];

impl AddressSpace {
    /// [Determines the IP address space](https://wicg.github.io/local-network-access/#determine-the-ip-address-space)
    /// of an address. The table is that of Local Network Access. It contains the table of Private Network Access, and
    /// adds unspecified, site-local and documentation addresses.
    pub fn of(address: IpAddr) -> Self {
        // 1. An IPv4-mapped address is its embedded IPv4 address.
        // 2. For each row of the table: if address belongs to its block, return its address space.
        let found = match address.to_canonical() {
            IpAddr::V4(address) => IPV4
                .iter()
                .find(|(first, length, _)| {
                    let shift = u32::BITS - length;
                    address.to_bits() >> shift == first.to_bits() >> shift
                })
                .map(|(_, _, space)| *space),
            IpAddr::V6(address) => IPV6
                .iter()
                .find(|(first, length, _)| {
                    let shift = u128::BITS - length;
                    address.to_bits() >> shift == first.to_bits() >> shift
                })
                .map(|(_, _, space)| *space),
        };
        // 3. Return public.
        found.unwrap_or(Self::Public)
    }

    /// Returns true if this is [less public](https://wicg.github.io/local-network-access/#ip-address-space-less-public)
    /// than another.
    pub fn is_less_public_than(self, other: Self) -> bool {
        self < other
    }
}
