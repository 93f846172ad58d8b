//! [`actix_cors::Cors`](https://docs.rs/actix-cors/0.7.2/actix_cors/struct.Cors.html), in each line that is still in
//! use, around an application of actix-web.

use cors_policy::{
    Policy,
    capability::{Capability, Support},
};
use cors_reference::{request::WireRequest, response::Response};

#[cfg(feature = "socket")]
use crate::socket::Listening;
use crate::{
    Description, Failure, Middleware, NoServer, NotRepresentable, Server,
    handler::{Handler, ScriptedHandler},
};
use message::{Call, carries, to_request};

mod line;
mod message;

/// How it is configured.
#[allow(dead_code, reason = "the older line has one way alone")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    List,
    Predicate,
    Blocking,
    Default,
    Permissive,
}

/// A row: a line of actix-cors, configured in one way.
struct ActixCors {
    name: &'static str,
    version: &'static str,
    configured: &'static str,
    way: Way,
    /// For a preset: the policy that its documentation tells, as JSON.
    fixed: Option<&'static str>,
    start: fn(Way, Option<&Policy>, ScriptedHandler) -> Result<Call, NotRepresentable>,
    #[cfg(feature = "socket")]
    serve: fn(Way, Option<Policy>, ScriptedHandler) -> std::io::Result<Listening>,
}

#[cfg(feature = "actix-cors")]
const LINE_0_7: ActixCors = ActixCors {
    name: "actix-cors",
    version: "0.7.2",
    configured: "Cors::allowed_origin, and Cors::allowed_origin_fn where an entry is a pattern",
    way: Way::List,
    fixed: None,
    start: line::v0_7::start,
    #[cfg(feature = "socket")]
    serve: line::v0_7::serve,
};

/// Every row.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    #[cfg(feature = "actix-cors")]
    &LINE_0_7,
    #[cfg(feature = "actix-cors")]
    &ActixCors {
        name: "actix-cors:fn",
        configured: "Cors::allowed_origin_fn for every list of origins",
        way: Way::Predicate,
        ..LINE_0_7
    },
    #[cfg(feature = "actix-cors")]
    &ActixCors {
        name: "actix-cors:blocking",
        configured: "Cors::block_on_origin_mismatch(true)",
        way: Way::Blocking,
        ..LINE_0_7
    },
    // "A restrictive (security paranoid) set of defaults. No allowed origins, methods, request headers or exposed
    // headers. Credentials not supported. No max age sent (will use browser's default)."
    #[cfg(feature = "actix-cors")]
    &ActixCors {
        name: "actix-cors:default",
        configured: "Cors::default",
        way: Way::Default,
        fixed: Some("{}"),
        ..LINE_0_7
    },
    // "A very permissive set of default for quick development. Not recommended for production use. All origins, methods,
    // request headers and exposed headers allowed. Credentials supported. Max age 1 hour. Does not send wildcard."
    #[cfg(feature = "actix-cors")]
    &ActixCors {
        name: "actix-cors:permissive",
        configured: "Cors::permissive",
        way: Way::Permissive,
        fixed: Some(
            r#"{"origins": "mirror", "credentials": true, "methods": "mirror", "request_headers": "mirror",
                "exposed_headers": "any", "max_age": 3600}"#,
        ),
        ..LINE_0_7
    },
    #[cfg(feature = "actix-cors-0-6")]
    &ActixCors {
        name: "actix-cors-0-6",
        version: "0.6.5",
        configured: "Cors::allowed_origin, and Cors::allowed_origin_fn where an entry is a pattern",
        way: Way::List,
        fixed: None,
        start: line::v0_6::start,
        #[cfg(feature = "socket")]
        serve: line::v0_6::serve,
    },
];

impl Middleware for ActixCors {
    fn describe(&self) -> Description<'_> {
        Description {
            name: self.name,
            package: "actix-cors",
            version: self.version,
            configured: self.configured,
            repository: "https://github.com/actix/actix-extras",
            issues: "https://github.com/actix/actix-extras/issues",
        }
    }

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin if self.way == Way::Predicate => {
                Support::No("this row is for lists")
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
            Capability::AnyMethod => {
                Support::No("allow_any_method lists nine standard methods, which is less than `*`")
            }
            Capability::MirrorMethod => Support::No("no option answers with the method that was asked for"),
            Capability::ListedMethod => Support::Yes("Cors::allowed_methods"),
            Capability::AnyRequestHeader => {
                Support::No("allow_any_header answers with the names asked for, which is more than `*`")
            }
            Capability::MirrorRequestHeader => Support::Yes("Cors::allow_any_header"),
            Capability::ListedRequestHeader => Support::Yes("Cors::allowed_headers"),
            Capability::AnyExposedHeader => Support::Yes("Cors::expose_any_header"),
            Capability::ListedExposedHeader => Support::Yes("Cors::expose_headers"),
            Capability::MaxAge => Support::Yes("Cors::max_age"),
            Capability::PrivateNetwork => Support::Yes("Cors::allow_private_network_access"),
        }
    }

    fn fixed(&self) -> Option<Policy> {
        self.fixed.and_then(|policy| serde_json::from_str(policy).ok())
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        carries(handler)?;
        let handler = ScriptedHandler::new(handler);
        let call = (self.start)(self.way, policy, handler.clone())?;
        Ok(Box::new(ActixServer { call, handler }))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        // What is refused shows here; a server would end its worker for it, and tell nobody.
        self.build(policy, handler)?;
        Ok((self.serve)(self.way, policy.cloned(), ScriptedHandler::new(handler))?)
    }
}

struct ActixServer {
    call: Call,
    handler: ScriptedHandler,
}

impl Server for ActixServer {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        Ok((self.call)(to_request(request)?)?)
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.handler.take_calls()
    }
}
