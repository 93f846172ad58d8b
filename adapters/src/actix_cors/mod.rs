//! [`actix_cors::Cors`](https://docs.rs/actix-cors/0.7.2/actix_cors/struct.Cors.html) around an application of
//! actix-web, in each release line that is still in use.

use cors_policy::{
    Policy,
    capability::{Capability, Support},
};

#[cfg(feature = "socket")]
use crate::socket::Listening;
use crate::{
    fixed_policy::fixed_policies,
    handler::{Handler, ScriptedHandler},
    in_process::in_process,
    middleware::{Description, Middleware, NoServer},
    row::{Configuration, Row},
    server::{NotRepresentable, Server},
};
use message::{Call, check_representable, to_request};
use way::Way;

mod line;
mod message;
mod way;

/// A way to configure the middleware of one release line.
struct ActixCors {
    way: Way,
    start: fn(Way, Option<&Policy>, ScriptedHandler) -> Result<Call, NotRepresentable>,
    #[cfg(feature = "socket")]
    serve: fn(Way, Option<Policy>, ScriptedHandler) -> std::io::Result<Listening>,
}

const MAIN: Description<'static> = Description {
    name: "actix-cors",
    package: "actix-cors",
    version: "0.7.2",
    configured: "Cors::allowed_origin, and Cors::allowed_origin_fn if an entry is a pattern",
    repository: "https://github.com/actix/actix-extras",
    issues: "https://github.com/actix/actix-extras/issues",
};

#[cfg(feature = "actix-cors")]
const LINE_0_7: ActixCors = ActixCors {
    way: Way::List,
    start: line::v0_7::start,
    #[cfg(feature = "socket")]
    serve: line::v0_7::serve,
};

fixed_policies! {
    /// "A restrictive (security paranoid) set of defaults. No allowed origins, methods, request headers or exposed
    /// headers. Credentials not supported. No max age sent (will use browser's default)."
    DEFAULT = "{}";
    /// "A very permissive set of default for quick development. Not recommended for production use. All origins,
    /// methods, request headers and exposed headers allowed. Credentials supported. Max age 1 hour. Does not send
    /// wildcard."
    PERMISSIVE = r#"{"origins": "mirror", "credentials": true, "methods": "mirror", "request_headers": "mirror",
        "exposed_headers": "any", "max_age": 3600}"#;
}

/// All rows of the middleware.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    #[cfg(feature = "actix-cors")]
    &Row { description: MAIN, fixed: None, configuration: LINE_0_7 },
    #[cfg(feature = "actix-cors")]
    &Row {
        description: MAIN.variant("actix-cors:fn", "Cors::allowed_origin_fn for every list of origins"),
        fixed: None,
        configuration: ActixCors { way: Way::Predicate, ..LINE_0_7 },
    },
    #[cfg(feature = "actix-cors")]
    &Row {
        description: MAIN.variant("actix-cors:blocking", "Cors::block_on_origin_mismatch(true)"),
        fixed: None,
        configuration: ActixCors { way: Way::Blocking, ..LINE_0_7 },
    },
    #[cfg(feature = "actix-cors")]
    &Row {
        description: MAIN.variant("actix-cors:default", "Cors::default"),
        fixed: Some(DEFAULT),
        configuration: ActixCors { way: Way::Default, ..LINE_0_7 },
    },
    #[cfg(feature = "actix-cors")]
    &Row {
        description: MAIN.variant("actix-cors:permissive", "Cors::permissive"),
        fixed: Some(PERMISSIVE),
        configuration: ActixCors { way: Way::Permissive, ..LINE_0_7 },
    },
    #[cfg(feature = "actix-cors-0-6")]
    &Row {
        description: Description { name: "actix-cors-0-6", version: "0.6.5", ..MAIN },
        fixed: None,
        configuration: ActixCors {
            way: Way::List,
            start: line::v0_6::start,
            #[cfg(feature = "socket")]
            serve: line::v0_6::serve,
        },
    },
];

impl Configuration for ActixCors {
    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin if self.way == Way::Predicate => {
                Support::No("this configuration takes only lists of origins")
            }
            Capability::AnyOrigin => Support::Yes("Cors::allow_any_origin and Cors::send_wildcard"),
            Capability::MirrorOrigin => Support::Yes("Cors::allow_any_origin"),
            Capability::NoOrigin => Support::Yes("Cors::default"),
            Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => {
                Support::Yes(if self.way == Way::Predicate {
                    "Cors::allowed_origin_fn"
                } else {
                    "Cors::allowed_origin"
                })
            }
            Capability::SubdomainPattern | Capability::PortPattern => Support::Yes("Cors::allowed_origin_fn"),
            Capability::Credentials => Support::Yes("Cors::supports_credentials"),
            Capability::AnyMethod => Support::No("allow_any_method allows nine methods, fewer than `*`"),
            Capability::MirrorMethod => Support::No("no option answers with the requested method"),
            Capability::ListedMethod => Support::Yes("Cors::allowed_methods"),
            Capability::AnyRequestHeader => {
                Support::No("allow_any_header answers with the requested names, which allows more than `*`")
            }
            Capability::MirrorRequestHeader => Support::Yes("Cors::allow_any_header"),
            Capability::ListedRequestHeader => Support::Yes("Cors::allowed_headers"),
            Capability::AnyExposedHeader => Support::Yes("Cors::expose_any_header"),
            Capability::ListedExposedHeader => Support::Yes("Cors::expose_headers"),
            Capability::MaxAge => Support::Yes("Cors::max_age"),
            Capability::PrivateNetwork => Support::Yes("Cors::allow_private_network_access"),
        }
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        check_representable(handler)?;
        let handler = ScriptedHandler::new(handler);
        let call = (self.start)(self.way, policy, handler.clone())?;
        Ok(in_process(handler, move |request| Ok(call(to_request(request)?)?)))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        // A refusal shows here. In a server it would end the worker without a report.
        self.build(policy, handler)?;
        Ok((self.serve)(self.way, policy.cloned(), ScriptedHandler::new(handler))?)
    }
}
