//! Freedoms: servers that answer otherwise than the reference server, within what the
//! [standard leaves to servers](https://fetch.spec.whatwg.org/#http-responses). They exist to prove that no
//! rule raises a false alarm.

use cors_reference::{
    capability::{Capability, Says},
    policy::{Policy, Wish},
    request::WireRequest,
    response::Response,
};

use crate::{
    Description, Middleware, NoServer, Server,
    handler::Handler,
    mutants::{set, text},
    reference_server::{ReferenceServer, Serve, Served, build_serving},
};

/// A server that is right in its own way.
#[derive(Debug, Clone, Copy)]
pub struct Freedom {
    /// Its name.
    pub id: &'static str,
    /// What it does, in a sentence.
    pub does: &'static str,
    serve: Serve,
}

impl Middleware for Freedom {
    fn describe(&self) -> Description {
        Description { name: self.id, ..ReferenceServer.describe() }
    }

    fn says(&self, capability: Capability) -> Says {
        ReferenceServer.says(capability)
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        build_serving(policy, handler, self.serve, None)
    }
}

/// Every freedom.
pub const FREEDOMS: &[Freedom] = &[
    Freedom {
        id: "refuses-with-403",
        does: "Answers a preflight of another origin 403, which denotes the refusal explicitly.",
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
        does: "Refuses the request of another origin before the handler sees it, but for the server's own.",
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
        does: "Answers preflights 200, with a body.",
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
        does: "Allows in a preflight just the method that is asked for, where the policy names it.",
        serve: |served, request| {
            let asked = text(request, "Access-Control-Request-Method");
            served.serve_with(request, |policy| {
                if let Wish::List(methods) = &mut policy.methods {
                    methods.retain(|method| method.as_str() == asked);
                }
            })
        },
    },
    Freedom {
        id: "varies-on-everything",
        does: "Names every request header of the CORS protocol in Vary, on every response.",
        serve: |served, request| {
            let mut response = served.serve(request);
            let members = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
            response.headers = std::mem::take(&mut response.headers).with("Vary", members);
            response
        },
    },
    Freedom {
        id: "silent-without-origin",
        does: "Sends CORS headers only where there is an Origin.",
        serve: |served, request| {
            let mut response = served.serve(request);
            if !request.headers.contains("Origin") {
                response.headers.delete("Access-Control-Allow-Origin");
                response.headers.delete("Access-Control-Expose-Headers");
                response.headers.delete("Access-Control-Allow-Credentials");
            }
            response
        },
    },
    Freedom {
        id: "always-says-credentials",
        does: "Sends Access-Control-Allow-Credentials without an Access-Control-Allow-Origin, where it means nothing.",
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
