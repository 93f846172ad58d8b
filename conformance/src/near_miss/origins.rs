//! Origins one mistake away from an allowed one, each with the mistake that lets it in, and who can send it.

use cors_reference::{origin::Origin, origin_set::OriginPattern};

/// Who can send an `Origin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reach {
    /// A page in any browser.
    Browser,
    /// A page in a browser that takes what the URL standard lets a host hold: letters, digits, `-` and `_` are not all.
    SomeBrowser,
    /// A client that is no browser.
    RawClient,
}

impl Reach {
    /// Who can send that.
    pub fn of(origin: &str) -> Self {
        if origin.parse::<Origin>().is_err() {
            return Self::RawClient;
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/[]+".contains(&byte);
        if origin.bytes().all(is_plain) { Self::Browser } else { Self::SomeBrowser }
    }
}

/// An origin near an allowed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearOrigin {
    /// The mistake that a matcher makes to let it in.
    pub mistake: &'static str,
    /// The origin.
    pub origin: String,
    /// Who can send it.
    pub reach: Reach,
}

/// Characters that the URL standard lets a host hold, and that some browser sends.
const IN_HOSTS: &str = "_-,;!'\"(){}*&`+=~$";

/// The origins near each origin that a pattern covers. Some of them another pattern of the same policy may cover: what
/// is denied, the policy tells.
pub fn near_origins(pattern: &OriginPattern) -> Vec<NearOrigin> {
    let text = pattern.as_str();
    let listed = text.strip_suffix(":*").unwrap_or(text).replacen("*.", "", 1);
    let Some((scheme, rest)) = listed.split_once("://") else { return of_null() };
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !rest.ends_with(']') => (host, format!(":{port}")),
        _ => (rest, String::new()),
    };
    let parent = host.split_once('.').map_or(host, |(_, parent)| parent);
    let other_scheme = if scheme == "https" { "http" } else { "https" };
    let labels = "a.".repeat(60);
    let long = "a".repeat(63);
    let mut origins: Vec<(&'static str, String)> = vec![
        ("scheme", format!("{other_scheme}://{rest}")),
        ("scheme with a letter more", format!("{scheme}x://{rest}")),
        ("port", format!("{scheme}://{host}:8443")),
        ("default port written", format!("{scheme}://{host}:{}", if scheme == "https" { 443 } else { 80 })),
        ("port that begins alike", format!("{scheme}://{host}{}0", if port.is_empty() { ":443" } else { &port })),
        ("prefix", format!("{scheme}://{host}.evil.example{port}")),
        ("prefix without a dot", format!("{scheme}://{host}munity{port}")),
        ("suffix", format!("{scheme}://evil{host}{port}")),
        ("suffix behind a hyphen", format!("{scheme}://evil-{host}{port}")),
        ("subdomain", format!("{scheme}://evil.{host}{port}")),
        ("many labels", format!("{scheme}://{labels}{host}{port}")),
        ("long label", format!("{scheme}://{long}{host}{port}")),
        ("over-long", format!("{scheme}://{}.evil.example{port}", [long.as_str(); 8].join("."))),
        ("superdomain", format!("{scheme}://{parent}{port}")),
        ("trailing dot", format!("{scheme}://{host}.{port}")),
        ("case", listed.to_ascii_uppercase()),
        ("case of the scheme", format!("{}://{rest}", scheme.to_ascii_uppercase())),
        ("user", format!("{scheme}://{host}@evil.example")),
        ("user of it", format!("{scheme}://evil.example@{rest}")),
        ("path", format!("{listed}/")),
        ("path of another", format!("{scheme}://evil.example/{rest}")),
        ("query of another", format!("{scheme}://evil.example?{rest}")),
        ("fragment of another", format!("{scheme}://evil.example#{rest}")),
        ("two origins", format!("{listed} https://evil.example")),
        ("list of origins", format!("https://evil.example, {listed}")),
        ("white space", format!("{listed}\t")),
        ("punycode", format!("{scheme}://xn--{host}{port}")),
        ("another script", format!("{scheme}://{}{port}", host.replacen('a', "\u{430}", 1))),
        ("address", "https://127.0.0.1".to_owned()),
        ("address of six", "https://[::1]".to_owned()),
        ("address as a number", "https://2130706433".to_owned()),
        ("local host below another", format!("{scheme}://localhost.evil.example{port}")),
        ("bracket", format!("{listed}].evil.example")),
        ("unrelated", "https://evil.example".to_owned()),
        ("extension", "chrome-extension://abcdefghijklmnop".to_owned()),
        ("scheme alone", format!("{scheme}://")),
        ("nothing", String::new()),
        ("star", "*".to_owned()),
    ];
    for (index, _) in host.match_indices('.') {
        origins.push(("dot", format!("{scheme}://{}x{}{port}", &host[..index], &host[index + 1..])));
    }
    for character in IN_HOSTS.chars() {
        origins.push(("character of a host", format!("{scheme}://{host}{character}.evil.example{port}")));
    }
    // Not every mistake makes another origin of every host.
    origins.retain(|(_, origin)| *origin != listed);
    origins.into_iter().map(|(mistake, origin)| near(mistake, origin)).chain(of_null()).collect()
}

fn of_null() -> Vec<NearOrigin> {
    vec![near("null", "null".to_owned()), near("null in another case", "NULL".to_owned())]
}

fn near(mistake: &'static str, origin: String) -> NearOrigin {
    NearOrigin { mistake, reach: Reach::of(&origin), origin }
}

/// Origins that begin as one entry does and end as another.
pub fn splices(one: &OriginPattern, other: &OriginPattern) -> Option<NearOrigin> {
    let (one, other) = (one.as_str(), other.as_str());
    let (scheme, first) = one.split_once("://")?;
    let (_, second) = other.split_once("://")?;
    let label = first.trim_start_matches("*.").split('.').next()?;
    Some(near("splice of two", format!("{scheme}://{label}{}", second.trim_start_matches("*."))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str) -> Vec<NearOrigin> {
        near_origins(&pattern.parse().unwrap())
    }

    #[test]
    fn no_near_origin_is_the_allowed_one() {
        for pattern in ["https://app.example.com", "http://a.example:8080", "null", "https://[::1]:3000"] {
            assert!(of(pattern).iter().all(|near| near.origin != pattern || near.origin == "null"), "{pattern}");
        }
    }

    #[test]
    fn who_can_send_it_is_told() {
        for (origin, reach) in [
            ("https://evil-app.example", Reach::Browser),
            ("https://app.example`.evil.example", Reach::SomeBrowser),
            ("https://app.example@evil.example", Reach::RawClient),
            ("HTTPS://APP.EXAMPLE", Reach::RawClient),
            ("null", Reach::Browser),
        ] {
            assert_eq!(Reach::of(origin), reach, "{origin}");
        }
    }

    #[test]
    fn every_dot_of_a_host_is_replaced_once() {
        let dots: Vec<_> = of("https://a.b.example").into_iter().filter(|near| near.mistake == "dot").collect();
        assert_eq!(dots.len(), 2);
        assert_eq!(dots[0].origin, "https://axb.example");
    }

    #[test]
    fn two_entries_are_spliced() {
        let splice = splices(&"https://bar.com".parse().unwrap(), &"https://foo.com".parse().unwrap()).unwrap();
        assert_eq!((splice.origin.as_str(), splice.reach), ("https://barfoo.com", Reach::Browser));
    }
}
