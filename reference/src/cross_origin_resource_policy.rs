//! The [`Cross-Origin-Resource-Policy`
//! header](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header): what a no-cors fetch may embed.

use crate::{
    agent::Deviation,
    origin::Origin,
    request::Request,
    response::Response,
    spec::{self, Step},
};

/// An [embedder policy value](https://html.spec.whatwg.org/#embedder-policy-value) of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EmbedderPolicy {
    /// Whatever says nothing may be embedded.
    #[default]
    UnsafeNone,
    /// Nothing may be embedded that does not say so.
    RequireCorp,
    /// What is fetched without credentials may be embedded.
    Credentialless,
}

/// The [cross-origin resource policy check](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check) for a
/// response to a request, by a page of that embedder policy, not for a navigation.
///
/// # Errors
///
/// The step that returned blocked.
pub fn cross_origin_resource_policy_check(
    request: &Request,
    response: &Response,
    embedder_policy: EmbedderPolicy,
) -> Result<(), &'static Step> {
    // 3. If the internal check with `unsafe-none` returns blocked, then return blocked.
    internal_check(request, response, EmbedderPolicy::UnsafeNone)?;
    // 5. If the internal check with embedderPolicy's value returns allowed, then return allowed.
    // 7. Return blocked. (Reports, of steps 4 and 6, are nobody's here.)
    internal_check(request, response, embedder_policy)
}

/// The [cross-origin resource policy internal
/// check](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check).
fn internal_check(
    request: &Request,
    response: &Response,
    embedder_policy: EmbedderPolicy,
) -> Result<(), &'static Step> {
    // 2. Let policy be the result of getting `Cross-Origin-Resource-Policy`.
    let header = response.headers.get("Cross-Origin-Resource-Policy");
    let is = |value: &str| header.is_some_and(|header| header == *value);
    let url_origin = Origin::of(request.current_url());
    // 5. Switch on policy:
    let is_allowed = if is("cross-origin") {
        true
    } else if is("same-origin") {
        request.origin.is_same_origin(&url_origin)
    } else if is("same-site") {
        let is_downgrade = request.current_url().scheme() == "https"
            && request.origin.parts().is_none_or(|(scheme, _)| scheme != "https");
        let is_one_site = request.origin.is_schemelessly_same_site(&url_origin)
            || (request.agent.has(Deviation::LocalhostIsOneSite) && are_localhost(&request.origin, &url_origin));
        is_one_site && !is_downgrade
    } else {
        // 3. Anything else is null. 4. If policy is null, then switch on embedderPolicyValue:
        match embedder_policy {
            // A page without credentials for others has sent none: HTTP-network-or-cache fetch, step 8.4.
            EmbedderPolicy::UnsafeNone | EmbedderPolicy::Credentialless => true,
            EmbedderPolicy::RequireCorp => request.origin.is_same_origin(&url_origin),
        }
    };
    if is_allowed { Ok(()) } else { Err(&spec::CORP_5) }
}

fn are_localhost(one: &Origin, other: &Origin) -> bool {
    let is_localhost = |(_, host): (&str, &str)| host == "localhost" || host.ends_with(".localhost");
    one.parts().is_some_and(is_localhost) && other.parts().is_some_and(is_localhost)
}
