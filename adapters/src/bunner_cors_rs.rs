//! [`bunner_cors_rs::Cors`](https://docs.rs/bunner_cors_rs/0.1.2/bunner_cors_rs/struct.Cors.html), which makes a decision
//! for its user to apply. It has no framework and no server. The adapter therefore has no socket mode and uses the
//! application of this crate.

use bunner_cors_rs::{
    AllowedHeaders, AllowedMethods, Cors, CorsDecision, CorsOptions, ExposedHeaders, Headers, Origin, OriginMatcher,
    PatternError, PreflightRejection, RequestContext, SimpleRejection,
};
use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
    origin_set::{OriginPattern, OriginSet},
};
use cors_reference::{header::HeaderName, request::WireRequest, response::Response};

use crate::{
    application,
    fixed_policy::fixed_policies,
    handler::{Handler, ScriptedHandler},
    in_process::in_process,
    middleware::{Description, Middleware, NoServer},
    ordered_headers::with_ordered_headers,
    row::{Configuration, Row},
    server::{NotRepresentable, Server},
};

/// A way to configure the middleware, and a recipe to apply its decision.
struct Bunner {
    /// True if this configuration takes only lists of origins.
    lists_only: bool,
    options: fn(&Policy) -> Result<CorsOptions, PatternError>,
    put: Put,
}

/// How a header of the decision is put on the application's answer.
type Put = fn(&mut Response, HeaderName, &str);

const MAIN: Description<'static> = Description {
    name: "bunner_cors_rs",
    package: "bunner_cors_rs",
    version: "0.1.2",
    configured: "Origin::exact or Origin::list, and Origin::predicate if an entry is a pattern",
    repository: "https://github.com/parkrevil/bunner-cors-rs",
    issues: "https://github.com/parkrevil/bunner-cors-rs/issues",
};

const BY_LIST: Bunner = Bunner {
    lists_only: false,
    options: |policy| Ok(options(policy)),
    // "`SimpleAccepted`: Add the returned headers directly to the response", by `append_header`.
    put: |response, name, value| response.headers.append(name, value.into()),
};

fixed_policies! {
    /// The policy that the example of `OriginMatcher::pattern_str` in the README seems to promise.
    REGEX = r#"{"origins": ["https://app.example", "https://*.shop.example"]}"#;
    /// "`origin`: Allow all origins. `methods`: Common HTTP methods. `allowed_headers`: No explicitly allowed headers."
    /// It also "does not allow the `null` origin", which a policy cannot combine with any origin.
    DEFAULT = r#"{"origins": "any", "methods": ["PUT", "PATCH", "DELETE"]}"#;
}

/// All rows of the middleware.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &Row { description: MAIN, fixed: None, configuration: BY_LIST },
    &Row {
        description: MAIN.variant("bunner_cors_rs:predicate", "Origin::predicate for every list of origins"),
        fixed: None,
        configuration: Bunner {
            lists_only: true,
            options: |policy| Ok(options(policy).origin(predicate(policy.origins.list()))),
            ..BY_LIST
        },
    },
    // The example of `OriginMatcher::pattern_str` in the README, with another suffix, without the second backslashes
    // of its raw string, and with one exact origin in addition.
    &Row {
        description: MAIN.variant(
            "bunner_cors_rs:regex",
            r#"OriginMatcher::exact("https://app.example") and pattern_str(r"https://.*\.shop\.example")"#,
        ),
        fixed: Some(REGEX),
        configuration: Bunner {
            options: |policy| {
                let matchers = [OriginMatcher::exact("https://app.example"), pattern(r"https://.*\.shop\.example")?];
                Ok(options(policy).origin(Origin::list(matchers)))
            },
            ..BY_LIST
        },
    },
    // `apply_headers` of the README's "Quick Start".
    &Row {
        description: MAIN.variant(
            "bunner_cors_rs:quick-start",
            "as the main row, with the decision's headers inserted as in the README's quick start",
        ),
        fixed: None,
        configuration: Bunner { put: |response, name, value| response.headers.set(name, value.into()), ..BY_LIST },
    },
    &Row {
        description: MAIN.variant("bunner_cors_rs:default", "CorsOptions::new"),
        fixed: Some(DEFAULT),
        configuration: Bunner { options: |_| Ok(CorsOptions::new()), ..BY_LIST },
    },
];

/// Returns the configuration for a policy.
fn options(policy: &Policy) -> CorsOptions {
    let origin = match &policy.origins {
        AllowList::Any => Origin::any(),
        // "Returns the request Origin as-is when returning `true`."
        AllowList::Mirror => Origin::predicate(|_, _| true),
        AllowList::List(patterns) => match patterns.as_slice() {
            // "Disables CORS evaluation."
            [] => Origin::disabled(),
            // "Use when allowing only a single origin."
            [pattern] if pattern.is_exact() => Origin::exact(pattern.as_str()),
            several if several.iter().all(OriginPattern::is_exact) => {
                Origin::list(several.iter().map(|pattern| OriginMatcher::exact(pattern.as_str())))
            }
            several => predicate(several),
        },
    };
    // "Specifies HTTP methods to allow in preflight and simple requests": safelisted methods are listed, too.
    let methods = ["GET", "HEAD", "POST"].into_iter().chain(policy.methods.list().iter().map(|method| method.as_str()));
    let mut options = CorsOptions::new()
        .origin(origin)
        // Without this option the middleware refuses `null` for every kind of origins.
        .allow_null_origin(match &policy.origins {
            AllowList::Any | AllowList::Mirror => true,
            AllowList::List(patterns) => patterns.iter().any(|pattern| pattern.as_str() == "null"),
        })
        .methods(AllowedMethods::list(methods))
        .allowed_headers(match &policy.request_headers {
            AllowList::Any | AllowList::Mirror => AllowedHeaders::Any,
            AllowList::List(names) => AllowedHeaders::list(names.iter().map(|name| name.as_str())),
        })
        .exposed_headers(match &policy.exposed_headers {
            AllowList::Any | AllowList::Mirror => ExposedHeaders::Any,
            AllowList::List(names) => ExposedHeaders::list(names.iter().map(|name| name.as_str())),
        })
        .credentials(policy.credentials)
        .allow_private_network(policy.private_network);
    options.max_age = policy.max_age;
    options
}

fn predicate(patterns: &[OriginPattern]) -> Origin {
    let set = OriginSet::new(patterns);
    Origin::predicate(move |origin, _| set.contains(origin.as_bytes()))
}

/// "Pattern length is limited to 50,000 characters and compile time to 100ms", which a busy machine can exceed.
fn pattern(text: &str) -> Result<OriginMatcher, PatternError> {
    for _ in 0..5 {
        match OriginMatcher::pattern_str(text) {
            Err(PatternError::Timeout { .. }) => {}
            compiled => return compiled,
        }
    }
    OriginMatcher::pattern_str(text)
}

impl Configuration for Bunner {
    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin if self.lists_only => {
                Support::No("this configuration takes only lists of origins")
            }
            Capability::AnyOrigin => Support::Yes("Origin::Any"),
            Capability::NoOrigin | Capability::ListedOrigin | Capability::SeveralOrigins if self.lists_only => {
                Support::Yes("Origin::predicate")
            }
            Capability::NoOrigin => Support::Yes("Origin::disabled"),
            Capability::ListedOrigin => Support::Yes("Origin::exact"),
            Capability::SeveralOrigins => Support::Yes("Origin::list"),
            Capability::NullOrigin => Support::Yes("CorsOptions::allow_null_origin"),
            Capability::MirrorOrigin | Capability::SubdomainPattern | Capability::PortPattern => {
                Support::Yes("Origin::predicate")
            }
            Capability::Credentials => Support::Yes("CorsOptions::credentials"),
            Capability::AnyMethod => Support::No("the middleware refuses a list of methods with `*`"),
            Capability::MirrorMethod => Support::No("no option answers with the requested method"),
            Capability::ListedMethod => Support::Yes("AllowedMethods::list"),
            Capability::AnyRequestHeader => Support::Yes("AllowedHeaders::Any"),
            Capability::MirrorRequestHeader => Support::No("AllowedHeaders::Any answers with `*`, which allows less"),
            Capability::ListedRequestHeader => Support::Yes("AllowedHeaders::list"),
            Capability::AnyExposedHeader => Support::Yes("ExposedHeaders::Any"),
            Capability::ListedExposedHeader => Support::Yes("ExposedHeaders::list"),
            Capability::MaxAge => Support::Yes("CorsOptions::max_age"),
            Capability::PrivateNetwork => Support::Yes("CorsOptions::allow_private_network"),
        }
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let cors = match policy {
            None => None,
            Some(policy) => {
                let options = (self.options)(policy).map_err(|error| NoServer::Rejected(error.to_string()))?;
                Some(Cors::new(options).map_err(|error| NoServer::Rejected(error.to_string()))?)
            }
        };
        let application = Application { cors, put: self.put, handler: ScriptedHandler::new(handler) };
        Ok(in_process(application.handler.clone(), move |request| Ok(application.ask(request)?)))
    }
}

/// The decision of the middleware, unless this is the control, and the application behind it.
struct Application {
    cors: Option<Cors>,
    put: Put,
    handler: ScriptedHandler,
}

impl Application {
    fn ask(&self, request: &WireRequest) -> Result<Response, NotRepresentable> {
        let response = match &self.cors {
            Some(cors) => self.apply(cors, request)?,
            None => application::answer(&self.handler, &request.method),
        };
        // The decision keeps its headers in a hash map.
        Ok(with_ordered_headers(application::outer(&self.handler, response)))
    }

    /// Applies each decision as the README describes.
    fn apply(&self, cors: &Cors, request: &WireRequest) -> Result<Response, NotRepresentable> {
        // The crate caches the last preflight's header names by their address in memory, and can confuse them with
        // those of another preflight, depending on the allocator. This call replaces the cached entry.
        AllowedHeaders::default().allows_headers("x");
        let context = RequestContext {
            method: &request.method,
            origin: text(request, "Origin"),
            access_control_request_method: text(request, "Access-Control-Request-Method"),
            access_control_request_headers: text(request, "Access-Control-Request-Headers"),
            // "Header presence (`true`/`false`)."
            access_control_request_private_network: request.headers.contains("Access-Control-Request-Private-Network"),
        };
        match cors.check(&context) {
            Ok(CorsDecision::PreflightAccepted { headers }) => with(Response::new(204), headers, self.put),
            Ok(
                CorsDecision::PreflightRejected(PreflightRejection { headers, .. })
                | CorsDecision::SimpleRejected(SimpleRejection { headers, .. }),
            ) => with(Response::new(403), headers, self.put),
            Ok(CorsDecision::SimpleAccepted { headers }) => {
                with(application::answer(&self.handler, &request.method), headers, self.put)
            }
            // "CORS processing not needed. Do not add CORS headers."
            Ok(CorsDecision::NotApplicable) => Ok(application::answer(&self.handler, &request.method)),
            // Only `Origin::custom` fails, which no row uses. The crate's examples answer with 500.
            Err(_) => Ok(Response::new(500)),
        }
    }
}

/// Puts the headers of a decision on a response.
fn with(mut response: Response, headers: Headers, put: Put) -> Result<Response, NotRepresentable> {
    for (name, value) in headers {
        let name = name.parse().map_err(|_| NotRepresentable(format!("`{name}` is not a header name")))?;
        put(&mut response, name, &value);
    }
    Ok(response)
}

/// Returns the first value of a header, as the crate's examples do.
fn text<'a>(request: &'a WireRequest, name: &'a str) -> Option<&'a str> {
    request.headers.named(name).next().and_then(|(_, value)| std::str::from_utf8(value.as_bytes()).ok())
}
