//! Requests and responses as text.

use std::io::{self, Write};

use cors_reference::header::HeaderValue;

use crate::drive::{Message, MessageKind};

/// Writes a request and its response, one header per line.
///
/// # Errors
///
/// Returns the error of the writer.
pub fn write_message(message: &Message, output: &mut impl Write) -> io::Result<()> {
    writeln!(output, "    > {} {}", message.method, message.url)?;
    for (name, value) in message.request_headers.iter() {
        writeln!(output, "    > {name}: {}", display_value(value))?;
    }
    match (message.status, &message.failure) {
        (Some(status), _) => {
            let source = match (message.kind, message.handler_calls) {
                (MessageKind::Cached, _) => "from the cache",
                (_, 0) => "the handler was not called",
                _ => "by the handler",
            };
            writeln!(output, "    < {status}  ({source})")?;
        }
        (None, failure) => writeln!(output, "    < {}", failure.as_deref().unwrap_or("no answer"))?,
    }
    for (name, value) in message.response_headers.iter() {
        writeln!(output, "    < {name}: {}", display_value(value))?;
    }
    Ok(())
}

/// Returns all messages as text, in order.
pub(crate) fn transcript(messages: &[Message]) -> String {
    let mut text = Vec::new();
    for message in messages {
        // Writing to memory does not fail.
        write_message(message, &mut text).unwrap_or_default();
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Returns a header value with control characters escaped; a long value is cut and followed by its length.
pub(super) fn display_value(value: &HeaderValue) -> String {
    const MAX_CHARS: usize = 200;
    let text = value.isomorphic_decode();
    match text.char_indices().nth(MAX_CHARS) {
        Some((cut, _)) => format!("{}… ({} bytes)", text[..cut].escape_debug(), value.as_bytes().len()),
        None => text.escape_debug().to_string(),
    }
}
