//! The [`Cross-Origin-Resource-Policy` header](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header),
//! which decides whether a no-cors fetch may embed a response.

use crate::{
    origin::Origin,
    request::Request,
    response::Response,
    spec::{self, Step},
};

/// The [embedder policy value](https://html.spec.whatwg.org/#embedder-policy-value) of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EmbedderPolicy {
    /// A response without the header may be embedded.
    #[default]
    UnsafeNone,
    /// A response of another origin may be embedded only if its header permits that.
    RequireCorp,
    /// A response without the header may be embedded if it was fetched without credentials.
    Credentialless,
}

/// Runs the
/// [cross-origin resource policy check](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check) for a response
/// to a request of a page with this embedder policy.
///
/// # Errors
///
/// Returns the step that returned blocked.
pub fn cross_origin_resource_policy_check(
    request: &Request,
    response: &Response,
    embedder_policy: EmbedderPolicy,
) -> Result<(), &'static Step> {
    // 1. A script's fetch is not a navigation.
    // 2. Let embedderPolicy be the page's embedder policy.
    // 3. If the internal check with "unsafe-none" returns blocked, then return blocked.
    internal_check(request, response, EmbedderPolicy::UnsafeNone)?;
    // 4. Not modelled: violation reports.
    // 5. If the internal check with embedderPolicy's value returns allowed, then return allowed.
    // 6. Not modelled: violation reports.
    // 7. Return blocked.
    internal_check(request, response, embedder_policy)
}

/// The value of the header.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Policy {
    SameOrigin,
    SameSite,
    CrossOrigin,
}

/// Runs the [cross-origin resource policy internal
/// check](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check).
fn internal_check(
    request: &Request,
    response: &Response,
    embedder_policy: EmbedderPolicy,
) -> Result<(), &'static Step> {
    // 1. A script's fetch is not a navigation.
    // 2. Let policy be the result of getting `Cross-Origin-Resource-Policy`.
    let header = response.headers.get("Cross-Origin-Resource-Policy");
    let is = |value: &str| header.is_some_and(|header| header == *value);
    // 3. If policy is neither `same-origin`, `same-site` nor `cross-origin`, then set policy to null.
    let policy = match () {
        () if is("same-origin") => Some(Policy::SameOrigin),
        () if is("same-site") => Some(Policy::SameSite),
        () if is("cross-origin") => Some(Policy::CrossOrigin),
        () => None,
    };
    // 4. If policy is null, then switch on the embedder policy value.
    let policy = match (policy, embedder_policy) {
        (None, EmbedderPolicy::RequireCorp) => Some(Policy::SameOrigin),
        // A page with "credentialless" sends a no-cors request without credentials: HTTP-network-or-cache fetch, 8.4.
        (policy, _) => policy,
    };
    // 5. Switch on policy:
    let url = request.current_url();
    let is_allowed = match policy {
        None | Some(Policy::CrossOrigin) => true,
        Some(Policy::SameOrigin) => request.origin.is_of(url),
        Some(Policy::SameSite) => request.origin.is_schemelessly_same_site(&Origin::of(url)) && !is_downgrade(request),
    };
    if is_allowed { Ok(()) } else { Err(&spec::CORP_5) }
}

/// Returns true if a page that is not https embeds an https response.
pub(crate) fn is_downgrade(request: &Request) -> bool {
    let is_https = request.origin.parts().is_some_and(|(scheme, _)| scheme == "https");
    request.current_url().scheme() == "https" && !is_https
}
