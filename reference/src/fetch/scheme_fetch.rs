//! [Scheme fetch](https://fetch.spec.whatwg.org/#scheme-fetch), for the schemes that need no network.

use std::borrow::Cow;

use data_url::DataUrl;
use url::Url;

use super::params::{Progress, Success};
use crate::{response::Response, spec};

/// Runs [scheme fetch](https://fetch.spec.whatwg.org/#concept-scheme-fetch) for a URL whose scheme is not an HTTP(S)
/// scheme. Responses have no body here.
pub(super) fn scheme_fetch(url: &Url) -> Progress<'static> {
    // 1. Not modelled: canceled fetches.
    // 2. The caller passes request's current URL.
    // 3. Switch on the URL's scheme:
    let content_type = match url.scheme() {
        "about" if url.path() == "blank" => Some("text/html;charset=utf-8".to_owned()),
        // 3.1–3.15. Not modelled: the scheme "blob". No header of a server decides, and a script holds the blob already.
        // 3.1–3.4. A `data:` URL has the MIME type of its URL, or is a network error.
        "data" => mime_type(url),
        _ => None,
    };
    match content_type {
        Some(content_type) => {
            let response = Response::new(200).with("Content-Type", &content_type);
            Progress::success(Success::Response(&spec::MAIN_FETCH_12), Cow::Owned(response))
        }
        // 4. Return a network error.
        None => Progress::network_error(&spec::MAIN_FETCH_12, None),
    }
}

/// Returns the MIME type of a `data:` URL, or `None` if its body does not decode.
fn mime_type(url: &Url) -> Option<String> {
    let data = DataUrl::process(url.as_str()).ok()?;
    data.decode_to_vec().ok()?;
    Some(data.mime_type().to_string())
}
