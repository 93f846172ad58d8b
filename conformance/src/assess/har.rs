//! [HAR](http://www.softwareishard.com/blog/har-12-spec/) files, as browsers and proxies save them.

use cors_policy::Policy;
use serde::Deserialize;

use super::{Asked, Recorded, Recording};
use crate::{
    case::script::{Answer, WireText},
    input::{InputError, from_json},
};

#[derive(Deserialize)]
struct Har {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Message,
    response: Message,
}

/// A request or a response; what is left out here is not about CORS.
#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    method: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    status: i64,
    headers: Vec<Pair>,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    value: String,
}

/// A HAR file read.
#[derive(Debug)]
pub struct Read {
    /// What can be assessed.
    pub recording: Recording,
    /// For each of its exchanges, the entry of the file, from 0.
    pub entries: Vec<usize>,
    /// What could not be used, each with its entry.
    pub errors: Vec<InputError>,
}

/// Reads a HAR file. Entries without an answer, such as those that the browser blocked, and those of other schemes than
/// HTTP's are left out.
///
/// # Errors
///
/// A file that is no HAR.
pub fn read(text: &str, policy: Policy) -> Result<Read, InputError> {
    // Some tools begin the file with a byte order mark.
    let har: Har = from_json(text.strip_prefix('\u{feff}').unwrap_or(text))?;
    let mut read =
        Read { recording: Recording { policy, exchanges: Vec::new() }, entries: Vec::new(), errors: Vec::new() };
    for (index, entry) in har.log.entries.into_iter().enumerate() {
        if entry.response.status <= 0 || !entry.request.url.starts_with("http") {
            continue;
        }
        match recorded(entry) {
            Ok(recorded) => {
                read.recording.exchanges.push(recorded);
                read.entries.push(index);
            }
            Err((field, message)) => {
                read.errors.push(InputError::of(&format!("log.entries[{index}].{field}"), message))
            }
        }
    }
    Ok(read)
}

fn recorded(entry: Entry) -> Result<Recorded, (String, String)> {
    let headers = |side: &str, pairs: Vec<Pair>| {
        // HTTP/2's pseudo-header fields are no headers.
        let pairs = pairs.into_iter().filter(|pair| !pair.name.starts_with(':'));
        let headers = pairs.enumerate().map(|(index, pair)| {
            let fault = |message: String| (format!("{side}.headers[{index}]"), message);
            let name = pair.name.parse().map_err(|error| fault(format!("{error}")))?;
            let value = cors_reference::header::isomorphic_encode(&pair.value)
                .unwrap_or_else(|_| pair.value.clone().into_bytes());
            Ok((name, WireText(value)))
        });
        headers.collect::<Result<Vec<_>, (String, String)>>()
    };
    let url = entry.request.url.parse().map_err(|error| ("request.url".to_owned(), format!("{error}")))?;
    let method = entry.request.method;
    if !cors_reference::header::is_token(method.as_bytes()) {
        return Err(("request.method".to_owned(), format!("`{method}` is no method")));
    }
    let status = u16::try_from(entry.response.status).ok().filter(|status| *status <= 999);
    let status = status.ok_or_else(|| ("response.status".to_owned(), "no status: 0 to 999".to_owned()))?;
    Ok(Recorded {
        request: Asked { method, url, headers: headers("request", entry.request.headers)? },
        response: Answer { status, headers: headers("response", entry.response.headers)? },
    })
}
