//! What goes out on the wire, and what needs no network.

use data_url::DataUrl;
use url::Url;

use crate::{
    request::{Mode, Request, Tainting, WireRequest},
    response::Response,
};

/// What [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch)
/// sends, as far as CORS reads it.
pub(super) fn wire_request(request: &Request) -> WireRequest {
    let mut headers = request.headers.clone();
    // Append a request `Origin` header.
    if request.carries_origin() {
        // The default referrer policy withholds a secure page's origin from an insecure URL.
        let is_downgrade = request.mode != Mode::Cors
            && request.origin.serialize().starts_with("https:")
            && request.current_url().scheme() != "https";
        let is_cors = request.tainting == Tainting::Cors;
        let origin = if is_downgrade && !is_cors { "null" } else { request.serialize_origin() };
        headers = headers.with("Origin", origin);
    }
    let mut url = request.current_url().clone();
    url.set_fragment(None);
    WireRequest { method: request.method.clone(), url, headers, body: request.body.clone() }
}

/// What a URL that needs no network holds, without its body; `blob` and `file` URLs hold nothing here.
pub(super) fn local_response(url: &Url) -> Option<Response> {
    let content_type = match url.scheme() {
        "about" if url.path() == "blank" => "text/html;charset=utf-8".to_owned(),
        "data" => {
            let data = DataUrl::process(url.as_str()).ok()?;
            data.decode_to_vec().ok()?;
            data.mime_type().to_string()
        }
        _ => return None,
    };
    Some(Response::new(200).with("Content-Type", &content_type))
}
