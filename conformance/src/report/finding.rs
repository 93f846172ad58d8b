//! One finding for a person who has never heard of this project: what was asked and answered, as a vector, as command
//! lines, and as a Rust test.

use std::fmt::Write as _;

use cors_adapters::{Description, registry::FEATURES};
use cors_reference::header::HeaderValue;
use serde_json::json;
use url::Url;

use crate::{
    divergence::{Divergence, Message, MessageKind},
    report::kinds::story,
    rules::rule,
    search::minimise::short,
};

/// The name of the files of a finding, without an ending: its fingerprint, as file systems take it.
pub fn file_name(fingerprint: &str) -> String {
    fingerprint.replace('/', "+").replace(':', "-")
}

/// The finding as a file of one vector.
pub fn vector_file(divergence: &Divergence) -> String {
    let mut vector = json!(divergence.case);
    vector["case"] = short(&divergence.case.case);
    let file = json!({ "schema": 1, "about": divergence.fingerprint, "vectors": [vector] });
    format!("{file:#}\n")
}

/// The finding as a page in Markdown. `vector` is the file that [`vector_file`] went to, seen from the page.
pub fn page(divergence: &Divergence, of: &Description<'_>, vector: &str) -> String {
    let Divergence { fingerprint, severity, case, evidence, .. } = divergence;
    let mut page = format!("# {fingerprint}\n\n{severity}, {} {}. {}\n", of.package, of.version, evidence.message);
    let mut say = |text: &str| page.push_str(text);
    if let Some(rule) = rule(&divergence.rule) {
        let quote = rule.quote.split_whitespace().collect::<Vec<_>>().join(" ");
        say(&format!("\nRule: {} {}\n\n> {quote}\n\n<{}>\n\nMend: {}\n", rule.says, rule.why, rule.link, rule.mend));
    }
    let (short, configured) = (short(&case.case), of.configured);
    say(&format!("\n## Case\n\n```json\n{short:#}\n```\n\nConfigured: {configured}.\n\n## Answers\n\n```text\n"));
    say(&story(divergence));
    say("```\n\n## By hand\n\nOf a server with that policy at `$SERVER`, such as `http://127.0.0.1:8080`:\n\n```sh\n");
    let asked = evidence.exchanges.iter().filter(|message| message.kind != MessageKind::Cached);
    asked.for_each(|message| say(&format!("{}\n", curl(message))));
    say(&format!("```\n\n## As a test\n\n```rust\n{}```\n", rust_test(divergence, of, vector)));
    page
}

/// A request as a command line of curl; `$SERVER` stands for where the server listens.
pub fn curl(message: &Message) -> String {
    let url = Url::parse(&message.url).ok();
    let path = url.as_ref().map_or("/", |url| &url[url::Position::BeforePath..]);
    let mut line = "curl --include".to_owned();
    match message.method.as_str() {
        "GET" => {}
        "HEAD" => line.push_str(" --head"),
        method => line.push_str(&format!(" --request {}", quoted(&method.into()))),
    }
    line.push_str(&format!(" \"$SERVER\"{}", quoted(&path.into())));
    let host = url.as_ref().and_then(Url::host_str).map(|host| format!("Host: {host}"));
    let headers = message.request_headers.iter().map(|(name, value)| {
        let value = value.isomorphic_decode();
        // Curl leaves out a header without a value, unless it ends so.
        if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") }
    });
    for header in host.into_iter().chain(headers) {
        // Writing to memory does not fail.
        write!(line, " \\\n  --header {}", quoted(&header.as_str().into())).unwrap_or_default();
    }
    line
}

/// A word for a shell: as it is between quotes, or escaped where it holds what no text does.
fn quoted(word: &HeaderValue) -> String {
    let is_plain = |byte: &u8| (0x20..0x7F).contains(byte) && *byte != b'\'';
    if word.as_bytes().iter().all(is_plain) {
        return format!("'{}'", word.isomorphic_decode());
    }
    let escaped = word.as_bytes().iter().map(|byte| match byte {
        b'\'' | b'\\' => format!("\\{}", char::from(*byte)),
        0x20..0x7F => char::from(*byte).to_string(),
        byte => format!("\\x{byte:02x}"),
    });
    format!("$'{}'", escaped.collect::<String>())
}

/// A Rust test of that middleware in its framework: it fails for as long as the finding is there.
pub fn rust_test(divergence: &Divergence, of: &Description<'_>, vector: &str) -> String {
    let name: String = divergence.rule.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let feature = feature(of);
    format!(
        r#"// [dev-dependencies]
// cors-adapters = {{ version = "{version}", default-features = false, features = [{feature}] }}
// cors-conformance = "{version}"

/// {message}
#[test]
fn {name}() {{
    let middleware = cors_conformance::self_check::registry::named("{adapter}").expect("its feature is on");
    let found = cors_conformance::suite::check(middleware, include_str!("{vector}")).expect("it runs");
    assert!(!found.iter().any(|found| &*found.rule == "{rule}"), "{{found:#?}}");
}}
"#,
        version = env!("CARGO_PKG_VERSION"),
        message = divergence.evidence.message.replace('\n', " "),
        adapter = of.name,
        rule = divergence.rule,
    )
}

/// The feature that brings a row, quoted, where it is not always there.
fn feature(of: &Description<'_>) -> String {
    let name = of.name.split(':').next().unwrap_or_default();
    FEATURES
        .iter()
        .find(|(feature, _)| *feature == name)
        .map_or_else(String::new, |(feature, _)| format!("\"{feature}\""))
}
