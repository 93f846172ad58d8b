//! All fetches that a policy decides, one for each case.

use cors_adapters::handler::Handler;
use cors_policy::{AllowList, Policy};
use cors_reference::{
    header_list::HeaderList,
    origin::Origin,
    request::{CredentialsMode, RequestInit},
};

use crate::{
    case::{Case, PageFetch, Visit},
    drive::permitted_origins,
    search::generate::near_origins::{near_origins, splices},
};

const URL: &str = "https://api.example/resource";
const UNLISTED_HEADER: &str = "X-Unlisted";

/// Returns a case for each combination of origin, credentials mode, method, header and status.
///
/// - The origins are those that the policy permits, those near them, `null` and an unrelated one.
/// - The methods are GET, the listed methods and an unlisted one.
/// - A request has no header, one of the listed headers or an unlisted one.
/// - The application answers 200, 404 or 500.
///
/// Further cases repeat each request from one permitted origin after a delay.
pub fn systematic(policy: &Policy) -> Vec<Case> {
    let (methods, headers) = (methods(policy), headers(policy));
    let mut cases = Vec::new();
    let case =
        |status: u16, visits: Vec<Visit>| Case { policy: policy.clone(), handler: handler(policy, status), visits };
    let requests: Vec<RequestInit> = [CredentialsMode::Omit, CredentialsMode::Include]
        .into_iter()
        .flat_map(|credentials| methods.iter().map(move |method| (credentials, method)))
        .flat_map(|(credentials, method)| {
            headers.iter().map(move |header| init(credentials, method, header.as_deref()))
        })
        .collect();
    for origin in origins(policy) {
        for request in &requests {
            cases.extend([200, 404, 500].map(|status| case(status, vec![visit(0, &origin, request)])));
        }
    }
    for origin in permitted_origins(policy).first().and_then(|origin| origin.parse().ok()).iter() {
        for (request, after_ms) in requests.iter().flat_map(|request| delays(policy).map(move |after| (request, after)))
        {
            cases.push(case(200, vec![visit(0, origin, request), visit(after_ms, origin, request)]));
        }
    }
    cases
}

fn visit(after_ms: u64, origin: &Origin, request: &RequestInit) -> Visit {
    let (page_origin, request) = (origin.clone(), request.clone());
    Visit::Fetch(PageFetch { after_ms, page_origin, url: URL.to_owned(), request })
}

fn init(credentials: CredentialsMode, method: &str, header: Option<&str>) -> RequestInit {
    let headers = header.and_then(|name| name.parse().ok()).map(|name| (name, "1".into())).into_iter().collect();
    RequestInit { method: method.to_owned(), headers, credentials, ..RequestInit::default() }
}

/// Returns an application that sends each exposed header and one that is not exposed.
fn handler(policy: &Policy, status: u16) -> Handler {
    let mut headers = HeaderList::EMPTY;
    for name in policy.exposed_headers.list() {
        headers.append(name.clone(), "1".into());
    }
    Handler { status, headers: headers.with(UNLISTED_HEADER, "1"), ..Handler::default() }
}

/// Returns the origins of pages, without duplicates.
fn origins(policy: &Policy) -> Vec<Origin> {
    let mut origins = permitted_origins(policy);
    let patterns = policy.origins.list();
    origins.extend(patterns.iter().flat_map(near_origins).map(|near| near.origin));
    for one in patterns {
        origins.extend(patterns.iter().filter_map(|other| splices(one, other)).map(|near| near.origin));
    }
    origins.extend(["null", "https://unrelated.invalid"].map(str::to_owned));
    let mut pages: Vec<Origin> = Vec::new();
    for origin in origins.iter().filter_map(|origin| origin.parse().ok()) {
        if !pages.contains(&origin) {
            pages.push(origin);
        }
    }
    pages
}

/// Returns GET, the listed methods and one method that is not listed.
fn methods(policy: &Policy) -> Vec<&str> {
    let listed = policy.methods.list().iter().map(|method| method.as_str()).filter(|method| *method != "GET");
    let unlisted =
        ["DELETE", "PUT", "UNLISTED"].into_iter().find(|method| listed.clone().all(|other| other != *method));
    ["GET"].into_iter().chain(listed).chain(unlisted).collect()
}

/// Returns no header, each listed header and one header that is not listed.
fn headers(policy: &Policy) -> Vec<Option<String>> {
    let listed = policy.request_headers.list().iter().map(|name| name.as_str().to_owned());
    // `*` in the standard never covers `Authorization`.
    let special = (policy.request_headers == AllowList::Any).then(|| "Authorization".to_owned());
    let unlisted = listed.clone().all(|name| !name.eq_ignore_ascii_case(UNLISTED_HEADER));
    let unlisted = unlisted.then(|| UNLISTED_HEADER.to_owned());
    [None].into_iter().chain(listed.chain(special).chain(unlisted).map(Some)).collect()
}

/// Returns the delays after which a fetch is repeated, in milliseconds. They lie within and beyond the default lifetime
/// of a cached preflight, and just before and after the lifetime that the policy sets.
fn delays(policy: &Policy) -> impl Iterator<Item = u64> {
    let max_age = policy.max_age.map(|seconds| seconds.saturating_mul(1_000));
    let around = max_age.into_iter().flat_map(|ms| [ms.saturating_sub(1_000), ms.saturating_add(1_000)]);
    [1_000, 10_000].into_iter().chain(around)
}
