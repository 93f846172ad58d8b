//! The layer for a policy, written once for all release lines of tower-http.

/// Defines a module for one release line: functions that put the layer for a policy around an application.
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
            use http::{HeaderValue, request::Parts};
            use $line::cors::{AllowHeaders, AllowMethods, AllowOrigin, Any, CorsLayer, ExposeHeaders};

            use crate::{
                convert::{header_names, methods, origins},
                server::NotRepresentable,
            };

            /// "`AllowOrigin::list`: Allow multiple allowed origins"; the documentation uses `predicate` for
            /// patterns.
            pub(crate) fn by_list(policy: &Policy, application: Router) -> Result<Router, NotRepresentable> {
                let origin = match &policy.origins {
                    AllowList::Any => AllowOrigin::any(),
                    AllowList::Mirror => AllowOrigin::mirror_request(),
                    AllowList::List(patterns) if patterns.iter().all(OriginPattern::is_exact) => {
                        AllowOrigin::list(origins(patterns)?)
                    }
                    AllowList::List(patterns) => predicate(patterns),
                };
                Ok(application.layer(layer(policy, origin)?))
            }

            /// "`AllowOrigin::predicate`: Set the allowed origins from a predicate", for every list.
            #[allow(dead_code, reason = "only one release line has a row for it")]
            pub(crate) fn by_predicate(policy: &Policy, application: Router) -> Result<Router, NotRepresentable> {
                Ok(application.layer(layer(policy, predicate(policy.origins.list()))?))
            }

            fn predicate(patterns: &[OriginPattern]) -> AllowOrigin {
                let set = OriginSet::new(patterns);
                AllowOrigin::predicate(move |origin: &HeaderValue, _: &Parts| set.contains(origin.as_bytes()))
            }

            /// Returns the layer for a policy, with an origin that the caller configures.
            pub(crate) fn layer(policy: &Policy, origin: AllowOrigin) -> Result<CorsLayer, NotRepresentable> {
                let allowed_methods = match &policy.methods {
                    AllowList::Any => AllowMethods::any(),
                    AllowList::Mirror => AllowMethods::mirror_request(),
                    AllowList::List(listed) => AllowMethods::list(methods(listed)?),
                };
                let allowed_headers = match &policy.request_headers {
                    AllowList::Any => AllowHeaders::any(),
                    AllowList::Mirror => AllowHeaders::mirror_request(),
                    AllowList::List(names) => AllowHeaders::list(header_names(names)?),
                };
                let exposed = match &policy.exposed_headers {
                    AllowList::List(names) => ExposeHeaders::list(header_names(names)?),
                    AllowList::Any | AllowList::Mirror => ExposeHeaders::from(Any),
                };
                let mut layer = CorsLayer::new()
                    .allow_origin(origin)
                    .allow_credentials(policy.credentials)
                    .allow_methods(allowed_methods)
                    .allow_headers(allowed_headers)
                    .expose_headers(exposed);
                if let Some(seconds) = policy.max_age {
                    layer = layer.max_age(Duration::from_secs(seconds));
                }
                // If the option is on, every preflight that asks for a private network gets its answer.
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
