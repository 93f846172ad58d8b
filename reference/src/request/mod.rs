//! [Requests](https://fetch.spec.whatwg.org/#concept-request): what a page's script passes to `fetch()`, the request
//! that the browser makes of it, and the message that goes out on the wire.

mod init;
mod modes;
mod state;
mod wire;

pub use self::{
    init::{RequestInit, TypeError},
    modes::{CredentialsMode, Mode, RedirectMode, Tainting},
    state::Request,
    wire::WireRequest,
};
pub(crate) use state::{has_http_scheme, includes_credentials};
