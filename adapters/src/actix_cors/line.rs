//! The application around the middleware, written once for all release lines of actix-cors.

/// Defines a module for one release line: the configuration for a policy, and the application with the middleware.
macro_rules! actix_cors_line {
    ($module:ident, $line:ident, $feature:literal) => {
        #[cfg(feature = $feature)]
        pub(super) mod $module {
            use actix_web::{
                App,
                body::MessageBody,
                dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse},
                middleware::Condition,
                test::init_service,
                web,
            };
            use cors_policy::{
                AllowList, Policy,
                origin_set::{OriginPattern, OriginSet},
            };
            use futures_executor::block_on;
            use $line::Cors;

            use super::super::{
                message::{Call, caller, error, pair, to_actix},
                way::Way,
            };
            use crate::{
                handler::{Route, ScriptedHandler},
                server::{NotRepresentable, not_representable},
            };

            /// Starts an application and returns a function that calls it without a socket.
            pub(crate) fn start(
                way: Way,
                policy: Option<&Policy>,
                handler: ScriptedHandler,
            ) -> Result<Call, NotRepresentable> {
                let cors = policy.map(|policy| cors(way, policy)).transpose()?;
                // The middleware panics here if it refuses the configuration. It writes the reason to the `log` crate.
                Ok(caller(block_on(init_service(application(cors, handler)))))
            }

            /// Starts actix-web's server with one worker, on its own thread.
            #[cfg(feature = "socket")]
            pub(crate) fn serve(
                way: Way,
                policy: Option<Policy>,
                handler: ScriptedHandler,
            ) -> std::io::Result<crate::socket::Listening> {
                let scripted = handler.clone();
                let server = actix_web::HttpServer::new(move || {
                    crate::catch::silence_this_thread();
                    // Each worker builds its own application. The caller has checked that the policy is supported.
                    application(policy.as_ref().and_then(|policy| cors(way, policy).ok()), scripted.clone())
                });
                let server = server.workers(1).disable_signals().bind((std::net::Ipv4Addr::LOCALHOST, 0))?;
                let address = server.addrs().first().copied().ok_or(std::io::ErrorKind::AddrNotAvailable)?;
                let server = server.run();
                let handle = server.handle();
                let thread = std::thread::Builder::new().spawn(move || {
                    crate::catch::silence_this_thread();
                    actix_web::rt::System::new().block_on(server).unwrap_or_default();
                })?;
                // `stop` sends the command at once. The thread waits for the end, so that the future can be dropped.
                Ok(crate::socket::Listening::new(address, handler, thread, move || drop(handle.stop(false))))
            }

            /// Builds the application: the handler, an inner middleware, the middleware under test unless this is the
            /// control, and an outer middleware.
            fn application(
                cors: Option<Cors>,
                handler: ScriptedHandler,
            ) -> App<
                impl ServiceFactory<
                    ServiceRequest,
                    Config = (),
                    Response = ServiceResponse<impl MessageBody>,
                    Error = actix_web::Error,
                    InitError = (),
                >,
            > {
                let is_on = cors.is_some();
                let (inner, outer) = (handler.clone(), handler.clone());
                let route = handler.script().route;
                let respond = move || {
                    let response = handler.respond().map_err(error).map(|response| to_actix(&response));
                    async move { response }
                };
                let application = match route {
                    Route::Every => App::new().default_service(web::to(respond)),
                    Route::GetOnly => App::new().route("/{path}*", web::get().to(respond)),
                    Route::Missing => App::new(),
                };
                // The last `wrap` is the outermost.
                application
                    .wrap_fn(move |request, next| {
                        let answer = match inner.inner_failure() {
                            Some(status) => Err(error(status)),
                            None => Ok(next.call(request)),
                        };
                        async move { answer?.await }
                    })
                    .wrap(Condition::new(is_on, cors.unwrap_or_default()))
                    .wrap_fn(move |request, next| {
                        let outer = outer.clone();
                        let answer = next.call(request);
                        async move {
                            let append = move |headers: &mut actix_web::http::header::HeaderMap| {
                                for (name, value) in outer.script().outer_headers.iter() {
                                    if let Ok((name, value)) = pair(name.as_str(), value.as_bytes()) {
                                        headers.append(name, value);
                                    }
                                }
                            };
                            match answer.await {
                                Ok(mut response) => {
                                    append(response.headers_mut());
                                    Ok(response)
                                }
                                Err(mut error) => {
                                    error.add_response_mapper(move |mut response| {
                                        append(response.headers_mut());
                                        response
                                    });
                                    Err(error)
                                }
                            }
                        }
                    })
            }

            /// Returns the configuration for a policy.
            fn cors(way: Way, policy: &Policy) -> Result<Cors, NotRepresentable> {
                let mut cors = match way {
                    Way::Permissive => return Ok(Cors::permissive()),
                    Way::Default => return Ok(Cors::default()),
                    Way::Blocking => Cors::default().block_on_origin_mismatch(true),
                    Way::List | Way::Predicate => Cors::default(),
                };
                match &policy.origins {
                    // "send_wildcard: Set to use wildcard origins"; without it the middleware echoes every origin.
                    AllowList::Any => cors = cors.allow_any_origin().send_wildcard(),
                    AllowList::Mirror => cors = cors.allow_any_origin(),
                    AllowList::List(patterns) => {
                        let is_listed = |pattern: &&OriginPattern| pattern.is_exact() && way != Way::Predicate;
                        for pattern in patterns.iter().filter(is_listed) {
                            cors = cors.allowed_origin(pattern.as_str());
                        }
                        // "allowed_origin_fn: Determinate allowed origins by processing requests which didn't match
                        // any origins specified in the allowed_origin."
                        let others: Vec<OriginPattern> =
                            patterns.iter().filter(|pattern| !is_listed(pattern)).cloned().collect();
                        if !others.is_empty() {
                            let set = OriginSet::new(&others);
                            cors = cors.allowed_origin_fn(move |origin, _| set.contains(origin.as_bytes()));
                        }
                    }
                }
                if let AllowList::List(methods) = &policy.methods {
                    // The middleware compares every method with the list, so that GET, HEAD and POST are listed, as
                    // in the crate's own example.
                    let safelisted = ["GET", "HEAD", "POST"].into_iter();
                    cors = cors.allowed_methods(safelisted.chain(methods.iter().map(|method| method.as_str())));
                }
                cors = match &policy.request_headers {
                    AllowList::List(names) => cors.allowed_headers(names.iter().map(|name| name.as_str())),
                    AllowList::Any | AllowList::Mirror => cors.allow_any_header(),
                };
                cors = match &policy.exposed_headers {
                    AllowList::List(names) => cors.expose_headers(names.iter().map(|name| name.as_str())),
                    AllowList::Any | AllowList::Mirror => cors.expose_any_header(),
                };
                if policy.credentials {
                    cors = cors.supports_credentials();
                }
                if policy.private_network {
                    cors = cors.allow_private_network_access();
                }
                Ok(cors.max_age(policy.max_age.map(usize::try_from).transpose().map_err(not_representable)?))
            }
        }
    };
}

actix_cors_line!(v0_7, actix_cors, "actix-cors");
actix_cors_line!(v0_6, actix_cors_0_6, "actix-cors-0-6");
