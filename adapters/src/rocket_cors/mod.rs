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
    fixed_policy::fixed_policies,
    handler::Handler,
    in_process::in_process,
    middleware::{Description, Middleware, NoServer},
    row::{Configuration, Row},
    server::Server,
};
use application::{Client, RocketHandler, config, rocket};

mod application;
mod method;
mod options;

/// A way to configure the fairing.
#[derive(PartialEq, Eq)]
enum RocketCors {
    /// `Origins::exact` for lists of origins.
    Exact,
    /// `Origins::regex` for lists of origins.
    Regex,
    Default,
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

/// All rows of the middleware.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &Row { description: MAIN, fixed: None, configuration: RocketCors::Exact },
    &Row {
        description: MAIN
            .variant("rocket_cors:regex", "AllowedOrigins with a regex for every origin, anchored and escaped"),
        fixed: None,
        configuration: RocketCors::Regex,
    },
    &Row {
        description: MAIN.variant("rocket_cors:default", "CorsOptions::default"),
        fixed: Some(DEFAULT),
        configuration: RocketCors::Default,
    },
];

impl Configuration for RocketCors {
    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin if *self == Self::Regex => {
                Support::No("this configuration takes only lists of origins")
            }
            Capability::AnyOrigin => Support::Yes("AllowedOrigins::All and send_wildcard"),
            Capability::MirrorOrigin => Support::Yes("AllowedOrigins::All"),
            Capability::NoOrigin | Capability::ListedOrigin | Capability::SeveralOrigins => {
                Support::Yes(if *self == Self::Regex { "Origins::regex" } else { "Origins::exact" })
            }
            Capability::NullOrigin => Support::Yes("Origins::allow_null"),
            Capability::SubdomainPattern | Capability::PortPattern if *self == Self::Regex => {
                Support::Yes("Origins::regex")
            }
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
        let options = match (policy, self) {
            (None, _) => None,
            (Some(_), Self::Default) => Some(CorsOptions::default()),
            (Some(policy), _) => Some(options::options(policy, *self == Self::Regex)?),
        };
        let cors = options.map(|options| options.to_cors()).transpose();
        Ok(rocket(cors.map_err(|error| NoServer::Rejected(error.to_string()))?, handler, figment))
    }
}
