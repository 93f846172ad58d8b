//! [Port blocking](https://fetch.spec.whatwg.org/#port-blocking): ports to which no fetch is made.

use url::Url;

use crate::request::has_http_scheme;

/// Returns true if fetching a URL
/// [should be blocked due to a bad port](https://fetch.spec.whatwg.org/#block-bad-port).
pub fn should_be_blocked_due_to_a_bad_port(url: &Url) -> bool {
    // 1. The URL is a request's current URL.
    // 2. If url's scheme is an HTTP(S) scheme and url's port is a bad port, then return blocked.
    // 3. Return allowed.
    has_http_scheme(url) && url.port().is_some_and(|port| BAD_PORTS.contains(&port))
}

/// The [bad ports](https://fetch.spec.whatwg.org/#bad-port).
static BAD_PORTS: &[u16] = &[
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_blocked_and_a_default_port_is_not() {
        let is_blocked = |url: &str| should_be_blocked_due_to_a_bad_port(&Url::parse(url).unwrap());
        assert!(is_blocked("http://a.example:25/") && is_blocked("https://a.example:6000/"));
        assert!(
            !is_blocked("http://a.example/")
                && !is_blocked("https://a.example:8080/")
                && !is_blocked("ftp://a.example:25/")
        );
    }
}
