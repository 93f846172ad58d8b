//! [`salvo_cors::Cors`](https://docs.rs/salvo-cors/1.1.0/salvo_cors/struct.Cors.html) on a service of salvo, in each
//! release line that is still in use.

use cors_policy::{
    Policy,
    capability::{Capability, Support},
};

#[cfg(feature = "socket")]
use crate::socket::Listening;
use crate::{
    fixed_policy::fixed_policies,
    handler::Handler,
    http_handler::HttpHandler,
    middleware::{Description, Middleware, NoServer},
    row::{Configuration, Row},
    server::Server,
};
use way::Way;

mod line;
mod way;

/// Starts a server of one release line.
type Start<S> = fn(Way, Option<&Policy>, &HttpHandler) -> Result<S, NoServer>;

/// A way to configure the middleware of one release line.
struct SalvoCors {
    /// True if the release line has an option for private networks.
    has_private_network: bool,
    way: Way,
    build: Start<Box<dyn Server>>,
    #[cfg(feature = "socket")]
    listen: Start<Listening>,
}

const MAIN: Description<'static> = Description {
    name: "salvo-cors",
    package: "salvo-cors",
    version: "1.1.0",
    configured: "AllowOrigin::list",
    repository: "https://github.com/salvo-rs/salvo",
    issues: "https://github.com/salvo-rs/salvo/issues",
};

#[cfg(feature = "salvo-cors-0-8")]
const MAIN_0_8: Description<'static> =
    Description { version: "0.81.0", ..MAIN.variant("salvo-cors-0-8", "AllowOrigin::list") };

#[cfg(feature = "salvo-cors")]
const LINE_1: SalvoCors = SalvoCors {
    has_private_network: true,
    way: Way::List,
    build: line::v1::build,
    #[cfg(feature = "socket")]
    listen: line::v1::listen,
};

#[cfg(feature = "salvo-cors-0-8")]
const LINE_0_8: SalvoCors = SalvoCors {
    has_private_network: false,
    way: Way::List,
    build: line::v0_8::build,
    #[cfg(feature = "socket")]
    listen: line::v0_8::listen,
};

fixed_policies! {
    DEFAULT = "{}";
    /// "A permissive configuration: All request headers allowed. All methods allowed. All origins allowed. All headers
    /// exposed."
    PERMISSIVE = r#"{"origins": "any", "methods": "any", "request_headers": "any", "exposed_headers": "any"}"#;
    /// "A very permissive configuration: Credentials allowed", and what was asked for "is sent back".
    VERY_PERMISSIVE =
        r#"{"origins": "mirror", "credentials": true, "methods": "mirror", "request_headers": "mirror"}"#;
}

/// All rows of the middleware.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    #[cfg(feature = "salvo-cors")]
    &Row { description: MAIN, fixed: None, configuration: LINE_1 },
    #[cfg(feature = "salvo-cors")]
    &Row {
        description: MAIN.variant("salvo-cors:dynamic", "AllowOrigin::dynamic for every list of origins"),
        fixed: None,
        configuration: SalvoCors { way: Way::Dynamic, ..LINE_1 },
    },
    #[cfg(feature = "salvo-cors")]
    &Row {
        description: MAIN.variant("salvo-cors:default", "Cors::new"),
        fixed: Some(DEFAULT),
        configuration: SalvoCors { way: Way::Default, ..LINE_1 },
    },
    #[cfg(feature = "salvo-cors")]
    &Row {
        description: MAIN.variant("salvo-cors:permissive", "Cors::permissive"),
        fixed: Some(PERMISSIVE),
        configuration: SalvoCors { way: Way::Permissive, ..LINE_1 },
    },
    #[cfg(feature = "salvo-cors")]
    &Row {
        description: MAIN.variant("salvo-cors:very-permissive", "Cors::very_permissive"),
        fixed: Some(VERY_PERMISSIVE),
        configuration: SalvoCors { way: Way::VeryPermissive, ..LINE_1 },
    },
    #[cfg(feature = "salvo-cors-0-8")]
    &Row { description: MAIN_0_8, fixed: None, configuration: LINE_0_8 },
    #[cfg(feature = "salvo-cors-0-8")]
    &Row {
        description: MAIN_0_8.variant("salvo-cors-0-8:judge", "AllowOrigin::judge for every list of origins"),
        fixed: None,
        configuration: SalvoCors { way: Way::Judge, ..LINE_0_8 },
    },
];

impl Configuration for SalvoCors {
    fn support(&self, capability: Capability) -> Support {
        let by_function = matches!(self.way, Way::Dynamic | Way::Judge);
        let list = match self.way {
            Way::Dynamic => "AllowOrigin::dynamic",
            Way::Judge => "AllowOrigin::judge",
            _ => "AllowOrigin::list",
        };
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin if by_function => {
                Support::No("this configuration takes only lists of origins")
            }
            Capability::AnyOrigin => Support::Yes("AllowOrigin::any"),
            Capability::MirrorOrigin => Support::Yes("AllowOrigin::mirror_request"),
            Capability::NoOrigin | Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => {
                Support::Yes(list)
            }
            Capability::SubdomainPattern | Capability::PortPattern if by_function => Support::Yes(list),
            Capability::SubdomainPattern | Capability::PortPattern => {
                Support::No("AllowOrigin::list takes only whole origins")
            }
            Capability::Credentials => Support::Yes("Cors::allow_credentials"),
            Capability::AnyMethod => Support::Yes("AllowMethods::any"),
            Capability::MirrorMethod => Support::Yes("AllowMethods::mirror_request"),
            Capability::ListedMethod => Support::Yes("AllowMethods::list"),
            Capability::AnyRequestHeader => Support::Yes("AllowHeaders::any"),
            Capability::MirrorRequestHeader => Support::Yes("AllowHeaders::mirror_request"),
            Capability::ListedRequestHeader => Support::Yes("AllowHeaders::list"),
            Capability::AnyExposedHeader => Support::Yes("ExposeHeaders::any"),
            Capability::ListedExposedHeader => Support::Yes("ExposeHeaders::list"),
            Capability::MaxAge => Support::Yes("Cors::max_age"),
            Capability::PrivateNetwork if !self.has_private_network => {
                Support::No("there is no option for private networks")
            }
            Capability::PrivateNetwork => Support::Yes("Cors::allow_private_network"),
        }
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        (self.build)(self.way, policy, &HttpHandler::new(handler)?)
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        (self.listen)(self.way, policy, &HttpHandler::new(handler)?)
    }
}
