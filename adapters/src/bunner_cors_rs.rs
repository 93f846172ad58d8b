//! [`bunner_cors_rs::Cors`](https://docs.rs/bunner_cors_rs/0.1.2/bunner_cors_rs/struct.Cors.html), which decides and
//! leaves it to its user to carry the decision out. It has no framework and no server, so that there is no socket mode;
//! the application is this crate's own.

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
    Description, Failure, Middleware, NoServer, NotRepresentable, Server, application,
    handler::{Handler, ScriptedHandler},
    ordered_headers::with_ordered_headers,
};

/// A row: one way to say origins, and one recipe to carry the decision out.
struct Bunner {
    name: &'static str,
    configured: &'static str,
    /// Whether it is made for lists of origins alone.
    lists_alone: bool,
    /// For a configuration that is not made from a policy: what it is documented to serve, as JSON.
    fixed: Option<&'static str>,
    options: fn(&Policy) -> Result<CorsOptions, PatternError>,
    put: Put,
}

/// How a header of the decision gets onto the application's answer.
type Put = fn(&mut Response, HeaderName, &str);

/// Every row.
pub(crate) const ROWS: &[&dyn Middleware] = &[
    &BY_LIST,
    &Bunner {
        name: "bunner_cors_rs:predicate",
        configured: "Origin::predicate for every list of origins",
        lists_alone: true,
        options: |policy| Ok(options(policy).origin(predicate(policy.origins.list()))),
        ..BY_LIST
    },
    // The example of `OriginMatcher::pattern_str` in the README, with its suffix and without the second backslashes
    // that its raw string has, for the policy that it seems to say; and one exact origin beside it.
    &Bunner {
        name: "bunner_cors_rs:regex",
        configured: r#"OriginMatcher::exact("https://app.example") and pattern_str(r"https://.*\.shop\.example")"#,
        fixed: Some(r#"{"origins": ["https://app.example", "https://*.shop.example"]}"#),
        options: |policy| {
            let matchers = [OriginMatcher::exact("https://app.example"), pattern(r"https://.*\.shop\.example")?];
            Ok(options(policy).origin(Origin::list(matchers)))
        },
        ..BY_LIST
    },
    // `apply_headers` of the README's "Quick Start".
    &Bunner {
        name: "bunner_cors_rs:quick-start",
        configured: "as the main row, and the decision's headers inserted as in the README's quick start",
        put: |response, name, value| response.headers.set(name, value.into()),
        ..BY_LIST
    },
    // "`origin`: Allow all origins. `methods`: Common HTTP methods. `allowed_headers`: No explicitly allowed headers."
    // That it "does not allow the `null` origin" is more than a policy can say of any origin.
    &Bunner {
        name: "bunner_cors_rs:default",
        configured: "CorsOptions::new",
        fixed: Some(r#"{"origins": "any", "methods": ["PUT", "PATCH", "DELETE"]}"#),
        options: |_| Ok(CorsOptions::new()),
        ..BY_LIST
    },
];

const BY_LIST: Bunner = Bunner {
    name: "bunner_cors_rs",
    configured: "Origin::exact or Origin::list, and Origin::predicate where an entry is a pattern",
    lists_alone: false,
    fixed: None,
    options: |policy| Ok(options(policy)),
    // "`SimpleAccepted`: Add the returned headers directly to the response", by `append_header`.
    put: |response, name, value| response.headers.append(name, value.into()),
};

/// The configuration that says the policy.
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
    // "Specifies HTTP methods to allow in preflight and simple requests": those that need no preflight too.
    let methods = ["GET", "HEAD", "POST"].into_iter().chain(policy.methods.list().iter().map(|method| method.as_str()));
    let mut options = CorsOptions::new()
        .origin(origin)
        // Whatever the origins are, `null` is refused without this.
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

impl Middleware for Bunner {
    fn describe(&self) -> Description<'_> {
        Description {
            name: self.name,
            package: "bunner_cors_rs",
            version: "0.1.2",
            configured: self.configured,
            repository: "https://github.com/parkrevil/bunner-cors-rs",
            issues: "https://github.com/parkrevil/bunner-cors-rs/issues",
        }
    }

    fn support(&self, capability: Capability) -> Support {
        match capability {
            Capability::AnyOrigin | Capability::MirrorOrigin if self.lists_alone => {
                Support::No("this row is for lists")
            }
            Capability::AnyOrigin => Support::Yes("Origin::Any"),
            Capability::NoOrigin | Capability::ListedOrigin | Capability::SeveralOrigins if self.lists_alone => {
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
            Capability::AnyMethod => Support::No("a list of methods that has `*` is refused"),
            Capability::MirrorMethod => Support::No("no option answers with the method that was asked for"),
            Capability::ListedMethod => Support::Yes("AllowedMethods::list"),
            Capability::AnyRequestHeader => Support::Yes("AllowedHeaders::Any"),
            Capability::MirrorRequestHeader => Support::No("AllowedHeaders::Any answers `*`, which is less"),
            Capability::ListedRequestHeader => Support::Yes("AllowedHeaders::list"),
            Capability::AnyExposedHeader => Support::Yes("ExposedHeaders::Any"),
            Capability::ListedExposedHeader => Support::Yes("ExposedHeaders::list"),
            Capability::MaxAge => Support::Yes("CorsOptions::max_age"),
            Capability::PrivateNetwork => Support::Yes("CorsOptions::allow_private_network"),
        }
    }

    fn fixed(&self) -> Option<Policy> {
        self.fixed.and_then(|policy| serde_json::from_str(policy).ok())
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let cors = match policy {
            None => None,
            Some(policy) => {
                let options = (self.options)(policy).map_err(|error| NoServer::Rejected(error.to_string()))?;
                Some(Cors::new(options).map_err(|error| NoServer::Rejected(error.to_string()))?)
            }
        };
        Ok(Box::new(BunnerServer { cors, put: self.put, handler: ScriptedHandler::new(handler) }))
    }
}

struct BunnerServer {
    cors: Option<Cors>,
    put: Put,
    handler: ScriptedHandler,
}

impl BunnerServer {
    /// What the README has its user do with each decision.
    fn carry_out(&self, cors: &Cors, request: &WireRequest) -> Result<Response, NotRepresentable> {
        // The crate remembers the last preflight's header names by where their text stood in memory, and would take
        // those of another preflight for them. That depends on the allocator; this makes it forget.
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
            // Of `Origin::custom` alone, which is not used here; the crate's examples answer so.
            Err(_) => Ok(Response::new(500)),
        }
    }
}

fn with(mut response: Response, headers: Headers, put: Put) -> Result<Response, NotRepresentable> {
    for (name, value) in headers {
        let name = name.parse().map_err(|_| NotRepresentable(format!("`{name}` is no header name")))?;
        put(&mut response, name, &value);
    }
    Ok(response)
}

/// A header's first value, as the crate's examples read it.
fn text<'a>(request: &'a WireRequest, name: &'a str) -> Option<&'a str> {
    request.headers.named(name).next().and_then(|(_, value)| std::str::from_utf8(value.as_bytes()).ok())
}

impl Server for BunnerServer {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        let response = match &self.cors {
            Some(cors) => self.carry_out(cors, request)?,
            None => application::answer(&self.handler, &request.method),
        };
        // The decision's headers stand in a hash map.
        Ok(with_ordered_headers(application::outer(&self.handler, response)))
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.handler.take_calls()
    }
}
