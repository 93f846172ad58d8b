//! [`rocket_cors::Cors`](https://docs.rs/rocket_cors/0.6.0/rocket_cors/struct.CorsOptions.html) as a fairing of Rocket.

use cors_policy::{
    Policy,
    capability::{Capability, Support},
};
use rocket::{Build, Rocket, figment::Figment};
use rocket_cors::CorsOptions;

#[cfg(feature = "socket")]
use crate::socket::Listening;
use crate::{
    fixed_policy::{FixedPolicy, fixed_policies},
    handler::Handler,
    in_process::in_process,
    middleware::{Description, Middleware, NoServer},
    server::Server,
};
use application::{Client, RocketHandler, config, rocket};

mod application;
mod method;
mod options;

/// A row: the fairing, configured in one way.
struct RocketCors {
    description: Description<'static>,
    /// True if every origin of a list is configured by a regex.
    by_regex: bool,
    fixed: Option<FixedPolicy>,
}

const MAIN: Description<'static> = Description {
    name: "rocket_cors",
    package: "rocket_cors",
    version: "0.6.0",
    configured: "AllowedOrigins with exact origins, as a fairing",
    repository: "https://github.com/lawliet89/rocket_cors",
    issues: "https://github.com/lawliet89/rocket_cors/issues",
};

fixed_policies! {
    /// "Defaults to `All`" for origins and headers, which are echoed, and to seven methods.
    DEFAULT = r#"{"origins": "mirror", "methods": ["OPTIONS", "PUT", "PATCH", "DELETE"], "request_headers": "mirror"}"#;
}

/// Every row.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &RocketCors { description: MAIN, by_regex: false, fixed: None },
    &RocketCors {
        description: MAIN
            .variant("rocket_cors:regex", "AllowedOrigins with a regex for every origin, anchored and escaped"),
        by_regex: true,
        fixed: None,
    },
    &RocketCors {
        description: MAIN.variant("rocket_cors:default", "CorsOptions::default"),
        by_regex: false,
        fixed: Some(DEFAULT),
    },
];

impl Middleware for RocketCors {
    fn describe(&self) -> Description<'_> {
        self.description
    }

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin if self.by_regex => {
                Support::No("this configuration takes only lists of origins")
            }
            Capability::AnyOrigin => Support::Yes("AllowedOrigins::All and send_wildcard"),
            Capability::MirrorOrigin => Support::Yes("AllowedOrigins::All"),
            Capability::NoOrigin | Capability::ListedOrigin | Capability::SeveralOrigins => {
                Support::Yes(if self.by_regex { "Origins::regex" } else { "Origins::exact" })
            }
            Capability::NullOrigin => Support::Yes("Origins::allow_null"),
            Capability::SubdomainPattern | Capability::PortPattern if self.by_regex => Support::Yes("Origins::regex"),
            Capability::SubdomainPattern | Capability::PortPattern => {
                Support::No("Origins::exact takes only whole origins")
            }
            Capability::Credentials => Support::Yes("CorsOptions::allow_credentials"),
            Capability::AnyMethod | Capability::MirrorMethod => {
                Support::No("CorsOptions::allowed_methods takes only a set")
            }
            Capability::ListedMethod => Support::Yes("CorsOptions::allowed_methods"),
            Capability::AnyRequestHeader => Support::No("AllowedHeaders::All echoes the requested names"),
            Capability::MirrorRequestHeader => Support::Yes("AllowedHeaders::All"),
            Capability::ListedRequestHeader => Support::Yes("AllowedHeaders::some"),
            Capability::AnyExposedHeader => Support::No("CorsOptions::expose_headers takes only a set"),
            Capability::ListedExposedHeader => Support::Yes("CorsOptions::expose_headers"),
            Capability::MaxAge => Support::Yes("CorsOptions::max_age"),
            Capability::PrivateNetwork => Support::No("there is no option for private networks"),
        }
    }

    fn fixed(&self) -> Option<Policy> {
        self.fixed.map(FixedPolicy::policy)
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let handler = RocketHandler::new(handler)?;
        let counter = handler.counter.clone();
        let client = Client::new(self.rocket(policy, handler, Figment::from(config()))?)?;
        Ok(in_process(counter, move |request| Ok(client.ask(request)?)))
    }

    #[cfg(feature = "socket")]
    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        let handler = RocketHandler::new(handler)?;
        let counter = handler.counter.clone();
        application::serve(self.rocket(policy, handler, application::socket_config())?, counter)
    }
}

impl RocketCors {
    fn rocket(
        &self,
        policy: Option<&Policy>,
        handler: RocketHandler,
        figment: Figment,
    ) -> Result<Rocket<Build>, NoServer> {
        let options = match policy {
            None => None,
            Some(_) if self.fixed.is_some() => Some(CorsOptions::default()),
            Some(policy) => Some(options::options(policy, self.by_regex)?),
        };
        let cors = options.map(|options| options.to_cors()).transpose();
        Ok(rocket(cors.map_err(|error| NoServer::Rejected(error.to_string()))?, handler, figment))
    }
}
