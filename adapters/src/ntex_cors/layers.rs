//! The middlewares around the handler.

use ntex::{
    Middleware, Service, ServiceCtx, SharedCfg,
    http::StatusCode,
    web::{DefaultError, Error, WebRequest, WebResponse},
};
use ntex_cors::{CorsFactory, CorsMiddleware};

use super::message::{Headers, append, error};

/// The middleware under test, or no middleware.
pub(super) struct MaybeCors(pub(super) Option<CorsFactory<DefaultError>>);

pub(super) enum MaybeCorsService<S> {
    With(CorsMiddleware<S>),
    Without(S),
}

impl<S> Middleware<S, SharedCfg> for MaybeCors
where
    S: Service<WebRequest<DefaultError>, Response = WebResponse, Error = Error>,
{
    type Service = MaybeCorsService<S>;

    fn create(&self, service: S, cfg: SharedCfg) -> Self::Service {
        match &self.0 {
            Some(cors) => MaybeCorsService::With(cors.create(service, cfg)),
            None => MaybeCorsService::Without(service),
        }
    }
}

impl<S> Service<WebRequest<DefaultError>> for MaybeCorsService<S>
where
    S: Service<WebRequest<DefaultError>, Response = WebResponse, Error = Error>,
{
    type Response = WebResponse;
    type Error = Error;

    async fn call(&self, request: WebRequest<DefaultError>, ctx: ServiceCtx<'_, Self>) -> Result<WebResponse, Error> {
        match self {
            Self::With(service) => ctx.call(service, request).await,
            Self::Without(service) => ctx.call(service, request).await,
        }
    }
}

/// A middleware that refuses every request with a status, if it has one.
pub(super) struct Refuse(pub(super) Option<StatusCode>);

pub(super) struct RefuseService<S>(S, Option<StatusCode>);

impl<S> Middleware<S, SharedCfg> for Refuse {
    type Service = RefuseService<S>;

    fn create(&self, service: S, _: SharedCfg) -> Self::Service {
        RefuseService(service, self.0)
    }
}

impl<S> Service<WebRequest<DefaultError>> for RefuseService<S>
where
    S: Service<WebRequest<DefaultError>, Response = WebResponse, Error = Error>,
{
    type Response = WebResponse;
    type Error = Error;

    async fn call(&self, request: WebRequest<DefaultError>, ctx: ServiceCtx<'_, Self>) -> Result<WebResponse, Error> {
        match self.1 {
            Some(status) => Err(error(status.as_u16())),
            None => ctx.call(&self.0, request).await,
        }
    }
}

/// A middleware that appends headers to every answer.
pub(super) struct Append(pub(super) Headers);

pub(super) struct AppendService<S>(S, Headers);

impl<S> Middleware<S, SharedCfg> for Append {
    type Service = AppendService<S>;

    fn create(&self, service: S, _: SharedCfg) -> Self::Service {
        AppendService(service, self.0.clone())
    }
}

impl<S> Service<WebRequest<DefaultError>> for AppendService<S>
where
    S: Service<WebRequest<DefaultError>, Response = WebResponse, Error = Error>,
{
    type Response = WebResponse;
    type Error = Error;

    async fn call(&self, request: WebRequest<DefaultError>, ctx: ServiceCtx<'_, Self>) -> Result<WebResponse, Error> {
        let mut response = ctx.call(&self.0, request).await?;
        append(response.headers_mut(), &self.1);
        Ok(response)
    }
}
