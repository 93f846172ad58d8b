//! The ways to reproduce one divergence: a file of vectors, curl commands, and a Rust test.

use cors_adapters::{Description, registry::FEATURES};
use serde_json::json;
use url::Url;

use super::shell::quote_bytes;
use crate::{
    divergence::Divergence,
    drive::{Message, MessageKind},
    search::minimise::short,
};

/// Returns the file name of a fingerprint, without an extension.
pub fn file_name(fingerprint: &str) -> String {
    fingerprint.replace('/', "+").replace(':', "-")
}

/// Returns a file of vectors that holds only the case of the divergence.
pub fn vector_file(divergence: &Divergence) -> String {
    let mut vector = json!(divergence.case);
    vector["case"] = short(&divergence.case.case);
    let file = json!({ "schema": 1, "about": divergence.fingerprint, "vectors": [vector] });
    format!("{file:#}\n")
}

/// Returns the curl commands that send the requests of the divergence, one per request.
///
/// The variable `$SERVER` holds the scheme, host and port of the server.
pub(super) fn curl_commands(divergence: &Divergence) -> Vec<String> {
    let sent = divergence.evidence.exchanges.iter().filter(|message| message.kind != MessageKind::Cached);
    sent.map(curl_command).collect()
}

fn curl_command(message: &Message) -> String {
    let url = Url::parse(&message.url).ok();
    let path = url.as_ref().map_or("/", |url| &url[url::Position::BeforePath..]);
    let mut command = "curl --include".to_owned();
    match message.method.as_str() {
        "GET" => {}
        "HEAD" => command.push_str(" --head"),
        method => command.push_str(&format!(" --request {}", quote_bytes(&method.into()))),
    }
    command.push_str(&format!(" \"$SERVER\"{}", quote_bytes(&path.into())));
    let host = url.as_ref().and_then(Url::host_str).map(|host| format!("Host: {host}"));
    let headers = message.request_headers.iter().map(|(name, value)| {
        let value = value.isomorphic_decode();
        // curl sends a header without a value only if it ends in a semicolon.
        if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") }
    });
    for header in host.into_iter().chain(headers) {
        command.push_str(&format!(" \\\n  --header {}", quote_bytes(&header.as_str().into())));
    }
    command
}

/// Returns a Rust test that fails as long as the middleware shows the divergence.
///
/// `vector_path` is the path of the [vector file](vector_file), relative to the test.
pub(super) fn rust_test(divergence: &Divergence, middleware: &Description<'_>, vector_path: &str) -> String {
    let name: String = divergence.rule.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    format!(
        r#"// [dev-dependencies]
// cors-adapters = {{ version = "{version}", default-features = false, features = [{feature}] }}
// cors-conformance = "{version}"

/// {message}
#[test]
fn {name}() {{
    let middleware = cors_conformance::self_check::registry::named("{adapter}").expect("its feature is enabled");
    let divergences = cors_conformance::suite::check(middleware, include_str!("{vector_path}")).expect("it runs");
    assert!(!divergences.iter().any(|divergence| &*divergence.rule == "{rule}"), "{{divergences:#?}}");
}}
"#,
        version = env!("CARGO_PKG_VERSION"),
        feature = quoted_feature(middleware),
        message = divergence.evidence.message.replace('\n', " "),
        adapter = middleware.name,
        rule = divergence.rule,
    )
}

/// Returns the quoted name of the Cargo feature that enables the adapter; empty if the adapter is always available.
fn quoted_feature(middleware: &Description<'_>) -> String {
    let name = middleware.name.split(':').next().unwrap_or_default();
    let has_feature = FEATURES.iter().any(|(feature, _)| *feature == name);
    if has_feature { format!("\"{name}\"") } else { String::new() }
}
