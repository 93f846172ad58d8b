//! The origins of generated visits.

use arbitrary::{Result, Unstructured};
use cors_policy::{AllowList, Policy};
use cors_reference::origin::Origin;

use super::{
    draw::one,
    near_origins::{NearOrigin, near_origin, splices},
};
use crate::{case::reach::Reach, drive::permitted_origins};

/// Chooses the origin of a page. Half of the origins are permitted, and most of the others are near a permitted one.
pub(super) fn page_origin(bytes: &mut Unstructured<'_>, policy: &Policy) -> Result<Origin> {
    let origin = match bytes.int_in_range(0..=9)? {
        0..=4 => one(bytes, &permitted_origins(policy))?.cloned(),
        5..=7 => near(bytes, policy, |near| near.reach != Reach::RawClient)?,
        8 => Some("https://api.example".to_owned()),
        _ => Some("null".to_owned()),
    };
    let origin = origin.and_then(|origin| origin.parse().ok());
    Ok(origin.unwrap_or(Origin::OPAQUE))
}

/// Chooses an origin near one that the policy lists, among those that `is_wanted` accepts.
///
/// Returns an unrelated origin if none is accepted, and `None` if the policy lists no origins.
pub(super) fn near(
    bytes: &mut Unstructured<'_>,
    policy: &Policy,
    is_wanted: impl Fn(&NearOrigin) -> bool,
) -> Result<Option<String>> {
    let unrelated = "https://evil.example".to_owned();
    let AllowList::List(patterns) = &policy.origins else { return Ok(Some(unrelated)) };
    let (Some(pattern), Some(other)) = (one(bytes, patterns)?, one(bytes, patterns)?) else { return Ok(None) };
    if pattern != other
        && bytes.ratio(1_u8, 4_u8)?
        && let Some(near) = splices(pattern, other).filter(|near| near.reach == Reach::Browser)
    {
        return Ok(Some(near.origin));
    }
    for _ in 0..4 {
        let near = near_origin(pattern, |count| bytes.choose_index(count))?;
        if is_wanted(&near) {
            return Ok(Some(near.origin));
        }
    }
    Ok(Some(unrelated))
}
