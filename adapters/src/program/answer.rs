//! What a program answers, one JSON object a line.

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

/// A server is there.
#[derive(Debug)]
pub(super) struct Listening {
    pub(super) address: SocketAddr,
    pub(super) introduction: Introduction,
    pub(super) warnings: Vec<String>,
}

/// What a program says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduction {
    /// The middleware's name.
    pub name: String,
    /// The middleware's version.
    pub version: String,
    /// The language that it is written in.
    pub language: String,
    /// Where its issues are reported.
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

/// Whether a line is meant for an answer; whatever else a program prints is not.
pub(super) fn is_answer(line: &[u8]) -> bool {
    let keys = ["listening", "unsupported", "rejected"];
    serde_json::from_slice::<Value>(line).is_ok_and(|value| keys.iter().any(|key| value.get(key).is_some()))
}

/// Reads an answer, or says what is wrong with it.
pub(super) fn read(line: &str) -> Result<Answer, String> {
    let fault = |error: serde_json::Error| format!("its answer `{}` is not one: {error}", shown(line));
    let value: Value = serde_json::from_str(line).map_err(fault)?;
    if value.get("unsupported").is_some() {
        return serde_json::from_value(value)
            .map(|told: UnsupportedLine| Answer::Unsupported(told.unsupported))
            .map_err(fault);
    }
    if value.get("rejected").is_some() {
        return serde_json::from_value(value).map(|told: RejectedLine| Answer::Rejected(told.rejected)).map_err(fault);
    }
    let told: ListeningLine = serde_json::from_value(value).map_err(fault)?;
    let address = told.listening.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback());
    let address = address.ok_or_else(|| {
        format!(
            "it listens on `{}`, and only an address of this machine is asked, such as 127.0.0.1:8080",
            shown(&told.listening)
        )
    })?;
    let introduction =
        Introduction { name: told.name, version: told.version, language: told.language, issues: told.issues };
    introduction.check()?;
    Ok(Answer::Listening(Listening { address, introduction, warnings: told.warnings }))
}

impl Introduction {
    /// The name begins fingerprints, and each of these is shown on one line.
    fn check(&self) -> Result<(), String> {
        const LONGEST: usize = 200;
        let name = &self.name;
        if name.is_empty() || name.len() > LONGEST || !name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/')
        {
            return Err(format!("its name `{}` is not one: visible ASCII characters, and no slash", shown(name)));
        }
        for (field, text) in [("version", &self.version), ("language", &self.language), ("issues", &self.issues)] {
            if text.len() > LONGEST || text.chars().any(char::is_control) {
                return Err(format!("its {field} `{}` is too long, or holds a control character", shown(text)));
            }
        }
        Ok(())
    }
}

/// A text as a person reads it: on one line, and cut where it is long.
pub(super) fn shown(text: &str) -> String {
    const LONG: usize = 200;
    let cut: String = text.trim().chars().take(LONG).collect();
    let more = if text.trim().chars().count() > LONG { "…" } else { "" };
    format!("{}{more}", cut.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'"))
}
