/// How the middleware is configured.
#[allow(dead_code, reason = "no release line has all of them")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// `AllowOrigin::list` for lists of origins.
    List,
    /// `AllowOrigin::dynamic` for lists of origins.
    Dynamic,
    /// `AllowOrigin::judge` for lists of origins.
    Judge,
    Default,
    Permissive,
    VeryPermissive,
}
