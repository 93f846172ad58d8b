//! [HAR](http://www.softwareishard.com/blog/har-12-spec/) files, which browsers and proxies write.

use cors_policy::Policy;
use cors_reference::header::{HeaderName, is_token, isomorphic_encode};
use serde::Deserialize;

use super::recording::{RecordedExchange, RecordedRequest, Recording};
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

/// A request or a response, without the fields that CORS does not use.
#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    method: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    status: i64,
    headers: Vec<Header>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

/// The content of a HAR file.
#[derive(Debug)]
#[non_exhaustive]
pub struct HarRecording {
    /// The exchanges that can be assessed.
    pub recording: Recording,
    /// For each exchange of the recording, the index of its entry in the file.
    pub entries: Vec<usize>,
    /// The errors of the entries that cannot be assessed.
    pub errors: Vec<InputError>,
}

/// Reads a HAR file.
///
/// Entries without a response, such as requests that the browser blocked, and entries of schemes other than HTTP are
/// skipped.
///
/// # Errors
///
/// Returns an error if the text is not a HAR file.
pub fn read(text: &str, policy: Policy) -> Result<HarRecording, InputError> {
    // Some tools start the file with a byte order mark.
    let har: Har = from_json(text.strip_prefix('\u{feff}').unwrap_or(text))?;
    let recording = Recording { policy, exchanges: Vec::new() };
    let mut har_recording = HarRecording { recording, entries: Vec::new(), errors: Vec::new() };
    for (index, entry) in har.log.entries.into_iter().enumerate() {
        if entry.response.status <= 0 || !entry.request.url.starts_with("http") {
            continue;
        }
        match recorded_exchange(entry) {
            Ok(exchange) => {
                har_recording.recording.exchanges.push(exchange);
                har_recording.entries.push(index);
            }
            Err((field, message)) => {
                har_recording.errors.push(InputError::of(&format!("log.entries[{index}].{field}"), message))
            }
        }
    }
    Ok(har_recording)
}

/// A field of an entry, and what is wrong with it.
type FieldError = (String, String);

fn recorded_exchange(entry: Entry) -> Result<RecordedExchange, FieldError> {
    let Message { method, url, headers, .. } = entry.request;
    let url = url.parse().map_err(|error| ("request.url".to_owned(), format!("{error}")))?;
    if !is_token(method.as_bytes()) {
        return Err(("request.method".to_owned(), format!("`{method}` is not a method")));
    }
    let status = u16::try_from(entry.response.status).ok().filter(|status| *status <= 999);
    let status = status.ok_or_else(|| ("response.status".to_owned(), "not a status from 0 to 999".to_owned()))?;
    Ok(RecordedExchange {
        request: RecordedRequest { method, url, headers: wire_headers("request", headers)? },
        response: Answer { status, headers: wire_headers("response", entry.response.headers)? },
    })
}

fn wire_headers(side: &str, headers: Vec<Header>) -> Result<Vec<(HeaderName, WireText)>, FieldError> {
    // The pseudo-header fields of HTTP/2 are not headers.
    let headers = headers.into_iter().filter(|header| !header.name.starts_with(':'));
    let headers = headers.enumerate().map(|(index, header)| {
        let name = header.name.parse().map_err(|error| (format!("{side}.headers[{index}]"), format!("{error}")))?;
        let value = isomorphic_encode(&header.value).unwrap_or_else(|_| header.value.into_bytes());
        Ok((name, WireText(value)))
    });
    headers.collect()
}
