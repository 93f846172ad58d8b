use cors_conformance::kit::{self, NoServer, Policy, AllowList};
use tower_middleware::Cors;

/// The policy, as a user of this layer would write it.
fn layer(policy: &Policy) -> Result<Cors, NoServer> {
    let cannot = |what: &str| NoServer::Unsupported(what.to_owned());
    let AllowList::List(origins) = &policy.origins else { return Err(cannot("origins are listed")) };
    if origins.iter().any(|origin| !origin.is_exact()) {
        return Err(cannot("there are no patterns of origins"));
    }
    if policy.private_network {
        return Err(cannot("it does not speak of private networks"));
    }
    let mut cors = Cors::new(origins.iter().map(|origin| origin.as_str())).map_err(NoServer::Rejected)?;
    cors.credentials = policy.credentials;
    cors.methods = each(&policy.methods, |method| method.as_str().parse().ok())?;
    cors.request_headers = each(&policy.request_headers, |name| name.as_str().parse().ok())?;
    cors.exposed_headers = each(&policy.exposed_headers, |name| name.as_str().parse().ok())?;
    cors.max_age = policy.max_age;
    Ok(cors)
}

/// Each item of a list in the layer's own type.
fn each<T, U>(wish: &AllowList<T>, into: impl Fn(&T) -> Option<U>) -> Result<Vec<U>, NoServer> {
    let AllowList::List(items) = wish else { return Err(NoServer::Unsupported("names are listed".to_owned())) };
    let items = items.iter().map(into).collect::<Option<_>>();
    items.ok_or_else(|| NoServer::Unsupported("the http crate has no such name".to_owned()))
}

fn main() -> std::process::ExitCode {
    kit::main(kit::layer("tower-middleware", layer))
}
