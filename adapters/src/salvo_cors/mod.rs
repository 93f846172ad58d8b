//! [`salvo_cors::Cors`](https://docs.rs/salvo-cors/1.1.0/salvo_cors/struct.Cors.html), in each line that is still in use,
//! on a service of salvo.

use cors_policy::{
    Policy,
    capability::{Capability, Support},
};
use cors_reference::{request::WireRequest, response::Response};
use futures_executor::block_on;

#[cfg(feature = "socket")]
use crate::socket::Listening;

use crate::{
    Description, Failure, Middleware, NoServer, NotRepresentable, Server,
    convert::{from_http_response, to_http_request},
    handler::Handler,
    http_handler::HttpHandler,
};

mod line;

/// How it is configured.
#[allow(dead_code, reason = "the older line has one way alone")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    List,
    Dynamic,
    Judge,
    Default,
    Permissive,
    VeryPermissive,
}

/// A service of one line or the other.
#[derive(Clone)]
enum Salvo {
    #[cfg(feature = "salvo-cors")]
    V1(line::v1::Salvo),
    #[cfg(feature = "salvo-cors-0-8")]
    V0_8(line::v0_8::Salvo),
}

impl Salvo {
    async fn ask(
        &self,
        request: http::Request<http_body_util::Full<bytes::Bytes>>,
    ) -> Result<http::Response<bytes::Bytes>, NotRepresentable> {
        match self {
            #[cfg(feature = "salvo-cors")]
            Self::V1(salvo) => salvo.ask(request).await,
            #[cfg(feature = "salvo-cors-0-8")]
            Self::V0_8(salvo) => salvo.ask(request).await,
        }
    }
}

/// A row: a line of salvo-cors, configured in one way.
struct SalvoCors {
    name: &'static str,
    version: &'static str,
    configured: &'static str,
    way: Way,
    /// For a preset: the policy that its documentation tells, as JSON.
    fixed: Option<&'static str>,
    service: fn(Way, Option<&Policy>, &HttpHandler) -> Result<Salvo, String>,
}

#[cfg(feature = "salvo-cors")]
const LINE_1: SalvoCors = SalvoCors {
    name: "salvo-cors",
    version: "1.1.0",
    configured: "AllowOrigin::list",
    way: Way::List,
    fixed: None,
    service: |way, policy, handler| line::v1::Salvo::new(way, policy, handler).map(Salvo::V1),
};

/// Every row.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    #[cfg(feature = "salvo-cors")]
    &LINE_1,
    #[cfg(feature = "salvo-cors")]
    &SalvoCors {
        name: "salvo-cors:dynamic",
        configured: "AllowOrigin::dynamic for every list of origins",
        way: Way::Dynamic,
        ..LINE_1
    },
    #[cfg(feature = "salvo-cors")]
    &SalvoCors { name: "salvo-cors:default", configured: "Cors::new", way: Way::Default, fixed: Some("{}"), ..LINE_1 },
    // "A permissive configuration: All request headers allowed. All methods allowed. All origins allowed. All headers
    // exposed."
    #[cfg(feature = "salvo-cors")]
    &SalvoCors {
        name: "salvo-cors:permissive",
        configured: "Cors::permissive",
        way: Way::Permissive,
        fixed: Some(r#"{"origins": "any", "methods": "any", "request_headers": "any", "exposed_headers": "any"}"#),
        ..LINE_1
    },
    // "A very permissive configuration: Credentials allowed", and what was asked for "is sent back".
    #[cfg(feature = "salvo-cors")]
    &SalvoCors {
        name: "salvo-cors:very-permissive",
        configured: "Cors::very_permissive",
        way: Way::VeryPermissive,
        fixed: Some(r#"{"origins": "mirror", "credentials": true, "methods": "mirror", "request_headers": "mirror"}"#),
        ..LINE_1
    },
    #[cfg(feature = "salvo-cors-0-8")]
    &SalvoCors {
        name: "salvo-cors-0-8",
        version: "0.81.0",
        configured: "AllowOrigin::list",
        way: Way::List,
        fixed: None,
        service: |way, policy, handler| line::v0_8::Salvo::new(way, policy, handler).map(Salvo::V0_8),
    },
    #[cfg(feature = "salvo-cors-0-8")]
    &SalvoCors {
        name: "salvo-cors-0-8:judge",
        version: "0.81.0",
        configured: "AllowOrigin::judge for every list of origins",
        way: Way::Judge,
        fixed: None,
        service: |way, policy, handler| line::v0_8::Salvo::new(way, policy, handler).map(Salvo::V0_8),
    },
];

/// Each item in the middleware's own type.
fn each<T, U, E: ToString>(items: &[T], into: impl Fn(&T) -> Result<U, E>) -> Result<Vec<U>, String> {
    items.iter().map(into).collect::<Result<_, E>>().map_err(|error| error.to_string())
}

impl Middleware for SalvoCors {
    fn describe(&self) -> Description<'_> {
        Description {
            name: self.name,
            package: "salvo-cors",
            version: self.version,
            configured: self.configured,
            repository: "https://github.com/salvo-rs/salvo",
            issues: "https://github.com/salvo-rs/salvo/issues",
        }
    }

    fn support(&self, capability: Capability) -> Support {
        let by_function = matches!(self.way, Way::Dynamic | Way::Judge);
        let list = match self.way {
            Way::Dynamic => "AllowOrigin::dynamic",
            Way::Judge => "AllowOrigin::judge",
            _ => "AllowOrigin::list",
        };
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin if by_function => Support::No("this row is for lists"),
            Capability::AnyOrigin => Support::Yes("AllowOrigin::any"),
            Capability::MirrorOrigin => Support::Yes("AllowOrigin::mirror_request"),
            Capability::NoOrigin | Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => {
                Support::Yes(list)
            }
            Capability::SubdomainPattern | Capability::PortPattern if by_function => Support::Yes(list),
            Capability::SubdomainPattern | Capability::PortPattern => Support::No("a list compares whole origins"),
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
            Capability::PrivateNetwork if self.version.starts_with("0.") => Support::No("there is no such option"),
            Capability::PrivateNetwork => Support::Yes("Cors::allow_private_network"),
        }
    }

    fn fixed(&self) -> Option<Policy> {
        self.fixed.and_then(|policy| serde_json::from_str(policy).ok())
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let service = (self.service)(self.way, policy, &handler).map_err(NoServer::Unsupported)?;
        Ok(Box::new(SalvoServer { service, handler }))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        let handler = HttpHandler::new(handler)?;
        let service = (self.service)(self.way, policy, &handler).map_err(NoServer::Unsupported)?;
        // hyper, as salvo's server does.
        Ok(crate::http_server::serve(handler.counter(), move |request| {
            let service = service.clone();
            async move { service.ask(request).await }
        })?)
    }
}

struct SalvoServer {
    service: Salvo,
    handler: HttpHandler,
}

impl Server for SalvoServer {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        Ok(from_http_response(block_on(self.service.ask(to_http_request(request)?))?)?)
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.handler.take_calls()
    }
}
