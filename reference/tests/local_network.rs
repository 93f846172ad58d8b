//! Fetches into local networks: address spaces, Private Network Access, Local Network Access.

mod common;

use common::{get, init, origin, with_mode};
use cors_reference::{
    address_space::AddressSpace,
    agent::{AGENTS, LocalNetworks},
    fetch::{Browser, Fetch, Next, Outcome, Verdict},
    local_network::{LocalNetwork, Permission, Protocol},
    request::{Mode, RequestInit, WireRequest},
    response::Response,
};

const PAGE: &str = "https://app.example";
const ROUTER: &str = "http://192.168.0.1/";
const ALLOW: &str = "Access-Control-Allow-Private-Network";

fn space(address: &str) -> AddressSpace {
    AddressSpace::of(address.parse().unwrap())
}

#[test]
fn every_block_of_the_table_ends_where_it_ends() {
    use AddressSpace::{Local, Loopback, Public};
    for (inside, first, last, below, above) in [
        (Loopback, "127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"),
        (Local, "10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"),
        (Local, "100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"),
        (Local, "172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"),
        (Local, "192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"),
        (Loopback, "198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"),
        (Local, "169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"),
        (Local, "0.0.0.1", "0.255.255.255", "255.255.255.255", "1.0.0.0"),
        (Local, "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fbff::", "fe00::"),
        (Local, "fe80::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe7f::", "ff00::"),
        (Local, "2001:db8::", "2001:db8:ffff::1", "2001:db7::", "2001:db9::"),
        (Local, "3fff::", "3fff:fff:ffff::1", "3ffe::", "3fff:1000::"),
    ] {
        assert_eq!([space(first), space(last)], [inside; 2], "{first} {last}");
        assert_eq!([space(below), space(above)], [Public; 2], "{below} {above}");
    }
    for (address, expected) in
        [("::1", Loopback), ("::2", Public), ("::", Loopback), ("0.0.0.0", Loopback), ("8.8.8.8", Public)]
    {
        assert_eq!(space(address), expected, "{address}");
    }
}

#[test]
fn a_mapped_address_is_the_one_within() {
    assert_eq!(space("::ffff:192.168.0.1"), AddressSpace::Local);
    assert_eq!(space("::ffff:8.8.8.8"), AddressSpace::Public);
    assert_eq!(space("::fffe:192.168.0.1"), AddressSpace::Public);
}

#[test]
fn less_public_is_a_strict_order() {
    use AddressSpace::{Local, Loopback, Public};
    for (one, other, is_less) in [
        (Loopback, Local, true),
        (Loopback, Public, true),
        (Local, Public, true),
        (Local, Local, false),
        (Public, Local, false),
        (Local, Loopback, false),
    ] {
        assert_eq!(one.is_less_public_than(other), is_less, "{one:?} {other:?}");
    }
}

fn network(protocol: Protocol) -> LocalNetwork {
    let hosts = [("nas.example".to_owned(), "10.0.0.2".parse().unwrap())];
    LocalNetwork { protocol, page: AddressSpace::Public, is_secure_context: true, hosts: hosts.into() }
}

#[test]
fn a_host_is_where_its_address_is() {
    let network = network(Protocol::PrivateNetworkAccess);
    for (url, expected) in [
        ("http://192.168.0.1/", AddressSpace::Local),
        ("http://[::1]/", AddressSpace::Loopback),
        ("http://localhost:80/", AddressSpace::Loopback),
        ("http://a.localhost/", AddressSpace::Loopback),
        ("http://xlocalhost/", AddressSpace::Public),
        ("http://nas.example/", AddressSpace::Local),
        ("http://other.example/", AddressSpace::Public),
        ("data:,x", AddressSpace::Public),
    ] {
        assert_eq!(network.space_of(&url.parse().unwrap()), expected, "{url}");
    }
}

struct Walk {
    sent: Vec<WireRequest>,
    outcome: Outcome,
}

impl Walk {
    fn reason(&self) -> String {
        self.outcome.step.reason()
    }
}

/// A fetch with these answers, in order; the last one stands for all further ones.
fn walk(browser: &mut Browser, page: &str, url: &str, init: &RequestInit, answers: &[Response]) -> Walk {
    let mut fetch = Fetch::start(browser, &origin(page), url, init, 0);
    let mut answers = answers.iter();
    let mut last = &Response::new(404);
    while let Next::Send(_) = fetch.next() {
        last = answers.next().unwrap_or(last);
        fetch.receive(browser, last);
    }
    let sent = fetch.sent().iter().map(|(_, request)| request.clone()).collect();
    Walk { sent, outcome: fetch.into_outcome().unwrap() }
}

fn pna(url: &str, init: &RequestInit, answers: &[Response]) -> Walk {
    let mut browser = Browser::default();
    browser.local_network = Some(network(Protocol::PrivateNetworkAccess));
    walk(&mut browser, PAGE, url, init, answers)
}

fn shared() -> Response {
    Response::new(200).with("Access-Control-Allow-Origin", "*")
}

#[test]
fn a_simple_get_into_a_private_network_is_preflighted() {
    let walk = pna(ROUTER, &init("GET"), &[shared().with(ALLOW, "true"), shared()]);
    assert_eq!(walk.outcome.verdict, Verdict::Readable);
    assert_eq!(walk.sent.iter().map(|sent| sent.method.as_str()).collect::<Vec<_>>(), ["OPTIONS", "GET"]);
    let asked = |name| get(&walk.sent[0].headers, name);
    assert_eq!(asked("Access-Control-Request-Private-Network").as_deref(), Some("true"));
    assert_eq!(asked("Access-Control-Request-Method").as_deref(), Some("GET"));
    assert_eq!(asked("Access-Control-Request-Headers"), None);
    assert_eq!(get(&walk.sent[1].headers, "Access-Control-Request-Private-Network"), None);
}

#[test]
fn the_answer_must_be_true_to_the_letter() {
    for allow in ["True", "1", "true, true", "", "false"] {
        let walk = pna(ROUTER, &init("GET"), &[shared().with(ALLOW, allow)]);
        assert_eq!(walk.reason(), "private-network-access-preflight/10.3.1.3", "{allow}");
        assert_eq!(walk.sent.len(), 1);
    }
    let silent = pna(ROUTER, &init("GET"), &[shared()]);
    assert_eq!(silent.reason(), "private-network-access-preflight/10.3.1.3");
}

#[test]
fn the_cors_check_and_the_status_come_first() {
    let bare = pna(ROUTER, &init("GET"), &[Response::new(200).with(ALLOW, "true")]);
    assert_eq!(bare.reason(), "cors-check/2");
    let missing = Response { status: 404, ..shared() };
    assert_eq!(pna(ROUTER, &init("GET"), &[missing]).reason(), "cors-preflight-fetch/8");
}

#[test]
fn a_fetch_without_cors_is_preflighted_too() {
    let walk = pna(ROUTER, &with_mode(Mode::NoCors), &[shared().with(ALLOW, "true"), Response::new(200)]);
    assert_eq!((walk.outcome.verdict, walk.sent.len()), (Verdict::Opaque, 2));
    let refused = pna(ROUTER, &with_mode(Mode::NoCors), &[shared()]);
    assert_eq!((refused.outcome.verdict, refused.sent.len()), (Verdict::NetworkError, 1));
}

#[test]
fn what_cors_asks_is_asked_in_the_same_preflight() {
    let grant = shared().with(ALLOW, "true").with("Access-Control-Allow-Methods", "PUT");
    assert_eq!(pna(ROUTER, &init("PUT"), &[grant, shared()]).outcome.verdict, Verdict::Readable);
    assert_eq!(pna(ROUTER, &init("PUT"), &[shared().with(ALLOW, "true")]).reason(), "cors-preflight-fetch/7.5");
}

#[test]
fn a_page_that_is_not_secure_sends_nothing() {
    let mut network = network(Protocol::PrivateNetworkAccess);
    network.is_secure_context = false;
    let mut browser = Browser::default();
    browser.local_network = Some(network);
    let walk = walk(&mut browser, "http://app.example", ROUTER, &init("GET"), &[shared()]);
    assert_eq!((walk.reason().as_str(), walk.sent.len()), ("private-network-access-check/5.4.2", 0));
    assert_eq!(walk.outcome.verdict, Verdict::NetworkError);
}

#[test]
fn a_public_target_is_let_be() {
    let walk = pna("https://api.example/", &init("GET"), &[shared()]);
    assert_eq!((walk.outcome.verdict, walk.sent.len()), (Verdict::Readable, 1));
}

#[test]
fn a_page_within_the_network_is_let_be() {
    for (page, is_asked) in
        [(AddressSpace::Local, false), (AddressSpace::Loopback, false), (AddressSpace::Public, true)]
    {
        let network = LocalNetwork { page, ..network(Protocol::PrivateNetworkAccess) };
        let mut browser = Browser::default();
        browser.local_network = Some(network);
        let walk = walk(&mut browser, PAGE, ROUTER, &init("GET"), &[shared().with(ALLOW, "true"), shared()]);
        assert_eq!(walk.sent.len(), 1 + usize::from(is_asked), "{page:?}");
    }
}

#[test]
fn a_trustworthy_own_origin_is_let_be_and_no_other() {
    for (page, requests) in [
        ("https://192.168.0.1", 1),
        ("http://192.168.0.1", 2),
        ("http://127.0.0.1", 1),
        ("http://localhost", 1),
        ("http://a.localhost", 1),
        ("http://[::1]", 1),
        ("http://10.0.0.1", 2),
    ] {
        let mut browser = Browser::default();
        browser.local_network = Some(network(Protocol::PrivateNetworkAccess));
        let url = format!("{page}/");
        let allow = Response::new(200).with("Access-Control-Allow-Origin", "*").with(ALLOW, "true");
        let walk = walk(&mut browser, page, &url, &init("GET"), &[allow, shared()]);
        assert_eq!((walk.sent.len(), walk.outcome.verdict), (requests, Verdict::Readable), "{page}");
    }
}

#[test]
fn a_redirect_into_another_space_than_was_asked_for_fails() {
    let to = |url: &str| Response { status: 302, ..shared() }.with("Location", url);
    let allow = || shared().with(ALLOW, "true");
    let walk = pna(ROUTER, &init("GET"), &[allow(), to("http://127.0.0.1/")]);
    assert_eq!(walk.reason(), "private-network-access-check/5.3.2");
    let same = pna(ROUTER, &init("GET"), &[allow(), to("http://192.168.0.2/"), allow(), shared()]);
    assert_eq!((same.outcome.verdict, same.sent.len()), (Verdict::Readable, 4), "each host is asked");
}

#[test]
fn a_grant_is_kept_for_its_address_space() {
    let mut browser = Browser::default();
    browser.local_network = Some(network(Protocol::PrivateNetworkAccess));
    let grant = || {
        let grant = shared().with(ALLOW, "true").with("Access-Control-Allow-Methods", "PUT");
        grant.with("Access-Control-Max-Age", "600")
    };
    for _ in 0..2 {
        let walk = walk(&mut browser, PAGE, ROUTER, &init("PUT"), &[grant(), shared()]);
        assert_eq!(walk.sent.len(), 2, "a private network is asked every time");
    }
    browser.local_network = None;
    let public = walk(&mut browser, PAGE, ROUTER, &init("PUT"), &[grant(), shared()]);
    assert_eq!(public.sent.len(), 2, "what a private network granted serves no other");
    let again = walk(&mut browser, PAGE, ROUTER, &init("PUT"), &[shared()]);
    assert_eq!(again.sent.len(), 1);
}

fn lna(permission: Permission, is_secure_context: bool, url: &str, mode: Mode) -> Walk {
    let network = LocalNetwork { is_secure_context, ..network(Protocol::LocalNetworkAccess(permission)) };
    let mut browser = Browser::default();
    browser.local_network = Some(network);
    walk(&mut browser, PAGE, url, &with_mode(mode), &[shared()])
}

#[test]
fn local_network_access_is_a_permission_and_no_preflight() {
    let granted = lna(Permission::Granted, true, ROUTER, Mode::Cors);
    assert_eq!((granted.outcome.verdict, granted.sent.len()), (Verdict::Readable, 1));
    for mode in [Mode::Cors, Mode::NoCors] {
        let denied = lna(Permission::Denied, true, ROUTER, mode);
        assert_eq!((denied.reason().as_str(), denied.sent.len()), ("local-network-access-check/5.5.11", 0));
    }
}

#[test]
fn no_permission_helps_a_page_that_is_not_secure() {
    let walk = lna(Permission::Granted, false, ROUTER, Mode::Cors);
    assert_eq!((walk.reason().as_str(), walk.sent.len()), ("local-network-access-check/5.5.2", 0));
}

#[test]
fn a_public_target_needs_no_permission() {
    assert_eq!(lna(Permission::Denied, false, "https://api.example/", Mode::Cors).outcome.verdict, Verdict::Readable);
}

#[test]
fn a_redirect_into_the_network_is_checked() {
    let network = network(Protocol::LocalNetworkAccess(Permission::Denied));
    let mut browser = Browser::default();
    browser.local_network = Some(network);
    let to = Response { status: 302, ..shared() }.with("Location", "http://nas.example/");
    let walk = walk(&mut browser, PAGE, "https://api.example/", &init("GET"), &[to]);
    assert_eq!((walk.reason().as_str(), walk.sent.len()), ("local-network-access-check/5.5.11", 1));
}

#[test]
fn a_target_that_was_named_must_be_met() {
    use cors_reference::request::Request;
    let mut request = Request::new(&origin(PAGE), ROUTER, &init("GET")).unwrap();
    request.target_address_space = Some(AddressSpace::Loopback);
    let reason = |protocol| network(protocol).check(&request).unwrap_err().reason();
    assert_eq!(reason(Protocol::PrivateNetworkAccess), "private-network-access-check/5.3.2");
    assert_eq!(reason(Protocol::LocalNetworkAccess(Permission::Denied)), "local-network-access-check/5.4.2");
}

#[test]
fn one_browser_asks_the_user_and_none_asks_the_server() {
    let spoken: Vec<_> = AGENTS.iter().map(|agent| (agent.name, agent.local_networks)).collect();
    let [none, lna] = [LocalNetworks::Open, LocalNetworks::LocalNetworkAccess];
    assert_eq!(spoken, [("standard", none), ("chromium", lna), ("firefox", none), ("webkit", none)]);
}
