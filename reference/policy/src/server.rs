//! The model server: answers within the freedom that the
//! [CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol) leaves to a server, so that a
//! standard browser lets through exactly what a policy permits.

use crate::{AllowList, Policy, origin_set::OriginSet};
use cors_reference::{
    extract::extract_tokens, header_list::HeaderList, origin::Origin, request::WireRequest, response::Response,
};

/// A policy, made ready to answer requests.
#[derive(Debug, Clone)]
pub struct ModelServer {
    policy: Policy,
    origins: OriginSet,
    /// The one value of `Access-Control-Allow-Origin`, where it does not depend on the request.
    static_origin: Option<String>,
}

/// What is done with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A CORS-preflight request is answered at once; the handler never sees it.
    Preflight(Response),
    /// Anything else goes to the handler, and its answer gets these headers.
    Forward(CorsHeaders),
}

/// Headers for a handler's answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CorsHeaders {
    /// The CORS headers.
    pub set: HeaderList,
    /// Members to add to `Vary`.
    pub vary: Vec<&'static str>,
}

impl ModelServer {
    /// The server of that policy.
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

    /// The policy that it serves.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Whether an `Origin` header's value is the policy's. What is no serialized origin is nobody's.
    pub fn allows(&self, origin: &str) -> bool {
        match self.policy.origins {
            AllowList::Any => true,
            AllowList::Mirror => origin.parse::<Origin>().is_ok(),
            AllowList::List(_) => self.origins.contains(origin.as_bytes()),
        }
    }

    /// What to do with a request.
    pub fn answer(&self, request: &WireRequest) -> Answer {
        self.answer_as(request, |origin| self.allows(origin))
    }

    /// As [`answer`](Self::answer), with another's word on which origins are allowed.
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

    /// `Access-Control-Allow-Origin` and `-Credentials`. As the section
    /// [CORS protocol and HTTP caches](https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches) asks: a
    /// static value on every response and no `Vary`, anything else with `Vary: Origin` on every response.
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

    fn expose(&self, headers: &mut CorsHeaders) {
        let names: Vec<&str> = self.policy.exposed_headers.list().iter().map(|name| name.as_str()).collect();
        match &self.policy.exposed_headers {
            AllowList::Any | AllowList::Mirror => headers.put("Access-Control-Expose-Headers", "*"),
            AllowList::List(_) if names.is_empty() => {}
            AllowList::List(_) => headers.put("Access-Control-Expose-Headers", &names.join(", ")),
        }
    }

    fn grant(&self, request: &WireRequest, headers: &mut CorsHeaders) {
        const METHOD: &str = "Access-Control-Request-Method";
        const HEADERS: &str = "Access-Control-Request-Headers";
        let methods: Vec<&str> = self.policy.methods.list().iter().map(|method| method.as_str()).collect();
        let names: Vec<&str> = self.policy.request_headers.list().iter().map(|name| name.as_str()).collect();
        let (methods, names) = (methods.join(", "), names.join(", "));
        for (wish, asked, allow, list) in [
            (kind(&self.policy.methods), METHOD, "Access-Control-Allow-Methods", &methods),
            (kind(&self.policy.request_headers), HEADERS, "Access-Control-Allow-Headers", &names),
        ] {
            match wish {
                AllowList::Any => headers.put(allow, "*"),
                AllowList::Mirror => {
                    headers.vary.push(asked);
                    // What does not parse is not echoed.
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
        let asks_private = request.headers.get("Access-Control-Request-Private-Network");
        if self.policy.private_network && asks_private.is_some_and(|value| value == *"true") {
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

/// The wish, without its list.
fn kind<T>(wish: &AllowList<T>) -> AllowList<()> {
    match wish {
        AllowList::Any => AllowList::Any,
        AllowList::Mirror => AllowList::Mirror,
        AllowList::List(_) => AllowList::List(Vec::new()),
    }
}

impl CorsHeaders {
    fn put(&mut self, name: &'static str, value: &str) {
        self.set = std::mem::take(&mut self.set).with(name, value);
    }

    /// Puts the headers on a response, in the place of every CORS header that another layer put there, and
    /// adds to its `Vary`.
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
