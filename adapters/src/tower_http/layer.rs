//! The layer that says a policy, the same text for every line of the crate.

/// Defines, for one line of tower-http, the layer that says a policy and the module's functions around it.
macro_rules! cors_layer {
    ($module:ident, $line:ident, $feature:literal) => {
        #[cfg(feature = $feature)]
        pub(super) mod $module {
            use std::time::Duration;

            use axum::Router;
            use cors_policy::{
                AllowList, Policy,
                origin_set::{OriginPattern, OriginSet},
            };
            use http::{HeaderName, HeaderValue, Method, request::Parts};
            use $line::cors::{AllowHeaders, AllowMethods, AllowOrigin, Any, CorsLayer, ExposeHeaders};

            use crate::tower_http::each;

            /// "`AllowOrigin::list`: Allow multiple allowed origins"; its documentation gives `predicate` for
            /// what is no single origin.
            pub(crate) fn by_list(policy: &Policy, application: Router) -> Result<Router, String> {
                let origin = match &policy.origins {
                    AllowList::Any => AllowOrigin::any(),
                    AllowList::Mirror => AllowOrigin::mirror_request(),
                    AllowList::List(patterns) if patterns.iter().all(OriginPattern::is_exact) => {
                        AllowOrigin::list(each(patterns, |pattern| HeaderValue::from_str(pattern.as_str()))?)
                    }
                    AllowList::List(patterns) => predicate(patterns),
                };
                Ok(application.layer(layer(policy, origin)?))
            }

            /// "`AllowOrigin::predicate`: Set the allowed origins from a predicate", for lists of every kind.
            #[allow(dead_code, reason = "a row of one line alone")]
            pub(crate) fn by_predicate(policy: &Policy, application: Router) -> Result<Router, String> {
                Ok(application.layer(layer(policy, predicate(policy.origins.list()))?))
            }

            fn predicate(patterns: &[OriginPattern]) -> AllowOrigin {
                let set = OriginSet::new(patterns);
                AllowOrigin::predicate(move |origin: &HeaderValue, _: &Parts| set.contains(origin.as_bytes()))
            }

            /// All but the origin.
            pub(crate) fn layer(policy: &Policy, origin: AllowOrigin) -> Result<CorsLayer, String> {
                let methods = match &policy.methods {
                    AllowList::Any => AllowMethods::any(),
                    AllowList::Mirror => AllowMethods::mirror_request(),
                    AllowList::List(methods) => {
                        AllowMethods::list(each(methods, |method| Method::from_bytes(method.as_str().as_bytes()))?)
                    }
                };
                let headers = match &policy.request_headers {
                    AllowList::Any => AllowHeaders::any(),
                    AllowList::Mirror => AllowHeaders::mirror_request(),
                    AllowList::List(names) => {
                        AllowHeaders::list(each(names, |name| name.as_str().parse::<HeaderName>())?)
                    }
                };
                let exposed = match &policy.exposed_headers {
                    AllowList::List(names) => {
                        ExposeHeaders::list(each(names, |name| name.as_str().parse::<HeaderName>())?)
                    }
                    AllowList::Any | AllowList::Mirror => ExposeHeaders::from(Any),
                };
                let mut layer = CorsLayer::new()
                    .allow_origin(origin)
                    .allow_credentials(policy.credentials)
                    .allow_methods(methods)
                    .allow_headers(headers)
                    .expose_headers(exposed);
                if let Some(seconds) = policy.max_age {
                    layer = layer.max_age(Duration::from_secs(seconds));
                }
                // Off unless asked for; its answer is then given on every preflight that asks.
                if policy.private_network {
                    layer = layer.allow_private_network(true);
                }
                Ok(layer)
            }
        }
    };
}

cors_layer!(v0_7, tower_http, "tower-http");
cors_layer!(v0_6, tower_http_0_6, "tower-http-0-6");
cors_layer!(v0_5, tower_http_0_5, "tower-http-0-5");
