//! Freedoms: servers that respond differently from the reference server and are correct too, because the
//! [standard leaves the choice to servers](https://fetch.spec.whatwg.org/#http-responses). They prove that no rule raises
//! a false alarm.

use cors_adapters::{
    Description, Middleware, NoServer, Server,
    handler::Handler,
    reference_server::{ReferenceServer, Serve, Served, build_serving},
};
use cors_policy::{
    AllowList, Policy,
    capability::{Capability, Support},
};
use cors_reference::{header_list::HeaderList, origin::Origin, request::WireRequest, response::Response};

use crate::self_check::response_edits::{rewrite, set, text};

/// A server that is correct in an unusual way.
#[derive(Debug, Clone, Copy)]
pub struct Freedom {
    /// The name of the freedom.
    pub id: &'static str,
    /// A sentence that describes the behaviour.
    pub does: &'static str,
    serve: Serve,
}

impl Middleware for Freedom {
    fn describe(&self) -> Description<'_> {
        Description { name: self.id, ..ReferenceServer.describe() }
    }

    fn support(&self, capability: Capability) -> Support {
        ReferenceServer.support(capability)
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        build_serving(policy, handler, self.serve, None)
    }
}

/// All freedoms.
pub const FREEDOMS: &[Freedom] = &[
    Freedom {
        id: "refuses-with-403",
        does: "Answers 403 to a preflight from an origin that is not allowed.",
        serve: |served, request| {
            let mut response = served.serve(request);
            if request.is_cors_preflight() && !is_allowed(served, request) {
                response.status = 403;
            }
            response
        },
    },
    Freedom {
        id: "blocks-other-origins",
        does: "Refuses a request from an origin that is not allowed before it reaches the handler, except a same-origin request.",
        serve: |served, request| {
            let origin = text(request, "Origin");
            let is_own = origin == request.url.origin().ascii_serialization();
            if origin.is_empty() || is_own || request.is_cors_preflight() || is_allowed(served, request) {
                return served.serve(request);
            }
            Response::new(403)
        },
    },
    Freedom {
        id: "preflight-status-200",
        does: "Answers preflights with 200 and a body.",
        serve: |served, request| {
            let mut response = served.serve(request);
            if request.is_cors_preflight() {
                response.status = 200;
                response.body = b"preflight".to_vec();
            }
            response
        },
    },
    Freedom {
        id: "echoes-what-is-allowed",
        does: "Allows only the requested method in a preflight, if the policy lists it.",
        serve: |served, request| {
            let asked = text(request, "Access-Control-Request-Method");
            served.serve_with(request, |policy| {
                if let AllowList::List(methods) = &mut policy.methods {
                    methods.retain(|method| method.as_str() == asked);
                }
            })
        },
    },
    Freedom {
        id: "varies-on-everything",
        does: "Lists every request header of the CORS protocol in Vary, in every response.",
        serve: |served, request| {
            let mut response = served.serve(request);
            let members = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
            response.headers = std::mem::take(&mut response.headers).with("Vary", members);
            response
        },
    },
    Freedom {
        id: "silent-without-origin",
        does: "Sends CORS headers only if the request has an Origin, and always sends Vary: Origin.",
        serve: |served, request| {
            let mut response = served.serve(request);
            if !request.headers.contains("Origin") {
                response.headers.delete("Access-Control-Allow-Origin");
                response.headers.delete("Access-Control-Expose-Headers");
                response.headers.delete("Access-Control-Allow-Credentials");
            }
            response.headers = std::mem::take(&mut response.headers).with("Vary", "Origin");
            response
        },
    },
    Freedom {
        id: "echoes-under-any",
        does: "Reflects the origin if every origin is allowed, and sends Vary: Origin.",
        serve: |served, request| {
            let mut response = served.serve(request);
            let origin = text(request, "Origin");
            if response.headers.get("Access-Control-Allow-Origin").is_some_and(|value| value == *"*") {
                response.headers = std::mem::take(&mut response.headers).with("Vary", "Origin");
                if origin.parse::<Origin>().is_ok() {
                    set(&mut response, "Access-Control-Allow-Origin", &origin);
                }
            }
            response
        },
    },
    Freedom {
        id: "other-case-and-order",
        does: "Writes header names in lower case, sends the headers in another order, and adds harmless ones.",
        serve: |served, request| {
            let response = served.serve(request);
            let mut headers: Vec<_> =
                response.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
            // The values of the same name keep their order.
            headers.sort_by(|(one, _), (other, _)| other.as_str().cmp(one.as_str()));
            let headers = headers.into_iter().collect::<HeaderList>().with("x-powered-by", "freedom");
            Response { headers: headers.with("permissions-policy", "geolocation=()"), ..response }
        },
    },
    Freedom {
        id: "lists-what-needs-no-listing",
        does: "Adds GET, HEAD, POST and the safelisted header names to the lists.",
        serve: |served, request| {
            let mut response = served.serve(request);
            for (name, more) in [
                ("Access-Control-Allow-Methods", "GET, HEAD, POST"),
                ("Access-Control-Allow-Headers", "Accept, Accept-Language"),
                ("Access-Control-Expose-Headers", "Content-Type, Cache-Control"),
            ] {
                rewrite(
                    &mut response,
                    name,
                    |list| if list == "*" { list.to_owned() } else { format!("{list}, {more}") },
                );
            }
            response
        },
    },
    Freedom {
        id: "always-says-credentials",
        does: "Sends Access-Control-Allow-Credentials even without Access-Control-Allow-Origin, where it has no effect.",
        serve: |served, request| {
            let mut response = served.serve(request);
            if !response.headers.contains("Access-Control-Allow-Origin") {
                set(&mut response, "Access-Control-Allow-Credentials", "true");
            }
            response
        },
    },
];

fn is_allowed(served: &Served, request: &WireRequest) -> bool {
    served.model.allows(&text(request, "Origin"))
}
