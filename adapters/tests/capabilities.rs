//! Each row builds a server for every policy that it declares to support.

use cors_adapters::{Middleware, NoServer, build, handler::Handler, registry::middlewares};
use cors_policy::{
    Policy,
    capability::{Capability, Support},
};

fn rows() -> impl Iterator<Item = &'static dyn Middleware> {
    middlewares().filter(|middleware| middleware.fixed().is_none())
}

#[test]
fn a_row_builds_what_it_declares_to_support() {
    for middleware in rows() {
        for capability in Capability::ALL {
            let policy: Policy = serde_json::from_str(capability.example()).unwrap();
            let needed = Capability::ALL.into_iter().filter(|capability| capability.is_needed_by(&policy));
            if needed.into_iter().all(|needed| matches!(middleware.support(needed), Support::Yes(_))) {
                // Some rows support a part only together with credentials.
                let with_credentials = Policy { credentials: true, ..policy.clone() };
                let is_built = |policy: &Policy| {
                    !matches!(build(middleware, Some(policy), &Handler::default()), Err(NoServer::Unsupported(_)))
                };
                let name = middleware.describe().name;
                assert!(is_built(&policy) || is_built(&with_credentials), "{name}: {capability}");
            }
        }
    }
}

#[test]
fn a_row_names_the_option_or_the_reason_for_each_capability() {
    for middleware in rows() {
        for capability in Capability::ALL {
            let (Support::Yes(text) | Support::No(text)) = middleware.support(capability);
            assert!(text.len() > 3 && !text.ends_with('.'), "{}: {capability}: {text}", middleware.describe().name);
        }
    }
}

#[test]
fn a_fixed_row_serves_only_its_own_policy() {
    for middleware in middlewares() {
        let Some(fixed) = middleware.fixed() else { continue };
        let name = middleware.describe().name;
        let other = Policy { max_age: Some(1), ..fixed.clone() };
        assert!(build(middleware, Some(&fixed), &Handler::default()).is_ok(), "{name}");
        assert!(
            matches!(build(middleware, Some(&other), &Handler::default()), Err(NoServer::Unsupported(_))),
            "{name}"
        );
    }
}
