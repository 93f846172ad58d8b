//! The groups of cases: policies, each with fetches that show whether it is served.

use cors_adapters::handler::Handler;
use cors_conformance::case::{Case, Visit};
use cors_policy::Policy;
use serde_json::{Value, json};

use super::fetches::{APP, EVIL, Fetches, NEAR_MISSES, PAGES, Page, USUAL};
use crate::browsers::cases::World;

/// The cases of one policy and one handler, which one server serves.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) policy: Policy,
    pub(super) handler: Handler,
    /// The cases with their ids, which are `group/fetch`.
    pub(super) cases: Vec<(String, Case)>,
}

/// Returns all groups, always in the same order.
///
/// # Errors
///
/// Returns an error if a policy or a handler in this file is invalid.
pub(super) fn groups(world: World) -> serde_json::Result<Vec<Group>> {
    let group = |name: &'static str, policy: Value, handler: Value, fetches: Vec<Fetches>| {
        let (policy, handler): (Policy, Handler) = (serde_json::from_value(policy)?, serde_json::from_value(handler)?);
        let cases = fetches.iter().map(|fetches| {
            let id = format!("{name}/{}", fetches.name);
            let url = format!("http://127.0.0.1:{}/c/{id}/0", world.target);
            let visits = fetches.page_fetches(world, &url).into_iter().map(Visit::Fetch).collect();
            (id, Case { policy: policy.clone(), handler: handler.clone(), visits })
        });
        Ok(Group { name, cases: cases.collect(), policy, handler })
    };
    let origins = origins(world).into_iter().map(|(name, policy)| group(name, policy, json!({}), by_each_page()));
    let others =
        others(world).into_iter().map(|(name, policy, handler, fetches)| group(name, policy, handler, fetches));
    origins.chain(others).collect()
}

/// Returns the policies about origins, without and with credentials.
fn origins(world: World) -> Vec<(&'static str, Value)> {
    let [usual, app] = [USUAL, APP].map(|page| page.origin(world));
    let subdomains = format!("http://*.localhost:{}", world.page);
    let kinds = [
        ["any", "any-credentials"].map(|name| (name, json!("any"))),
        ["mirror", "mirror-credentials"].map(|name| (name, json!("mirror"))),
        ["one", "one-credentials"].map(|name| (name, json!([usual]))),
        ["several", "several-credentials"].map(|name| (name, json!([usual, app]))),
        ["subdomains", "subdomains-credentials"].map(|name| (name, json!([subdomains]))),
        ["any-port", "any-port-credentials"].map(|name| (name, json!(["http://localhost:*"]))),
        ["subdomains-any-port", "subdomains-any-port-credentials"].map(|name| (name, json!(["http://*.localhost:*"]))),
        ["null", "null-credentials"].map(|name| (name, json!(["null"]))),
        ["none", "none-credentials"].map(|name| (name, json!([]))),
    ];
    let policies = kinds.into_iter().flat_map(|both| both.into_iter().zip([false, true]));
    policies
        .map(|((name, origins), credentials)| {
            let policy =
                json!({"origins": origins, "credentials": credentials, "methods": ["PUT"], "request_headers": ["x-a"]});
            (name, policy)
        })
        .collect()
}

/// Returns simple and preflighted fetches from each page.
fn by_each_page() -> Vec<Fetches> {
    let put = || Fetches::new("PUT").header("X-A", "1");
    let each = |page| [Fetches::new("GET"), Fetches::new("GET").include(), put()].map(|fetches| fetches.from(page));
    let mut fetches: Vec<Fetches> = PAGES.into_iter().flat_map(each).collect();
    fetches.push(put().include());
    fetches
}

/// Returns a fetch from each page whose origin is similar to the permitted one.
fn near_misses() -> Vec<Fetches> {
    NEAR_MISSES.map(|page| Fetches::new("GET").from(page)).into()
}

/// The name, policy, handler and fetches of a group.
type GroupTuple = (&'static str, Value, Value, Vec<Fetches>);

/// Returns the groups about everything except origins. They permit the usual page and another one.
fn others(world: World) -> Vec<GroupTuple> {
    let [usual, app] = [USUAL, APP].map(|page| page.origin(world));
    let both = json!([usual, app]);
    let with = |more: Value| {
        let mut policy = json!({"origins": both});
        if let (Some(policy), Value::Object(more)) = (policy.as_object_mut(), more) {
            policy.extend(more);
        }
        policy
    };
    let of_headers = json!({"headers": [["X-A", "a"], ["X-B", "b"], ["Vary", "Accept"], ["Content-Language", "en"]]});
    let answers = |status: u16| json!({"status": status, "body": if status == 204 { "" } else { "text" }});
    let puts = || with(json!({"methods": ["PUT"], "request_headers": ["x-a"], "credentials": true}));
    let none = || json!({});
    let aged = |max_age: Value| with(json!({"methods": ["PUT"], "request_headers": ["x-a"], "max_age": max_age}));
    vec![
        ("near-misses", json!({"origins": [NEAR_MISSES[0].origin(world)]}), none(), near_misses()),
        ("methods-list", with(json!({"methods": ["PUT", "patch"]})), none(), methods()),
        ("methods-list-credentials", with(json!({"methods": ["PUT"], "credentials": true})), none(), methods()),
        ("methods-any", with(json!({"methods": "any"})), none(), methods()),
        ("methods-any-credentials", with(json!({"methods": "any", "credentials": true})), none(), methods()),
        ("methods-mirror", with(json!({"methods": "mirror"})), none(), methods()),
        ("methods-mirror-credentials", with(json!({"methods": "mirror", "credentials": true})), none(), methods()),
        ("headers-list", with(json!({"request_headers": ["x-a", "Content-Type"]})), none(), headers()),
        ("headers-authorization", with(json!({"request_headers": ["authorization"]})), none(), headers()),
        ("headers-list-credentials", with(json!({"request_headers": ["X-A"], "credentials": true})), none(), headers()),
        ("headers-any", with(json!({"request_headers": "any"})), none(), headers()),
        ("headers-any-credentials", with(json!({"request_headers": "any", "credentials": true})), none(), headers()),
        ("headers-mirror", with(json!({"request_headers": "mirror"})), none(), headers()),
        (
            "headers-mirror-credentials",
            with(json!({"request_headers": "mirror", "credentials": true})),
            none(),
            headers(),
        ),
        ("exposed-none", with(none()), of_headers.clone(), reads()),
        ("exposed-list", with(json!({"exposed_headers": ["x-b", "Vary"]})), of_headers.clone(), reads()),
        (
            "exposed-list-credentials",
            with(json!({"exposed_headers": ["X-B"], "credentials": true})),
            of_headers.clone(),
            reads(),
        ),
        ("exposed-any", with(json!({"exposed_headers": "any"})), of_headers.clone(), reads()),
        ("exposed-any-credentials", with(json!({"exposed_headers": "any", "credentials": true})), of_headers, reads()),
        ("max-age-unsaid", aged(Value::Null), none(), visits()),
        ("max-age-0", aged(json!(0)), none(), visits()),
        ("max-age-1", aged(json!(1)), none(), visits()),
        ("max-age-600", aged(json!(600)), none(), visits()),
        ("handler-204", puts(), answers(204), statuses()),
        ("handler-404", puts(), answers(404), statuses()),
        ("handler-500", puts(), answers(500), statuses()),
        ("handler-varies", puts(), json!({"headers": [["Vary", "Accept-Language"], ["Vary", "Origin"]]}), statuses()),
        ("no-cors", puts(), none(), [USUAL, EVIL].into_iter().flat_map(no_cors).collect()),
    ]
}

/// Returns fetches with different methods.
fn methods() -> Vec<Fetches> {
    let each = ["GET", "POST", "PUT", "PATCH", "patch", "DELETE"].map(Fetches::new);
    let more = [Fetches::new("POST").text(), Fetches::new("PUT").text(), Fetches::new("PUT").include()];
    each.into_iter().chain(more).chain([Fetches::new("DELETE").include()]).collect()
}

/// Returns fetches with different request headers.
fn headers() -> Vec<Fetches> {
    let get = || Fetches::new("GET");
    vec![
        get().header("X-A", "1"),
        get().header("X-B", "1"),
        get().header("X-A", "1").header("X-B", "1"),
        get().header("Authorization", "Bearer a"),
        get().header("Accept-Language", "en"),
        get().header("X-A", "1").include(),
        get().header("Authorization", "Bearer a").include(),
        Fetches::new("POST").header("Content-Type", "application/json").text(),
    ]
}

/// Returns fetches that read response headers.
fn reads() -> Vec<Fetches> {
    vec![
        Fetches::new("GET"),
        Fetches::new("GET").include(),
        Fetches::new("POST").text(),
        Fetches::new("GET").from(EVIL),
    ]
}

/// Returns repeated fetches, for the CORS-preflight cache.
fn visits() -> Vec<Fetches> {
    let put = || Fetches::new("PUT").header("X-A", "1");
    // Two seconds are less than five, the default of the standard, and more than one.
    vec![put().again(&[0], "twice"), put().again(&[0, 0], "thrice"), put().again(&[2000], "and-after-2s")]
}

/// Returns fetches for handlers with different statuses.
fn statuses() -> Vec<Fetches> {
    let put = || Fetches::new("PUT").header("X-A", "1");
    let each =
        [Fetches::new("GET"), Fetches::new("GET").include(), Fetches::new("POST").text(), put(), put().include()];
    each.into_iter().chain([Fetches::new("GET").from(EVIL), put().from(EVIL)]).collect()
}

/// Returns fetches without CORS.
fn no_cors(page: Page) -> [Fetches; 3] {
    [Fetches::new("GET"), Fetches::new("GET").include(), Fetches::new("POST").text()].map(|f| f.no_cors().from(page))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cors_reference::request::Request;

    use super::*;

    #[test]
    fn every_case_is_valid_and_has_a_distinct_id() {
        let groups = groups(World { page: 18000, target: 18001, third: 18002 }).unwrap();
        let names: BTreeSet<_> = groups.iter().map(|group| group.name).collect();
        assert_eq!(names.len(), groups.len());
        let cases: Vec<_> = groups.iter().flat_map(|group| &group.cases).collect();
        let ids: BTreeSet<_> = cases.iter().map(|(id, _)| id).collect();
        assert_eq!(ids.len(), cases.len());
        assert!((200..=600).contains(&cases.len()), "{}", cases.len());
        for (id, case) in cases {
            case.validate().unwrap();
            for visit in &case.visits {
                let Visit::Fetch(fetch) = visit else { panic!("{id}") };
                assert!(fetch.url.ends_with(&format!("/c/{id}/0")), "{id}");
                assert!(Request::new(&fetch.page_origin, &fetch.url, &fetch.request).is_ok(), "{id}");
            }
        }
    }
}
