//! One divergence as a Markdown page for a reader who does not know this project.

use cors_adapters::Description;

use super::{
    reproduction::{curl_commands, rust_test},
    transcript::transcript,
};
use crate::{divergence::Divergence, rules::rule, search::minimise::short};

/// Returns the page. `vector_path` is the path of the divergence's
/// [vector file](super::reproduction::vector_file), relative to the page.
pub fn page(divergence: &Divergence, middleware: &Description<'_>, vector_path: &str) -> String {
    let Divergence { fingerprint, severity, case, evidence, .. } = divergence;
    let Description { package, version, configured, .. } = middleware;
    let mut page = format!("# {fingerprint}\n\n{severity}, {package} {version}. {}\n", evidence.message);
    if let Some(rule) = rule(&divergence.rule) {
        let quote = rule.quote.split_whitespace().collect::<Vec<_>>().join(" ");
        page += &format!(
            "\nRule: {} {}\n\n> {quote}\n\n<{}>\n\nFix: {}\n",
            rule.requirement, rule.why, rule.link, rule.fix
        );
    }
    page += &format!("\n## Case\n\n```json\n{:#}\n```\n\nConfigured: {configured}.\n", short(&case.case));
    page += &format!("\n## Responses\n\n```text\n{}```\n", transcript(&evidence.exchanges));
    page +=
        "\n## With curl\n\n`$SERVER` is the address of a server with that policy, such as `http://127.0.0.1:8080`:\n";
    page += &format!("\n```sh\n{}\n```\n", curl_commands(divergence).join("\n"));
    page += &format!("\n## As a test\n\n```rust\n{}```\n", rust_test(divergence, middleware, vector_path));
    page
}
