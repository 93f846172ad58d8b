//! A model server: its CORS headers make a standard browser permit exactly what a policy permits.
//!
//! The [CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol) leaves several choices to a server. This server
//! makes one correct choice; other servers may be correct and send other headers.

use crate::{AllowList, Policy, origin_set::OriginSet};
use cors_reference::{
    extract::extract_tokens, header_list::HeaderList, origin::Origin, request::WireRequest, response::Response,
};

/// A server with one policy.
#[derive(Debug, Clone)]
pub struct ModelServer {
    policy: Policy,
    origins: OriginSet,
    /// The value of `Access-Control-Allow-Origin`, if it does not depend on the request.
    static_origin: Option<String>,
}

/// The server's decision about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The response to a CORS-preflight request, which does not reach the handler.
    Preflight(Response),
    /// The request goes to the handler, and these headers go on its response.
    Forward(CorsHeaders),
}

/// The headers that CORS adds to a handler's response.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CorsHeaders {
    /// The CORS response headers.
    pub set: HeaderList,
    /// The header names to add to `Vary`.
    pub vary: Vec<&'static str>,
}

impl ModelServer {
    /// Creates a server with a policy.
    pub fn new(policy: Policy) -> Self {
        let static_origin = match &policy.origins {
            AllowList::Any => Some("*".to_owned()),
            AllowList::List(patterns) => match patterns.as_slice() {
                [one] if one.is_exact() => Some(one.as_str().to_owned()),
                _ => None,
            },
            AllowList::Mirror => None,
        };
        Self { origins: OriginSet::new(policy.origins.list()), static_origin, policy }
    }

    /// Returns the server's policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Returns true if the policy permits the value of an `Origin` header.
    ///
    /// Under `mirror`, a value that is not a serialized origin is not permitted.
    pub fn allows(&self, origin: &str) -> bool {
        match self.policy.origins {
            AllowList::Any => true,
            AllowList::Mirror => origin.parse::<Origin>().is_ok(),
            AllowList::List(_) => self.origins.contains(origin.as_bytes()),
        }
    }

    /// Returns the decision about a request.
    pub fn answer(&self, request: &WireRequest) -> Answer {
        self.answer_as(request, |origin| self.allows(origin))
    }

    /// Returns the decision about a request. `allows` decides which origins are permitted, instead of the policy.
    pub fn answer_as(&self, request: &WireRequest, allows: impl Fn(&str) -> bool) -> Answer {
        let mut headers = CorsHeaders::default();
        let shared = self.share(request, &allows, &mut headers);
        if !request.is_cors_preflight() {
            if shared {
                self.expose(&mut headers);
            }
            return Answer::Forward(headers);
        }
        if shared {
            self.grant(request, &mut headers);
        }
        let mut response = Response::new(204);
        headers.apply(&mut response);
        Answer::Preflight(response)
    }

    /// Adds `Access-Control-Allow-Origin` and `Access-Control-Allow-Credentials`. Returns true if the origin is permitted.
    ///
    /// Follows the section [CORS protocol and HTTP
    /// caches](https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches): a static value is on every response,
    /// without `Vary`; any other value comes with `Vary: Origin` on every response.
    fn share(&self, request: &WireRequest, allows: impl Fn(&str) -> bool, headers: &mut CorsHeaders) -> bool {
        let allowed = match &self.static_origin {
            Some(value) => Some(value.clone()),
            None => {
                headers.vary.push("Origin");
                let origin = request.headers.get("Origin").and_then(|origin| String::from_utf8(origin.to_vec()).ok());
                origin.filter(|origin| allows(origin))
            }
        };
        let Some(value) = allowed else { return false };
        headers.put("Access-Control-Allow-Origin", &value);
        if self.policy.credentials && value != "*" {
            headers.put("Access-Control-Allow-Credentials", "true");
        }
        true
    }

    /// Adds `Access-Control-Expose-Headers`.
    fn expose(&self, headers: &mut CorsHeaders) {
        let names: Vec<&str> = self.policy.exposed_headers.list().iter().map(|name| name.as_str()).collect();
        match &self.policy.exposed_headers {
            AllowList::Any | AllowList::Mirror => headers.put("Access-Control-Expose-Headers", "*"),
            AllowList::List(_) if names.is_empty() => {}
            AllowList::List(_) => headers.put("Access-Control-Expose-Headers", &names.join(", ")),
        }
    }

    /// Adds the headers of a preflight response.
    fn grant(&self, request: &WireRequest, headers: &mut CorsHeaders) {
        const METHOD: &str = "Access-Control-Request-Method";
        const HEADERS: &str = "Access-Control-Request-Headers";
        let methods: Vec<&str> = self.policy.methods.list().iter().map(|method| method.as_str()).collect();
        let names: Vec<&str> = self.policy.request_headers.list().iter().map(|name| name.as_str()).collect();
        let (methods, names) = (methods.join(", "), names.join(", "));
        for (allowed, asked, allow, list) in [
            (without_entries(&self.policy.methods), METHOD, "Access-Control-Allow-Methods", &methods),
            (without_entries(&self.policy.request_headers), HEADERS, "Access-Control-Allow-Headers", &names),
        ] {
            match allowed {
                AllowList::Any => headers.put(allow, "*"),
                AllowList::Mirror => {
                    headers.vary.push(asked);
                    // A value that does not parse is not echoed.
                    if let Ok(Some(tokens)) = extract_tokens(asked, &request.headers)
                        && !tokens.is_empty()
                    {
                        headers.put(allow, &tokens.join(", "));
                    }
                }
                AllowList::List(_) if list.is_empty() => {}
                AllowList::List(_) => headers.put(allow, list),
            }
        }
        if let Some(max_age) = self.policy.max_age {
            headers.put("Access-Control-Max-Age", &max_age.to_string());
        }
        let private_network = request.headers.get("Access-Control-Request-Private-Network");
        if self.policy.private_network && private_network.is_some_and(|value| value == *"true") {
            headers.put("Access-Control-Allow-Private-Network", "true");
        }
    }
}

/// The response headers of the [CORS protocol](https://fetch.spec.whatwg.org/#http-responses), and of
/// Private Network Access.
const RESPONSE_HEADERS: [&str; 7] = [
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Private-Network",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
];

/// Returns the kind of a list, without its entries.
fn without_entries<T>(list: &AllowList<T>) -> AllowList<()> {
    match list {
        AllowList::Any => AllowList::Any,
        AllowList::Mirror => AllowList::Mirror,
        AllowList::List(_) => AllowList::List(Vec::new()),
    }
}

impl CorsHeaders {
    fn put(&mut self, name: &'static str, value: &str) {
        self.set = std::mem::take(&mut self.set).with(name, value);
    }

    /// Replaces the CORS headers of a response with these, and adds to its `Vary`.
    pub fn apply(&self, response: &mut Response) {
        for name in RESPONSE_HEADERS {
            response.headers.delete(name);
        }
        for (name, value) in self.set.iter() {
            response.headers.append(name.clone(), value.clone());
        }
        if !self.vary.is_empty() {
            response.headers = std::mem::take(&mut response.headers).with("Vary", &self.vary.join(", "));
        }
    }
}
