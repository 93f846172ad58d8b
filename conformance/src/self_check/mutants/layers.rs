//! Mutants with two layers that both handle CORS. The application follows the policy, and a proxy in front of it follows
//! another policy. Each layer alone is correct.

use cors_adapters::reference_server::Served;
use cors_policy::{
    AllowList, Policy,
    server::{Answer, CorsHeaders, ModelServer},
};
use cors_reference::{request::WireRequest, response::Response};

use super::mutant::Mutant;
use crate::rules::{over_grant, under_grant};

const CHECKLIST: &str = "https://github.com/traefik/traefik/issues/5567";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "proxy-appends",
        wrong: "Stands behind a proxy that adds the same headers to the application's response.",
        rule: &under_grant::ORIGIN,
        source: CHECKLIST,
        serve: |served, request| {
            behind(served, request, served.model.policy().clone(), |headers, response| {
                for (name, value) in headers.set.iter() {
                    response.headers.append(name.clone(), value.clone());
                }
            })
        },
    },
    Mutant {
        id: "open-proxy-overwrites",
        wrong: "Stands behind a proxy that overwrites the application's header with `*`.",
        rule: &over_grant::ORIGIN,
        source: CHECKLIST,
        serve: |served, request| {
            let open = Policy { origins: AllowList::Any, credentials: false, ..served.model.policy().clone() };
            behind(served, request, open, |headers, response| headers.apply(response))
        },
    },
    Mutant {
        id: "proxy-answers-preflights",
        wrong: "Stands behind a proxy that allows every preflight, although the application has a list.",
        rule: &over_grant::METHOD,
        source: CHECKLIST,
        serve: |served, request| {
            let open = Policy {
                methods: AllowList::Mirror,
                request_headers: AllowList::Mirror,
                ..served.model.policy().clone()
            };
            match ModelServer::new(open).answer(request) {
                Answer::Preflight(response) => response,
                Answer::Forward(_) => served.serve(request),
            }
        },
    },
];

/// Returns the application's response after a proxy with its own policy has changed it.
fn behind(
    served: &Served,
    request: &WireRequest,
    policy: Policy,
    add: impl Fn(&CorsHeaders, &mut Response),
) -> Response {
    let mut response = served.serve(request);
    let headers = match ModelServer::new(policy).answer(request) {
        Answer::Preflight(own) => CorsHeaders { set: own.headers, vary: Vec::new() },
        Answer::Forward(headers) => headers,
    };
    add(&headers, &mut response);
    response
}
