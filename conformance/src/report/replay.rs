//! The command that runs one case of a report again.

use super::shell::quote;
use crate::suite::AdapterReport;

/// Returns the command that runs the vector `id` against the adapter again; `program` is the command that runs this
/// program, such as `cors-conformance`.
pub(super) fn command(program: &str, adapter: &AdapterReport, id: &str) -> String {
    format!("{program} run {} --vector {}", adapter_option(adapter), quote(id))
}

/// Returns the option of `run` that selects the adapter.
pub(super) fn adapter_option(adapter: &AdapterReport) -> String {
    match &adapter.command {
        Some(command) => format!("--server {}", quote(command)),
        None => format!("--adapter {}", quote(&adapter.name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replay_command_quotes_what_the_shell_would_split() {
        let row = serde_json::json!({"name": "poem:fn", "version": "1", "divergences": [], "counts": {"cases": 0, "conform": 0,
            "diverge": 0, "unsupported": 0, "rejected": 0, "inconclusive": 0, "broken": 0}});
        let adapter: AdapterReport = serde_json::from_value(row).unwrap();
        assert_eq!(command("c", &adapter, "a/b"), "c run --adapter poem:fn --vector a/b");
        let server = AdapterReport { command: Some("a b".to_owned()), ..adapter };
        assert_eq!(command("c", &server, "it's"), r"c run --server 'a b' --vector 'it'\''s'");
    }
}
