//! Origins one mistake away from an allowed one, each with the mistake that lets it in, and who can send it.

use cors_policy::origin_set::OriginPattern;
use cors_reference::origin::Origin;

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

/// The parts of a listed origin, without wildcards.
struct Parts<'p> {
    listed: &'p str,
    scheme: &'p str,
    rest: &'p str,
    host: &'p str,
    /// With its colon, or empty.
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

/// A mistake of a matcher, and an origin that it lets in.
type Mistake = (&'static str, fn(&Parts<'_>) -> String);

const MISTAKES: &[Mistake] = &[
    ("scheme", |it| {
        let Parts { rest, .. } = it;
        let other_scheme = if it.scheme == "https" { "http" } else { "https" };
        format!("{other_scheme}://{rest}")
    }),
    ("scheme with a letter more", |it| {
        let Parts { scheme, rest, .. } = it;
        format!("{scheme}x://{rest}")
    }),
    ("port", |it| {
        let Parts { scheme, host, .. } = it;
        format!("{scheme}://{host}:8443")
    }),
    ("default port written", |it| {
        let Parts { scheme, host, .. } = it;
        format!("{scheme}://{host}:{}", if *scheme == "https" { 443 } else { 80 })
    }),
    ("port that begins alike", |it| {
        let Parts { scheme, host, port, .. } = it;
        format!("{scheme}://{host}{}0", if port.is_empty() { ":443" } else { &port })
    }),
    ("prefix", |it| {
        let Parts { scheme, host, port, .. } = it;
        format!("{scheme}://{host}.evil.example{port}")
    }),
    ("prefix without a dot", |it| {
        let Parts { scheme, host, port, .. } = it;
        format!("{scheme}://{host}munity{port}")
    }),
    ("suffix", |it| {
        let Parts { scheme, host, port, .. } = it;
        format!("{scheme}://evil{host}{port}")
    }),
    ("suffix behind a hyphen", |it| {
        let Parts { scheme, host, port, .. } = it;
        format!("{scheme}://evil-{host}{port}")
    }),
    ("subdomain", |it| {
        let Parts { scheme, host, port, .. } = it;
        format!("{scheme}://evil.{host}{port}")
    }),
    ("many labels", |it| {
        let Parts { scheme, host, port, .. } = it;
        let labels = "a.".repeat(60);
        format!("{scheme}://{labels}{host}{port}")
    }),
    ("long label", |it| {
        let Parts { scheme, host, port, .. } = it;
        let long = "a".repeat(63);
        format!("{scheme}://{long}{host}{port}")
    }),
    ("over-long", |it| {
        let Parts { scheme, port, .. } = it;
        let long = "a".repeat(63);
        format!("{scheme}://{}.evil.example{port}", [long.as_str(); 8].join("."))
    }),
    ("superdomain", |it| {
        let Parts { scheme, port, .. } = it;
        let parent = it.host.split_once('.').map_or(it.host, |(_, parent)| parent);
        format!("{scheme}://{parent}{port}")
    }),
    ("trailing dot", |it| {
        let Parts { scheme, host, port, .. } = it;
        format!("{scheme}://{host}.{port}")
    }),
    ("case", |it| {
        let Parts { listed, .. } = it;
        listed.to_ascii_uppercase()
    }),
    ("case of the scheme", |it| {
        let Parts { scheme, rest, .. } = it;
        format!("{}://{rest}", scheme.to_ascii_uppercase())
    }),
    ("user", |it| {
        let Parts { scheme, host, .. } = it;
        format!("{scheme}://{host}@evil.example")
    }),
    ("user of it", |it| {
        let Parts { scheme, rest, .. } = it;
        format!("{scheme}://evil.example@{rest}")
    }),
    ("path", |it| {
        let Parts { listed, .. } = it;
        format!("{listed}/")
    }),
    ("path of another", |it| {
        let Parts { scheme, rest, .. } = it;
        format!("{scheme}://evil.example/{rest}")
    }),
    ("query of another", |it| {
        let Parts { scheme, rest, .. } = it;
        format!("{scheme}://evil.example?{rest}")
    }),
    ("fragment of another", |it| {
        let Parts { scheme, rest, .. } = it;
        format!("{scheme}://evil.example#{rest}")
    }),
    ("two origins", |it| {
        let Parts { listed, .. } = it;
        format!("{listed} https://evil.example")
    }),
    ("list of origins", |it| {
        let Parts { listed, .. } = it;
        format!("https://evil.example, {listed}")
    }),
    ("white space", |it| {
        let Parts { listed, .. } = it;
        format!("{listed}\t")
    }),
    ("punycode", |it| {
        let Parts { scheme, host, port, .. } = it;
        format!("{scheme}://xn--{host}{port}")
    }),
    ("another script", |it| {
        let Parts { scheme, host, port, .. } = it;
        format!("{scheme}://{}{port}", host.replacen('a', "\u{430}", 1))
    }),
    ("address", |_| "https://127.0.0.1".to_owned()),
    ("address of six", |_| "https://[::1]".to_owned()),
    ("address as a number", |_| "https://2130706433".to_owned()),
    ("local host below another", |it| {
        let Parts { scheme, port, .. } = it;
        format!("{scheme}://localhost.evil.example{port}")
    }),
    ("bracket", |it| {
        let Parts { listed, .. } = it;
        format!("{listed}].evil.example")
    }),
    ("unrelated", |_| "https://evil.example".to_owned()),
    ("extension", |_| "chrome-extension://abcdefghijklmnop".to_owned()),
    ("scheme alone", |it| {
        let Parts { scheme, .. } = it;
        format!("{scheme}://")
    }),
    ("nothing", |_| String::new()),
    ("star", |_| "*".to_owned()),
];

/// A dot of the host as any character: one origin for each dot.
const DOT: &str = "dot";

/// Another character of a host where it ends: one origin for each character.
const CHARACTER: &str = "character of a host";

fn dots(parts: &Parts<'_>) -> impl Iterator<Item = String> {
    let Parts { scheme, host, port, .. } = parts;
    host.match_indices('.').map(move |(at, _)| format!("{scheme}://{}x{}{port}", &host[..at], &host[at + 1..]))
}

fn with_character(parts: &Parts<'_>, character: char) -> String {
    let Parts { scheme, host, port, .. } = parts;
    format!("{scheme}://{host}{character}.evil.example{port}")
}

/// The origins near each origin that a pattern covers. Some of them another pattern of the same policy may cover: what
/// is denied, the policy tells.
pub fn near_origins(pattern: &OriginPattern) -> Vec<NearOrigin> {
    let listed = without_wildcards(pattern);
    let Some(parts) = Parts::of(&listed) else { return of_null() };
    let mistakes = MISTAKES.iter().map(|(mistake, make)| (*mistake, make(&parts)));
    let dots = dots(&parts).map(|origin| (DOT, origin));
    let characters = IN_HOSTS.chars().map(|character| (CHARACTER, with_character(&parts, character)));
    // Not every mistake makes another origin of every host.
    let origins = mistakes.chain(dots).chain(characters).filter(|(_, origin)| *origin != listed);
    origins.map(|(mistake, origin)| near(mistake, origin)).chain(of_null()).collect()
}

/// One of the [origins near](near_origins) a pattern's: the same mistake in two is as likely as another that is made in
/// one way alone. `choose` gives a number below the one that it is given.
pub fn near_origin<E>(
    pattern: &OriginPattern,
    mut choose: impl FnMut(usize) -> Result<usize, E>,
) -> Result<NearOrigin, E> {
    let listed = without_wildcards(pattern);
    let null = || near("null", "null".to_owned());
    let Some(parts) = Parts::of(&listed) else { return Ok(null()) };
    // After the mistakes of one origin each come `null`, dots, and characters.
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
