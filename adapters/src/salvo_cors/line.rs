//! A service around one line of salvo-cors, the same text for each.

/// Defines, for one line of salvo, the handler that says a policy and the service that wears it.
macro_rules! salvo_cors_line {
    ($module:ident, $cors:ident, $core:ident, $feature:literal) => {
        #[cfg(feature = $feature)]
        pub(super) mod $module {
            use bytes::Bytes;
            use cors_policy::{AllowList, Policy};
            use http::{HeaderName, HeaderValue, Method};
            use http_body_util::{BodyExt, Full};
            use std::sync::Arc;
            use $core::{
                Depot, FlowCtrl, Handler, Router, Service, async_trait,
                http::{ReqBody, Request, Response, StatusCode, StatusError, uri::Scheme},
            };
            use $cors::{AllowHeaders, AllowMethods, AllowOrigin, Any, Cors, ExposeHeaders};

            use crate::{
                NotRepresentable,
                handler::Route,
                http_handler::HttpHandler,
                salvo_cors::{Way, each},
            };

            /// A service, asked for one answer.
            #[derive(Clone)]
            pub(crate) struct Salvo(Arc<Service>);

            impl Salvo {
                /// The middleware, or none for the control, on the service, as its documentation has it: the first
                /// to be hooped is the outermost.
                pub(crate) fn new(way: Way, policy: Option<&Policy>, handler: &HttpHandler) -> Result<Self, String> {
                    let router = match handler.route() {
                        Route::Every => Router::with_path("{**rest}").goal(Respond(handler.clone())),
                        Route::GetOnly => Router::with_path("{**rest}").get(Respond(handler.clone())),
                        Route::Missing => Router::new(),
                    };
                    let mut service = Service::new(router);
                    if handler.has_outer_headers() {
                        service = service.hoop(Append(handler.clone()));
                    }
                    if let Some(policy) = policy {
                        service = service.hoop(cors(way, policy)?.into_handler());
                    }
                    if let Some(status) = handler.inner_failure() {
                        service = service.hoop(Refuse(status));
                    }
                    Ok(Self(Arc::new(service)))
                }

                /// What it answers.
                pub(crate) async fn ask(
                    &self,
                    request: http::Request<Full<Bytes>>,
                ) -> Result<http::Response<Bytes>, NotRepresentable> {
                    let (parts, body) = request.into_parts();
                    let Ok(body) = body.collect().await;
                    let request = http::Request::from_parts(parts, ReqBody::from(body.to_bytes()));
                    let request = Request::from_hyper(request, Scheme::HTTP);
                    let response = connection!($module, $core, self.0, request).handle(request).await;
                    let (parts, body) = response.into_hyper().into_parts();
                    let body = body.collect().await.map_err(|error| NotRepresentable(error.to_string()))?;
                    Ok(http::Response::from_parts(parts, body.to_bytes()))
                }
            }

            /// The configuration that says the policy.
            fn cors(way: Way, policy: &Policy) -> Result<Cors, String> {
                match way {
                    Way::Default => return Ok(Cors::new()),
                    Way::Permissive => return Ok(Cors::permissive()),
                    Way::VeryPermissive => return Ok(Cors::very_permissive()),
                    Way::List | Way::Dynamic | Way::Judge => {}
                }
                let origin = match &policy.origins {
                    AllowList::Any => AllowOrigin::any(),
                    AllowList::Mirror => AllowOrigin::mirror_request(),
                    AllowList::List(origins) if way == Way::List => {
                        AllowOrigin::list(each(origins, |origin| HeaderValue::from_str(origin.as_str()))?)
                    }
                    AllowList::List(origins) => by_function!($module, origins),
                };
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
                let mut cors = Cors::new()
                    .allow_origin(origin)
                    .allow_methods(methods)
                    .allow_headers(headers)
                    .expose_headers(exposed)
                    .allow_credentials(policy.credentials);
                if let Some(seconds) = policy.max_age {
                    cors = cors.max_age(std::time::Duration::from_secs(seconds));
                }
                if policy.private_network {
                    private_network!($module, cors);
                }
                Ok(cors)
            }

            /// The framework's error of that status.
            fn error(status: StatusCode) -> StatusError {
                StatusError::from_code(status).unwrap_or_else(StatusError::internal_server_error)
            }

            struct Respond(HttpHandler);

            #[async_trait]
            impl Handler for Respond {
                async fn handle(&self, _: &mut Request, _: &mut Depot, response: &mut Response, _: &mut FlowCtrl) {
                    match self.0.respond::<Bytes>() {
                        Ok(scripted) => {
                            let (parts, body) = scripted.into_parts();
                            response.status_code(parts.status);
                            for (name, value) in &parts.headers {
                                response.headers_mut().append(name, value.clone());
                            }
                            // A body that was written already would be none of the script's.
                            response.body(body);
                        }
                        Err(status) => response.render(error(status)),
                    }
                }
            }

            struct Refuse(StatusCode);

            #[async_trait]
            impl Handler for Refuse {
                async fn handle(&self, _: &mut Request, _: &mut Depot, response: &mut Response, flow: &mut FlowCtrl) {
                    response.render(error(self.0));
                    flow.skip_rest();
                }
            }

            struct Append(HttpHandler);

            #[async_trait]
            impl Handler for Append {
                async fn handle(
                    &self,
                    request: &mut Request,
                    depot: &mut Depot,
                    response: &mut Response,
                    flow: &mut FlowCtrl,
                ) {
                    flow.call_next(request, depot, response).await;
                    self.0.append_outer_headers(response.headers_mut());
                }
            }
        }
    };
}

/// The way to say origins by a function, which each line has of its own.
macro_rules! by_function {
    (v1, $origins:expr) => {{
        let set = cors_policy::origin_set::OriginSet::new($origins);
        AllowOrigin::dynamic(move |origin, _, _| origin.filter(|origin| set.contains(origin.as_bytes())).cloned())
    }};
    (v0_8, $origins:expr) => {{
        let set = cors_policy::origin_set::OriginSet::new($origins);
        AllowOrigin::judge(move |origin, _, _| set.contains(origin.as_bytes()))
    }};
}

/// The handler of a connection from which the request comes, as salvo's server makes it. `Service::handle` does the
/// same, but only with salvo_core's feature `test`, which also brings three compression libraries.
macro_rules! connection {
    (v1, $core:ident, $service:expr, $request:expr) => {
        $service.hyper_handler(
            $request.local_addr().clone(),
            $request.remote_addr().clone(),
            $request.scheme().clone(),
            None,
            $core::conn::ConnCtrl::new(),
            None,
        )
    };
    (v0_8, $core:ident, $service:expr, $request:expr) => {
        $service.hyper_handler(
            $request.local_addr().clone(),
            $request.remote_addr().clone(),
            $request.scheme().clone(),
            None,
            None,
        )
    };
}

macro_rules! private_network {
    (v1, $cors:expr) => {
        $cors = $cors.allow_private_network(true)
    };
    (v0_8, $cors:expr) => {};
}

salvo_cors_line!(v1, salvo_cors, salvo_core, "salvo-cors");
salvo_cors_line!(v0_8, salvo_cors_0_8, salvo_core_0_8, "salvo-cors-0-8");
