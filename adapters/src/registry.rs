//! Every middleware that is built in.

use crate::Middleware;

/// Every real middleware whose feature is on, by name.
pub fn middlewares() -> Vec<Box<dyn Middleware>> {
    vec![
        #[cfg(feature = "actix-cors")]
        Box::new(crate::actix_cors::ActixCors),
        #[cfg(feature = "tower-http")]
        Box::new(crate::tower_http::TowerHttp),
    ]
}
