use cors_conformance::kit::{self, AllowList, NoServer, Policy};
use tower_middleware::Cors;

/// Configures the layer for a policy, as a user of the layer would.
fn layer(policy: &Policy) -> Result<Cors, NoServer> {
    let unsupported = |reason: &str| NoServer::Unsupported(reason.to_owned());
    let AllowList::List(origins) = &policy.origins else { return Err(unsupported("origins must be listed")) };
    if origins.iter().any(|origin| !origin.is_exact()) {
        return Err(unsupported("there are no patterns of origins"));
    }
    if policy.private_network {
        return Err(unsupported("private network access is not supported"));
    }
    let mut cors = Cors::new(origins.iter().map(|origin| origin.as_str())).map_err(NoServer::Rejected)?;
    cors.credentials = policy.credentials;
    cors.methods = convert(&policy.methods, |method| method.as_str().parse().ok())?;
    cors.request_headers = convert(&policy.request_headers, |name| name.as_str().parse().ok())?;
    cors.exposed_headers = convert(&policy.exposed_headers, |name| name.as_str().parse().ok())?;
    cors.max_age = policy.max_age;
    Ok(cors)
}

/// Converts each item of a list to the layer's own type.
fn convert<T, U>(list: &AllowList<T>, into: impl Fn(&T) -> Option<U>) -> Result<Vec<U>, NoServer> {
    let AllowList::List(items) = list else { return Err(NoServer::Unsupported("names must be listed".to_owned())) };
    let items = items.iter().map(into).collect::<Option<_>>();
    items.ok_or_else(|| NoServer::Unsupported("the http crate does not accept a name".to_owned()))
}

fn main() -> std::process::ExitCode {
    kit::main(kit::layer("tower-middleware", layer))
}
