//! The answers of a program: one JSON object per line.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The answer to a policy.
#[derive(Debug)]
pub(super) enum Answer {
    Listening(Listening),
    Unsupported(String),
    Rejected(String),
}

/// The address of a server, and the program's introduction.
#[derive(Debug)]
pub(super) struct Listening {
    pub(super) address: SocketAddr,
    pub(super) introduction: Introduction,
    pub(super) warnings: Vec<String>,
}

/// How a program introduces itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduction {
    /// The middleware's name.
    pub name: String,
    /// The middleware's version.
    pub version: String,
    /// The language in which the program is written.
    pub language: String,
    /// The URL of the issue tracker.
    pub issues: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListeningLine {
    listening: String,
    name: String,
    version: String,
    language: String,
    issues: String,
    #[serde(default)]
    warnings: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnsupportedLine {
    unsupported: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RejectedLine {
    rejected: String,
}

/// Returns true if a line is an answer. Programs may print other lines.
pub(super) fn is_answer(line: &[u8]) -> bool {
    let keys = ["listening", "unsupported", "rejected"];
    serde_json::from_slice::<Value>(line).is_ok_and(|value| keys.iter().any(|key| value.get(key).is_some()))
}

/// Parses an answer.
///
/// # Errors
///
/// The fault, as a message about the program.
pub(super) fn parse(text: &str) -> Result<Answer, String> {
    let fault = |error: serde_json::Error| format!("its answer `{}` is not valid: {error}", shown(text));
    let value: Value = serde_json::from_str(text).map_err(fault)?;
    if value.get("unsupported").is_some() {
        return serde_json::from_value(value)
            .map(|line: UnsupportedLine| Answer::Unsupported(line.unsupported))
            .map_err(fault);
    }
    if value.get("rejected").is_some() {
        return serde_json::from_value(value).map(|line: RejectedLine| Answer::Rejected(line.rejected)).map_err(fault);
    }
    let line: ListeningLine = serde_json::from_value(value).map_err(fault)?;
    let address = line.listening.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback());
    let address = address.ok_or_else(|| {
        format!(
            "it listens on `{}`, which is not a loopback address with a port, such as 127.0.0.1:8080",
            shown(&line.listening)
        )
    })?;
    let introduction =
        Introduction { name: line.name, version: line.version, language: line.language, issues: line.issues };
    introduction.check()?;
    Ok(Answer::Listening(Listening { address, introduction, warnings: line.warnings }))
}

impl Introduction {
    /// Checks the fields: fingerprints begin with the name, and reports show each field on one line.
    fn check(&self) -> Result<(), String> {
        const LONGEST: usize = 200;
        let name = &self.name;
        if name.is_empty() || name.len() > LONGEST || !name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/')
        {
            return Err(format!(
                "its name `{}` is not valid: a name has visible ASCII characters and no slash",
                shown(name)
            ));
        }
        for (field, text) in [("version", &self.version), ("language", &self.language), ("issues", &self.issues)] {
            if text.len() > LONGEST || text.chars().any(char::is_control) {
                return Err(format!("its {field} `{}` is too long or has a control character", shown(text)));
            }
        }
        Ok(())
    }
}

/// Returns a text for a message: on one line, and shortened if it is long.
pub(super) fn shown(text: &str) -> String {
    const LONG: usize = 200;
    let cut: String = text.trim().chars().take(LONG).collect();
    let more = if text.trim().chars().count() > LONG { "…" } else { "" };
    format!("{}{more}", cut.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'"))
}
