//! A CORS layer for tower: a list of origins, and what they may do.

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

/// What pages of other origins may do.
#[derive(Debug, Clone, Default)]
pub struct Cors {
    origins: Vec<HeaderValue>,
    /// Whether their fetches may include credentials.
    pub credentials: bool,
    /// Methods that they may use beside GET, HEAD and POST.
    pub methods: Vec<Method>,
    /// Request headers that they may set.
    pub request_headers: Vec<HeaderName>,
    /// Response headers that they may read.
    pub exposed_headers: Vec<HeaderName>,
    /// For how many seconds a preflight's answer may be kept.
    pub max_age: Option<u64>,
}

impl Cors {
    /// For pages of these origins.
    ///
    /// # Errors
    ///
    /// `null`, which any page can get by a sandboxed frame, and what is no header value.
    pub fn new<'a>(origins: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut cors = Self::default();
        for origin in origins {
            if origin == "null" {
                return Err("`null` is no origin to allow: any page can have it".to_owned());
            }
            cors.origins.push(origin.parse().map_err(|error| format!("{origin}: {error}"))?);
        }
        Ok(cors)
    }

    /// What every answer says, to whomever.
    fn say(&self, origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
        headers.append(VARY, ORIGIN.into());
        if let Some(origin) = origin.filter(|origin| self.origins.contains(origin)) {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            if self.credentials {
                headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            }
            insert_list(headers, ACCESS_CONTROL_EXPOSE_HEADERS, self.exposed_headers.iter().map(HeaderName::as_str));
        }
    }

    /// The answer to a preflight.
    fn preflight<B: Default>(&self, origin: Option<&HeaderValue>) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        self.say(origin, headers);
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

/// A list, where there is anything to list.
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

/// A service with [`Cors`] around it.
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
        let answered = self.inner.call(request);
        Box::pin(async move {
            let mut response = answered.await?;
            cors.say(origin.as_ref(), response.headers_mut());
            Ok(response)
        })
    }
}
