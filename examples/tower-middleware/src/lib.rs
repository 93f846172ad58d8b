//! A CORS layer for tower that permits a list of origins.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
        ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
    },
};
use tower_layer::Layer;
use tower_service::Service;

/// The configuration: the permitted origins, and what their pages may do.
#[derive(Debug, Clone, Default)]
pub struct Cors {
    origins: Vec<HeaderValue>,
    /// True if fetches may include credentials.
    pub credentials: bool,
    /// Permitted methods in addition to GET, HEAD, and POST.
    pub methods: Vec<Method>,
    /// Permitted request headers.
    pub request_headers: Vec<HeaderName>,
    /// Response headers that pages may read.
    pub exposed_headers: Vec<HeaderName>,
    /// Seconds for which a browser may cache the response to a preflight.
    pub max_age: Option<u64>,
}

impl Cors {
    /// Creates a layer that permits pages of `origins`.
    ///
    /// # Errors
    ///
    /// Returns an error for `null`, which every page can get with a sandboxed frame, and for an invalid header value.
    pub fn new<'a>(origins: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut cors = Self::default();
        for origin in origins {
            if origin == "null" {
                return Err("`null` must not be allowed: every page can have this origin".to_owned());
            }
            cors.origins.push(origin.parse().map_err(|error| format!("{origin}: {error}"))?);
        }
        Ok(cors)
    }

    /// Adds the headers that belong on every response.
    fn add_headers(&self, origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
        headers.append(VARY, ORIGIN.into());
        if let Some(origin) = origin.filter(|origin| self.origins.contains(origin)) {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            if self.credentials {
                headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            }
            insert_list(headers, ACCESS_CONTROL_EXPOSE_HEADERS, self.exposed_headers.iter().map(HeaderName::as_str));
        }
    }

    /// Builds the response to a preflight.
    fn preflight<B: Default>(&self, origin: Option<&HeaderValue>) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        self.add_headers(origin, headers);
        if headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
            headers.remove(ACCESS_CONTROL_EXPOSE_HEADERS);
            insert_list(headers, ACCESS_CONTROL_ALLOW_METHODS, self.methods.iter().map(Method::as_str));
            insert_list(headers, ACCESS_CONTROL_ALLOW_HEADERS, self.request_headers.iter().map(HeaderName::as_str));
            if let Some(seconds) = self.max_age {
                headers.insert(ACCESS_CONTROL_MAX_AGE, seconds.into());
            }
        }
        response
    }
}

/// Inserts a header with a list of items, unless the list is empty.
fn insert_list<'a>(headers: &mut HeaderMap, name: HeaderName, items: impl Iterator<Item = &'a str>) {
    let list = items.collect::<Vec<_>>().join(", ");
    if let Ok(list) = list.parse::<HeaderValue>()
        && !list.is_empty()
    {
        headers.insert(name, list);
    }
}

impl<S> Layer<S> for Cors {
    type Service = CorsService<S>;

    fn layer(&self, inner: S) -> CorsService<S> {
        CorsService { cors: self.clone(), inner }
    }
}

/// A service that [`Cors`] wraps.
#[derive(Debug, Clone)]
pub struct CorsService<S> {
    cors: Cors,
    inner: S,
}

impl<S, A, B> Service<Request<A>> for CorsService<S>
where
    S: Service<Request<A>, Response = Response<B>, Future: Send + 'static, Error: Send + 'static>,
    B: Default + Send + 'static,
{
    type Response = Response<B>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<B>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<A>) -> Self::Future {
        let (cors, origin) = (self.cors.clone(), request.headers().get(ORIGIN).cloned());
        let is_preflight = request.method() == Method::OPTIONS
            && origin.is_some()
            && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        if is_preflight {
            let response = cors.preflight(origin.as_ref());
            return Box::pin(async { Ok(response) });
        }
        let response = self.inner.call(request);
        Box::pin(async move {
            let mut response = response.await?;
            cors.add_headers(origin.as_ref(), response.headers_mut());
            Ok(response)
        })
    }
}
