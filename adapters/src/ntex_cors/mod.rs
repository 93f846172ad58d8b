//! [`ntex_cors::Cors`](https://docs.rs/ntex-cors/3.2.1/ntex_cors/struct.Cors.html) around an application of ntex.

use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
};
use ntex::web::DefaultError;
use ntex_cors::{Cors, CorsFactory};

#[cfg(feature = "socket")]
use crate::socket::Listening;
use crate::{
    fixed_policy::fixed_policies,
    handler::Handler,
    in_process::in_process,
    middleware::{Description, Middleware, NoServer},
    row::{Configuration, Row},
    server::{NotRepresentable, Server, not_representable},
};
use message::NtexHandler;

mod application;
mod layers;
mod message;

/// A way to configure ntex-cors.
struct NtexCors {
    cors: fn(&Policy) -> Result<CorsFactory<DefaultError>, NotRepresentable>,
}

const MAIN: Description<'static> = Description {
    name: "ntex-cors",
    package: "ntex-cors",
    version: "3.2.1",
    configured: "Cors::allowed_origin",
    repository: "https://github.com/ntex-rs/ntex-extras",
    issues: "https://github.com/ntex-rs/ntex-extras/issues",
};

fixed_policies! {
    /// "Build a new CORS default middleware": every origin and header echoed, seven methods.
    DEFAULT = r#"{"origins": "mirror", "methods": ["OPTIONS", "PUT", "PATCH", "DELETE"], "request_headers": "mirror"}"#;
}

/// All rows of the middleware.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &Row { description: MAIN, fixed: None, configuration: NtexCors { cors } },
    &Row {
        description: MAIN.variant("ntex-cors:default", "Cors::default"),
        fixed: Some(DEFAULT),
        configuration: NtexCors { cors: |_| Ok(Cors::default()) },
    },
];

impl Configuration for NtexCors {
    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin => Support::Yes("Cors::allowed_origin with `*`, and Cors::send_wildcard"),
            Capability::MirrorOrigin => Support::Yes("Cors::allowed_origin with `*`"),
            Capability::NoOrigin => Support::No("an empty list of origins allows every origin"),
            Capability::ListedOrigin | Capability::SeveralOrigins | Capability::NullOrigin => {
                Support::Yes("Cors::allowed_origin")
            }
            Capability::SubdomainPattern | Capability::PortPattern => {
                Support::No("the middleware compares whole origins")
            }
            Capability::Credentials => Support::Yes("Cors::supports_credentials"),
            Capability::AnyMethod | Capability::MirrorMethod => Support::No("Cors::allowed_methods takes only a list"),
            Capability::ListedMethod => Support::Yes("Cors::allowed_methods"),
            Capability::AnyRequestHeader => Support::No("without a list the middleware echoes the requested names"),
            Capability::MirrorRequestHeader => Support::Yes("Cors without allowed_headers"),
            Capability::ListedRequestHeader => Support::Yes("Cors::allowed_headers"),
            Capability::AnyExposedHeader => Support::No("Cors::expose_headers takes only a list"),
            Capability::ListedExposedHeader => Support::Yes("Cors::expose_headers"),
            Capability::MaxAge => Support::Yes("Cors::max_age"),
            Capability::PrivateNetwork => Support::No("there is no option for private networks"),
        }
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = NtexHandler::new(handler)?;
        let counter = handler.counter.clone();
        let call = application::start(policy.map(self.cors).transpose()?, handler);
        Ok(in_process(counter, move |request| Ok(call(message::to_request(request)?))))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        // A refusal shows here. In a server it would end the worker without a report.
        self.build(policy, handler)?;
        let (cors, policy) = (self.cors, policy.cloned());
        let configure = move || policy.as_ref().and_then(|policy| cors(policy).ok());
        Ok(application::serve(configure, NtexHandler::new(handler)?)?)
    }
}

/// Returns the configuration for a policy.
fn cors(policy: &Policy) -> Result<CorsFactory<DefaultError>, NotRepresentable> {
    let mut cors = Cors::new();
    match &policy.origins {
        // "send_wildcard: Set a wildcard origins"; without it the middleware echoes every origin.
        AllowList::Any => cors = cors.allowed_origin("*").send_wildcard(),
        AllowList::Mirror => cors = cors.allowed_origin("*"),
        AllowList::List(origins) => {
            for origin in origins {
                cors = cors.allowed_origin(origin.as_str());
            }
        }
    }
    // The middleware compares every method with the list, so that GET, HEAD and POST are listed, as in the crate's own
    // example.
    let methods = ["GET", "HEAD", "POST"].into_iter().chain(policy.methods.list().iter().map(|method| method.as_str()));
    cors = cors.allowed_methods(methods);
    if let AllowList::List(names) = &policy.request_headers {
        // An empty list counts as none, and echoes every name. A name that no page can set makes it a list.
        let names = names.iter().map(|name| name.as_str()).chain(names.is_empty().then_some("host"));
        cors = cors.allowed_headers(names);
    }
    cors = cors.expose_headers(policy.exposed_headers.list().iter().map(|name| name.as_str()));
    if policy.credentials {
        cors = cors.supports_credentials();
    }
    if let Some(seconds) = policy.max_age {
        cors = cors.max_age(usize::try_from(seconds).map_err(not_representable)?);
    }
    Ok(cors.finish())
}
