/// How the middleware is configured.
#[allow(dead_code, reason = "the older release line has only one way")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// `Cors::allowed_origin`, and `Cors::allowed_origin_fn` for patterns.
    List,
    /// `Cors::allowed_origin_fn` for every list of origins.
    Predicate,
    /// As `List`, with `Cors::block_on_origin_mismatch(true)`.
    Blocking,
    Default,
    Permissive,
}
