//! The configuration for a policy.

use std::collections::HashSet;

use cors_policy::{AllowList, Policy, origin_set::OriginPattern};
use rocket_cors::{AllowedHeaders, AllowedOrigins, CorsOptions, Origins};

use super::method::{method, unknown};
use crate::{middleware::NoServer, server::not_representable};

/// Returns the configuration for a policy, with a regex for every listed origin if `by_regex` is true.
pub(super) fn options(policy: &Policy, by_regex: bool) -> Result<CorsOptions, NoServer> {
    let allowed_origins = match &policy.origins {
        AllowList::Any | AllowList::Mirror => AllowedOrigins::All,
        AllowList::List(origins) => {
            let named = || origins.iter().filter(|origin| origin.as_str() != "null");
            let exact = named().map(|origin| origin.as_str().to_owned()).collect::<HashSet<_>>();
            let regex = named().map(regex).collect::<HashSet<_>>();
            AllowedOrigins::Some(Origins {
                allow_null: origins.iter().any(|origin| origin.as_str() == "null"),
                exact: (!by_regex).then_some(exact),
                regex: by_regex.then_some(regex),
            })
        }
    };
    // The middleware looks for every method in the set, safelisted ones included.
    let methods = ["GET", "HEAD", "POST"].into_iter().chain(policy.methods.list().iter().map(|method| method.as_str()));
    let methods = methods.map(|name| match method(name) {
        Some(_) => name.parse().map_err(|_| NoServer::Unsupported(unknown(name))),
        None => Err(NoServer::Unsupported(unknown(name))),
    });
    let allowed_headers = match &policy.request_headers {
        AllowList::Any | AllowList::Mirror => AllowedHeaders::All,
        AllowList::List(names) => AllowedHeaders::some(&names.iter().map(|name| name.as_str()).collect::<Vec<_>>()),
    };
    Ok(CorsOptions {
        allowed_origins,
        allowed_methods: methods.collect::<Result<_, _>>()?,
        allowed_headers,
        allow_credentials: policy.credentials,
        expose_headers: policy.exposed_headers.list().iter().map(|name| name.as_str().to_owned()).collect(),
        max_age: policy.max_age.map(usize::try_from).transpose().map_err(not_representable)?,
        send_wildcard: policy.origins == AllowList::Any,
        ..CorsOptions::default()
    })
}

/// Returns the regex that a careful user writes: anchored at both ends, with escaped dots, and with one or more labels
/// for `*.`.
fn regex(origin: &OriginPattern) -> String {
    let (rest, port) = match origin.as_str().strip_suffix(":*") {
        Some(rest) => (rest, "(:[0-9]+)?"),
        None => (origin.as_str(), ""),
    };
    let escaped = |text: &str| {
        text.chars().fold(String::new(), |mut escaped, letter| {
            if ".+*?()|[]{}^$\\".contains(letter) {
                escaped.push('\\');
            }
            escaped.push(letter);
            escaped
        })
    };
    match rest.split_once("://*.") {
        Some((scheme, host)) => format!("^{scheme}://([a-z0-9_-]+\\.)+{}{port}$", escaped(host)),
        None => format!("^{}{port}$", escaped(rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regex_is_anchored_and_escapes_dots() {
        for (pattern, expected) in [
            ("https://a.example", r"^https://a\.example$"),
            ("https://*.a.example", r"^https://([a-z0-9_-]+\.)+a\.example$"),
            ("https://a.example:*", r"^https://a\.example(:[0-9]+)?$"),
        ] {
            assert_eq!(regex(&pattern.parse().unwrap()), expected);
        }
    }
}
