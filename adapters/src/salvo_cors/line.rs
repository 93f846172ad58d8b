//! The service around the middleware, written once for all release lines of salvo-cors.

/// Defines a module for one release line: the configuration for a policy, and the service with the middleware.
macro_rules! salvo_cors_line {
    ($module:ident, $cors:ident, $core:ident, $feature:literal) => {
        #[cfg(feature = $feature)]
        pub(super) mod $module {
            use bytes::Bytes;
            use cors_policy::{AllowList, Policy};
            use http_body_util::BodyExt;
            use std::sync::Arc;
            use $core::{
                Depot, FlowCtrl, Handler, Router, Service, async_trait,
                http::{ReqBody, Request, Response, StatusCode, StatusError, uri::Scheme},
            };
            use $cors::{AllowHeaders, AllowMethods, AllowOrigin, Any, Cors, ExposeHeaders};

            use super::super::way::Way;
            use crate::{
                convert::{header_names, methods, origins},
                handler::Route,
                http_application::{HttpApplication, call_directly},
                http_handler::HttpHandler,
                middleware::NoServer,
                server::{NotRepresentable, Server, not_representable},
            };
            #[cfg(feature = "socket")]
            use crate::{http_application::serve_by_hyper, socket::Listening};

            pub(crate) fn build(
                way: Way,
                policy: Option<&Policy>,
                handler: &HttpHandler,
            ) -> Result<Box<dyn Server>, NoServer> {
                Ok(call_directly(Application::new(way, policy, handler)?, handler))
            }

            /// Serves by hyper, as salvo's server does.
            #[cfg(feature = "socket")]
            pub(crate) fn listen(
                way: Way,
                policy: Option<&Policy>,
                handler: &HttpHandler,
            ) -> Result<Listening, NoServer> {
                serve_by_hyper(Application::new(way, policy, handler)?, handler)
            }

            /// The service.
            #[derive(Clone)]
            struct Application(Arc<Service>);

            impl Application {
                /// Hoops the middleware on the service, as the documentation does. The first hoop is the outermost.
                fn new(way: Way, policy: Option<&Policy>, handler: &HttpHandler) -> Result<Self, NotRepresentable> {
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
            }

            impl HttpApplication for Application {
                /// Does what salvo's server does with a request.
                async fn ask(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, NotRepresentable> {
                    let request = Request::from_hyper(request.map(ReqBody::from), Scheme::HTTP);
                    let response = connection!($module, $core, self.0, request).handle(request).await;
                    let (parts, body) = response.into_hyper().into_parts();
                    let body = body.collect().await.map_err(not_representable)?;
                    Ok(http::Response::from_parts(parts, body.to_bytes()))
                }
            }

            /// Returns the configuration for a policy.
            fn cors(way: Way, policy: &Policy) -> Result<Cors, NotRepresentable> {
                match way {
                    Way::Default => return Ok(Cors::new()),
                    Way::Permissive => return Ok(Cors::permissive()),
                    Way::VeryPermissive => return Ok(Cors::very_permissive()),
                    Way::List | Way::Dynamic | Way::Judge => {}
                }
                let origin = match &policy.origins {
                    AllowList::Any => AllowOrigin::any(),
                    AllowList::Mirror => AllowOrigin::mirror_request(),
                    AllowList::List(listed) if way == Way::List => AllowOrigin::list(origins(listed)?),
                    AllowList::List(listed) => by_function!($module, listed),
                };
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
                let mut cors = Cors::new()
                    .allow_origin(origin)
                    .allow_methods(allowed_methods)
                    .allow_headers(allowed_headers)
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

            /// Returns the framework's error with a status.
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
                            // `render` and the like would append to a body that a hoop has written.
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

/// Configures a list of origins by a function. Each release line has its own kind of function.
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

/// Returns the handler of the connection from which a request comes, as salvo's server makes it. `Service::handle`
/// does the same, but it needs salvo_core's feature `test`, which brings three compression libraries.
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

/// Turns on private networks, if the release line has the option.
macro_rules! private_network {
    (v1, $cors:expr) => {
        $cors = $cors.allow_private_network(true)
    };
    (v0_8, $cors:expr) => {};
}

salvo_cors_line!(v1, salvo_cors, salvo_core, "salvo-cors");
salvo_cors_line!(v0_8, salvo_cors_0_8, salvo_core_0_8, "salvo-cors-0-8");
