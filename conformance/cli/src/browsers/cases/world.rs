//! The addresses of the servers that the cases use.

/// The ports of the servers on loopback.
#[derive(Debug, Clone, Copy)]
pub(crate) struct World {
    /// The server of the page.
    pub(crate) page: u16,
    /// The server that most fetches go to.
    pub(crate) target: u16,
    /// A third server, for redirects and for other sites.
    pub(crate) third: u16,
}

impl World {
    /// Returns the origin of the usual page.
    pub(super) fn page_origin(self) -> String {
        format!("http://localhost:{}", self.page)
    }
}
