//! The capability table is true: what a row says that it can say, it builds a server for.

use cors_adapters::{Middleware, NoServer, build, handler::Handler, registry::middlewares};
use cors_policy::{
    Policy,
    capability::{Capability, Support},
};

fn rows() -> impl Iterator<Item = &'static dyn Middleware> {
    middlewares().filter(|middleware| middleware.fixed().is_none())
}

#[test]
fn what_a_row_can_say_it_builds() {
    for middleware in rows() {
        for capability in Capability::ALL {
            let policy: Policy = serde_json::from_str(capability.example()).unwrap();
            let needed = Capability::ALL.into_iter().filter(|capability| capability.is_needed_by(&policy));
            if needed.into_iter().all(|needed| matches!(middleware.support(needed), Support::Yes(_))) {
                // Some can be said beside credentials alone.
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
fn a_row_tells_by_what_it_says_something_or_why_it_cannot() {
    for middleware in rows() {
        for capability in Capability::ALL {
            let (Support::Yes(text) | Support::No(text)) = middleware.support(capability);
            assert!(text.len() > 3 && !text.ends_with('.'), "{}: {capability}: {text}", middleware.describe().name);
        }
    }
}

#[test]
fn a_fixed_row_serves_its_own_policy_alone() {
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
