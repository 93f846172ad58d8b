//! Origins near an allowed one. Each is named after the mistake that makes a matcher accept it, and knows which clients
//! can send it.

use cors_policy::origin_set::OriginPattern;

use crate::case::reach::Reach;

/// An origin near an allowed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearOrigin {
    /// The mistake that makes a matcher accept the origin.
    pub mistake: &'static str,
    /// The origin.
    pub origin: String,
    /// The clients that can send the origin.
    pub reach: Reach,
}

/// Characters that the URL standard permits in a host and that some browser sends.
const IN_HOSTS: &str = "_-,;!'\"(){}*&`+=~$";

/// The parts of a listed origin, without wildcards.
struct Parts<'p> {
    listed: &'p str,
    scheme: &'p str,
    rest: &'p str,
    host: &'p str,
    /// The port with its colon, or empty.
    port: &'p str,
}

impl<'p> Parts<'p> {
    fn of(listed: &'p str) -> Option<Self> {
        let (scheme, rest) = listed.split_once("://")?;
        let colon = rest.rfind(':').filter(|_| !rest.ends_with(']')).unwrap_or(rest.len());
        let (host, port) = rest.split_at(colon);
        Some(Self { listed, scheme, rest, host, port })
    }
}

fn without_wildcards(pattern: &OriginPattern) -> String {
    let text = pattern.as_str();
    text.strip_suffix(":*").unwrap_or(text).replacen("*.", "", 1)
}

/// The name of a mistake, and an origin that it accepts.
type Mistake = (&'static str, fn(&Parts<'_>) -> String);

const MISTAKES: &[Mistake] = &[
    ("scheme", |parts| {
        let Parts { rest, .. } = parts;
        let other_scheme = if parts.scheme == "https" { "http" } else { "https" };
        format!("{other_scheme}://{rest}")
    }),
    ("scheme with an additional letter", |parts| {
        let Parts { scheme, rest, .. } = parts;
        format!("{scheme}x://{rest}")
    }),
    ("port", |parts| {
        let Parts { scheme, host, .. } = parts;
        format!("{scheme}://{host}:8443")
    }),
    ("explicit default port", |parts| {
        let Parts { scheme, host, .. } = parts;
        format!("{scheme}://{host}:{}", if *scheme == "https" { 443 } else { 80 })
    }),
    ("port with a longer number", |parts| {
        let Parts { scheme, host, port, .. } = parts;
        format!("{scheme}://{host}{}0", if port.is_empty() { ":443" } else { &port })
    }),
    ("prefix", |parts| {
        let Parts { scheme, host, port, .. } = parts;
        format!("{scheme}://{host}.evil.example{port}")
    }),
    ("prefix without a dot", |parts| {
        let Parts { scheme, host, port, .. } = parts;
        format!("{scheme}://{host}munity{port}")
    }),
    ("suffix", |parts| {
        let Parts { scheme, host, port, .. } = parts;
        format!("{scheme}://evil{host}{port}")
    }),
    ("suffix after a hyphen", |parts| {
        let Parts { scheme, host, port, .. } = parts;
        format!("{scheme}://evil-{host}{port}")
    }),
    ("subdomain", |parts| {
        let Parts { scheme, host, port, .. } = parts;
        format!("{scheme}://evil.{host}{port}")
    }),
    ("many labels", |parts| {
        let Parts { scheme, host, port, .. } = parts;
        let labels = "a.".repeat(60);
        format!("{scheme}://{labels}{host}{port}")
    }),
    ("long label", |parts| {
        let Parts { scheme, host, port, .. } = parts;
        let long = "a".repeat(63);
        format!("{scheme}://{long}{host}{port}")
    }),
    ("over-long", |parts| {
        let Parts { scheme, port, .. } = parts;
        let long = "a".repeat(63);
        format!("{scheme}://{}.evil.example{port}", [long.as_str(); 8].join("."))
    }),
    ("superdomain", |parts| {
        let Parts { scheme, port, .. } = parts;
        let parent = parts.host.split_once('.').map_or(parts.host, |(_, parent)| parent);
        format!("{scheme}://{parent}{port}")
    }),
    ("trailing dot", |parts| {
        let Parts { scheme, host, port, .. } = parts;
        format!("{scheme}://{host}.{port}")
    }),
    ("case", |parts| {
        let Parts { listed, .. } = parts;
        listed.to_ascii_uppercase()
    }),
    ("case of the scheme", |parts| {
        let Parts { scheme, rest, .. } = parts;
        format!("{}://{rest}", scheme.to_ascii_uppercase())
    }),
    ("user", |parts| {
        let Parts { scheme, host, .. } = parts;
        format!("{scheme}://{host}@evil.example")
    }),
    ("user before the origin", |parts| {
        let Parts { scheme, rest, .. } = parts;
        format!("{scheme}://evil.example@{rest}")
    }),
    ("path", |parts| {
        let Parts { listed, .. } = parts;
        format!("{listed}/")
    }),
    ("path of another origin", |parts| {
        let Parts { scheme, rest, .. } = parts;
        format!("{scheme}://evil.example/{rest}")
    }),
    ("query of another origin", |parts| {
        let Parts { scheme, rest, .. } = parts;
        format!("{scheme}://evil.example?{rest}")
    }),
    ("fragment of another origin", |parts| {
        let Parts { scheme, rest, .. } = parts;
        format!("{scheme}://evil.example#{rest}")
    }),
    ("two origins", |parts| {
        let Parts { listed, .. } = parts;
        format!("{listed} https://evil.example")
    }),
    ("list of origins", |parts| {
        let Parts { listed, .. } = parts;
        format!("https://evil.example, {listed}")
    }),
    ("white space", |parts| {
        let Parts { listed, .. } = parts;
        format!("{listed}\t")
    }),
    ("punycode", |parts| {
        let Parts { scheme, host, port, .. } = parts;
        format!("{scheme}://xn--{host}{port}")
    }),
    ("another script", |parts| {
        let Parts { scheme, host, port, .. } = parts;
        format!("{scheme}://{}{port}", host.replacen('a', "\u{430}", 1))
    }),
    ("address", |_| "https://127.0.0.1".to_owned()),
    ("IPv6 address", |_| "https://[::1]".to_owned()),
    ("address as a number", |_| "https://2130706433".to_owned()),
    ("localhost below another domain", |parts| {
        let Parts { scheme, port, .. } = parts;
        format!("{scheme}://localhost.evil.example{port}")
    }),
    ("bracket", |parts| {
        let Parts { listed, .. } = parts;
        format!("{listed}].evil.example")
    }),
    ("unrelated", |_| "https://evil.example".to_owned()),
    ("extension", |_| "chrome-extension://abcdefghijklmnop".to_owned()),
    ("scheme alone", |parts| {
        let Parts { scheme, .. } = parts;
        format!("{scheme}://")
    }),
    ("empty", |_| String::new()),
    ("star", |_| "*".to_owned()),
];

/// The mistake of treating a dot as any character. There is one origin for each dot of the host.
const DOT: &str = "dot";

/// The mistake of ending the host at an unusual character. There is one origin for each such character.
const CHARACTER: &str = "character of a host";

fn dots(parts: &Parts<'_>) -> impl Iterator<Item = String> {
    let Parts { scheme, host, port, .. } = parts;
    host.match_indices('.').map(move |(at, _)| format!("{scheme}://{}x{}{port}", &host[..at], &host[at + 1..]))
}

fn with_character(parts: &Parts<'_>, character: char) -> String {
    let Parts { scheme, host, port, .. } = parts;
    format!("{scheme}://{host}{character}.evil.example{port}")
}

/// Returns the origins near a pattern, one for each mistake. Another pattern of the same policy may permit some of them.
pub fn near_origins(pattern: &OriginPattern) -> Vec<NearOrigin> {
    let listed = without_wildcards(pattern);
    let Some(parts) = Parts::of(&listed) else { return of_null() };
    let mistakes = MISTAKES.iter().map(|(mistake, make)| (*mistake, make(&parts)));
    let dots = dots(&parts).map(|origin| (DOT, origin));
    let characters = IN_HOSTS.chars().map(|character| (CHARACTER, with_character(&parts, character)));
    // For some hosts a mistake yields the listed origin itself.
    let origins = mistakes.chain(dots).chain(characters).filter(|(_, origin)| *origin != listed);
    origins.map(|(mistake, origin)| near(mistake, origin)).chain(of_null()).collect()
}

/// Chooses one of the [origins near a pattern](near_origins). Every mistake is equally likely, however many origins it
/// yields. `choose` returns a number below its argument.
///
/// # Errors
///
/// Returns the errors of `choose`.
pub fn near_origin<E>(
    pattern: &OriginPattern,
    mut choose: impl FnMut(usize) -> Result<usize, E>,
) -> Result<NearOrigin, E> {
    let listed = without_wildcards(pattern);
    let null = || near("null", "null".to_owned());
    let Some(parts) = Parts::of(&listed) else { return Ok(null()) };
    // `null`, dots and characters follow the mistakes with one origin each.
    let chosen = choose(MISTAKES.len() + 3)?;
    Ok(match (MISTAKES.get(chosen), chosen.saturating_sub(MISTAKES.len())) {
        (Some((mistake, make)), _) => near(mistake, make(&parts)),
        (None, 0) => null(),
        (None, 1) => {
            let dots: Vec<String> = dots(&parts).collect();
            let dot = if dots.is_empty() { None } else { dots.get(choose(dots.len())?).cloned() };
            dot.map_or_else(null, |origin| near(DOT, origin))
        }
        (None, _) => {
            let character = IN_HOSTS.chars().nth(choose(IN_HOSTS.len())?).unwrap_or('_');
            near(CHARACTER, with_character(&parts, character))
        }
    })
}

fn of_null() -> Vec<NearOrigin> {
    vec![near("null", "null".to_owned()), near("null in another case", "NULL".to_owned())]
}

fn near(mistake: &'static str, origin: String) -> NearOrigin {
    NearOrigin { mistake, reach: Reach::of(&origin), origin }
}

/// Returns an origin that begins like one pattern and ends like another.
pub fn splices(one: &OriginPattern, other: &OriginPattern) -> Option<NearOrigin> {
    let (one, other) = (one.as_str(), other.as_str());
    let (scheme, first) = one.split_once("://")?;
    let (_, second) = other.split_once("://")?;
    let label = first.trim_start_matches("*.").split('.').next()?;
    Some(near("splice of two origins", format!("{scheme}://{label}{}", second.trim_start_matches("*."))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str) -> Vec<NearOrigin> {
        near_origins(&pattern.parse().unwrap())
    }

    #[test]
    fn a_near_origin_differs_from_the_allowed_one() {
        for pattern in ["https://app.example.com", "http://a.example:8080", "null", "https://[::1]:3000"] {
            assert!(of(pattern).iter().all(|near| near.origin != pattern || near.origin == "null"), "{pattern}");
        }
    }

    #[test]
    fn the_reach_names_the_clients_that_can_send_an_origin() {
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
