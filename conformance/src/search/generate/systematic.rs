//! Every fetch that a policy is about, one a case.

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

/// Each origin that a policy permits, or that is near one, `null`, and an unrelated one; without credentials and with
/// them; with GET, each listed method and an unlisted one; without a header, with each listed one and with an unlisted
/// one; before an application that succeeds, finds nothing, and fails. Then each of the methods twice, over a time.
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

/// An application that sends each exposed header, and one that is not.
fn handler(policy: &Policy, status: u16) -> Handler {
    let mut headers = HeaderList::EMPTY;
    for name in policy.exposed_headers.list() {
        headers.append(name.clone(), "1".into());
    }
    Handler { status, headers: headers.with(UNLISTED_HEADER, "1"), ..Handler::default() }
}

/// Origins that a page can have, each once.
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

fn methods(policy: &Policy) -> Vec<&str> {
    let listed = policy.methods.list().iter().map(|method| method.as_str()).filter(|method| *method != "GET");
    let unlisted =
        ["DELETE", "PUT", "UNLISTED"].into_iter().find(|method| listed.clone().all(|other| other != *method));
    ["GET"].into_iter().chain(listed).chain(unlisted).collect()
}

fn headers(policy: &Policy) -> Vec<Option<String>> {
    let listed = policy.request_headers.list().iter().map(|name| name.as_str().to_owned());
    // The standard's `*` never covers this one.
    let special = (policy.request_headers == AllowList::Any).then(|| "Authorization".to_owned());
    let unlisted = listed.clone().all(|name| !name.eq_ignore_ascii_case(UNLISTED_HEADER));
    let unlisted = unlisted.then(|| UNLISTED_HEADER.to_owned());
    [None].into_iter().chain(listed.chain(special).chain(unlisted).map(Some)).collect()
}

/// After which times, in milliseconds, a fetch is made again: while a browser keeps a preflight's answer by itself,
/// after that, and around the policy's own time.
fn delays(policy: &Policy) -> impl Iterator<Item = u64> {
    let max_age = policy.max_age.map(|seconds| seconds.saturating_mul(1_000));
    let around = max_age.into_iter().flat_map(|ms| [ms.saturating_sub(1_000), ms.saturating_add(1_000)]);
    [1_000, 10_000].into_iter().chain(around)
}
