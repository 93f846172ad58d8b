//! The [fetch](https://fetch.spec.whatwg.org/#concept-fetch) that strings the algorithms together,
//! without I/O: it says which request to send next, takes the answer, and in the end says what the page
//! got.
//!
//! ```
//! use cors_reference::{fetch::{Browser, Fetch, Next, Verdict}, request::RequestInit, response::Response};
//!
//! let mut browser = Browser::default();
//! let init = RequestInit { method: "PUT".into(), ..RequestInit::default() };
//! let page = "https://app.example".parse()?;
//! let mut fetch = Fetch::start(&mut browser, &page, "https://api.example/", &init, 0);
//! let Next::Send(preflight) = fetch.next() else { panic!() };
//! assert_eq!(preflight.method, "OPTIONS");
//! fetch.receive(&mut browser, &Response::new(204).with("Access-Control-Allow-Origin", "*"));
//! let Next::Done(outcome) = fetch.next() else { panic!() };
//! assert_eq!(outcome.verdict, Verdict::NetworkError);
//! assert_eq!(outcome.step.reason(), "cors-preflight-fetch/7.5");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use data_url::DataUrl;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    agent::Agent,
    cors_check::cors_check,
    explain::explain,
    filtered_response::{basic_filtered_headers, cors_filtered_headers},
    header_list::HeaderList,
    origin::Origin,
    port_blocking::should_be_blocked_due_to_a_bad_port,
    preflight::{check_preflight_response, needs_preflight, preflight_request},
    preflight_cache::PreflightCache,
    redirect::http_redirect_fetch,
    request::{Mode, RedirectMode, Request, RequestInit, Tainting, WireRequest},
    response::Response,
    spec::{self, Step},
};

/// One browser over time: its deviations and its caches.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// Which browser.
    pub agent: Agent,
    /// Its CORS-preflight cache.
    pub preflight_cache: PreflightCache,
}

/// What the page observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Verdict {
    /// A basic or CORS filtered response.
    Readable,
    /// An opaque filtered response.
    Opaque,
    /// An opaque-redirect filtered response.
    OpaqueRedirect,
    /// A network error: `fetch()` rejects.
    NetworkError,
}

/// How a fetch ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What the page observed.
    pub verdict: Verdict,
    /// The step that decided: the one that returned.
    pub step: &'static Step,
    /// One sentence for a person.
    pub explanation: String,
    /// The status that the page reads: 0 where opaque, none for a network error.
    pub status: Option<u16>,
    /// The headers that the page reads, in order.
    pub readable_headers: HeaderList,
}

/// What to do next.
#[derive(Debug)]
pub enum Next<'a> {
    /// Send this request and hand its answer to [`Fetch::receive`].
    Send(&'a WireRequest),
    /// The fetch has ended.
    Done(&'a Outcome),
}

/// Which of the two requests is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The CORS-preflight request.
    Preflight,
    /// The request itself, or what a redirect made of it.
    Actual,
}

/// A fetch under way.
#[derive(Debug, Clone)]
pub struct Fetch {
    now_ms: u64,
    request: Option<Request>,
    sent: Vec<(Kind, WireRequest)>,
    preflighted: bool,
    outcome: Option<Outcome>,
}

impl Fetch {
    /// Starts `fetch(url, init)` in a page of that origin. `now_ms` is the time for this fetch's whole
    /// length, in milliseconds since any moment that is the same for all fetches of the browser.
    pub fn start(browser: &mut Browser, page: &Origin, url: &str, init: &RequestInit, now_ms: u64) -> Self {
        let mut fetch = Self { now_ms, request: None, sent: Vec::new(), preflighted: false, outcome: None };
        match Request::new(page, url, init) {
            Ok(request) => fetch.main_fetch(browser, request),
            Err(type_error) => fetch.outcome = Some(network_error(type_error.0, explain(type_error.0, None, None))),
        }
        fetch
    }

    /// What to do next. It stays the same until an answer is received.
    pub fn next(&self) -> Next<'_> {
        static UNREACHED: Outcome = Outcome {
            verdict: Verdict::NetworkError,
            step: &spec::MAIN_FETCH_12,
            explanation: String::new(),
            status: None,
            readable_headers: HeaderList::EMPTY,
        };
        match (&self.outcome, self.sent.last()) {
            (Some(outcome), _) => Next::Done(outcome),
            (None, Some((_, request))) => Next::Send(request),
            // Every fetch either sends something or ends.
            (None, None) => Next::Done(&UNREACHED),
        }
    }

    /// Every request so far, in order, preflights included.
    pub fn sent(&self) -> &[(Kind, WireRequest)] {
        &self.sent
    }

    /// The outcome, once the fetch has ended.
    pub fn into_outcome(self) -> Option<Outcome> {
        self.outcome
    }

    /// Takes the answer to the request that was sent last. Once the fetch has ended, nothing happens.
    pub fn receive(&mut self, browser: &mut Browser, response: &Response) {
        let (Some(request), Some((kind, _)), None) = (self.request.take(), self.sent.last(), &self.outcome) else {
            return;
        };
        let kind = *kind;
        if let Some(step) = refused_by_network(response) {
            return self.end(browser, &request, Some(response), Err(step));
        }
        match kind {
            Kind::Preflight => self.receive_preflight(browser, request, response),
            Kind::Actual => self.receive_actual(browser, request, response),
        }
    }

    /// The switch of [main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch).
    fn main_fetch(&mut self, browser: &mut Browser, mut request: Request) {
        // 7. Should request be blocked due to a bad port?
        let url = request.current_url();
        if should_be_blocked_due_to_a_bad_port(url) {
            return self.end(browser, &request, None, Err(&spec::MAIN_FETCH_7));
        }
        let is_same_origin = request.origin.is_same_origin(&Origin::of(url));
        // 12. The first matching statement:
        if (is_same_origin && request.tainting == Tainting::Basic) || url.scheme() == "data" {
            return self.scheme_fetch(browser, request);
        }
        match request.mode {
            Mode::SameOrigin => {
                return self.end(browser, &request, None, Err(&spec::MAIN_FETCH_12));
            }
            Mode::NoCors if request.redirect != RedirectMode::Follow => {
                return self.end(browser, &request, None, Err(&spec::MAIN_FETCH_12));
            }
            Mode::NoCors => {
                request.tainting = Tainting::Opaque;
                return self.scheme_fetch(browser, request);
            }
            Mode::Cors => {}
        }
        if !is_http(request.current_url()) {
            return self.end(browser, &request, None, Err(&spec::MAIN_FETCH_12));
        }
        request.tainting = Tainting::Cors;
        if needs_preflight(&request) {
            self.preflighted = true;
            // HTTP fetch, 4.1: the CORS-preflight cache may make the preflight needless.
            if !browser.preflight_cache.covers(&request, self.now_ms) {
                self.sent.push((Kind::Preflight, preflight_request(&request)));
                self.request = Some(request);
                return;
            }
        }
        self.send(request);
    }

    /// [Scheme fetch](https://fetch.spec.whatwg.org/#concept-scheme-fetch).
    fn scheme_fetch(&mut self, browser: &mut Browser, request: Request) {
        if is_http(request.current_url()) {
            return self.send(request);
        }
        let response = local_response(request.current_url());
        let result = response.as_ref().map(|_| (filtered(&request), &spec::MAIN_FETCH_12));
        self.end(browser, &request, response.as_ref(), result.ok_or(&spec::MAIN_FETCH_12));
    }

    fn send(&mut self, request: Request) {
        self.sent.push((Kind::Actual, wire_request(&request)));
        self.request = Some(request);
    }

    /// [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch), step 4.1.
    fn receive_preflight(&mut self, browser: &mut Browser, request: Request, response: &Response) {
        match check_preflight_response(&request, response, &browser.agent) {
            Ok(grant) => {
                browser.preflight_cache.store(&request, &grant, self.now_ms);
                self.send(request);
            }
            Err(step) => self.end(browser, &request, Some(response), Err(step)),
        }
    }

    /// [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch), steps 4.4 to 7.
    fn receive_actual(&mut self, browser: &mut Browser, mut request: Request, response: &Response) {
        let mut decided = &spec::MAIN_FETCH_12;
        // 4.4. If tainting is "cors" and a CORS check returns failure, then return a network error.
        if request.tainting == Tainting::Cors {
            match cors_check(&request, response) {
                Ok(step) => decided = step,
                Err(step) => return self.end(browser, &request, Some(response), Err(step)),
            }
        }
        // 6. If status is a redirect status, then switch on request's redirect mode:
        if response.has_redirect_status() {
            match request.redirect {
                RedirectMode::Error => {
                    return self.end(browser, &request, Some(response), Err(&spec::HTTP_FETCH_6_3));
                }
                RedirectMode::Manual => {
                    let redirect = (Verdict::OpaqueRedirect, &spec::HTTP_FETCH_6_3);
                    return self.end(browser, &request, Some(response), Ok(redirect));
                }
                RedirectMode::Follow => match http_redirect_fetch(&mut request, response) {
                    Ok(true) => return self.main_fetch(browser, request),
                    Ok(false) => {}
                    Err(step) => return self.end(browser, &request, Some(response), Err(step)),
                },
            }
        }
        let verdict = filtered(&request);
        self.end(browser, &request, Some(response), Ok((verdict, decided)));
    }

    /// The rest of [main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch), from step 12 on.
    fn end(
        &mut self,
        browser: &mut Browser,
        request: &Request,
        response: Option<&Response>,
        result: Result<(Verdict, &'static Step), &'static Step>,
    ) {
        let (Ok((_, step)) | Err(step)) = result;
        let explanation = explain(step, Some(request), response);
        self.outcome = Some(match (result, response) {
            // 14. The filtered response.
            (Ok((verdict @ Verdict::Readable, _)), Some(response)) => Outcome {
                verdict,
                step,
                explanation,
                status: Some(response.status),
                readable_headers: match request.tainting {
                    Tainting::Cors => cors_filtered_headers(response, request.credentials),
                    _ => basic_filtered_headers(response),
                },
            },
            (Ok((verdict, _)), _) => {
                Outcome { verdict, step, explanation, status: Some(0), readable_headers: HeaderList::default() }
            }
            (Err(_), _) => {
                // 12. A network error after a CORS preflight clears the cache entries.
                if self.preflighted {
                    browser.preflight_cache.clear(request);
                }
                network_error(step, explanation)
            }
        });
    }
}

fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// What a URL that needs no network holds, without its body; `blob` and `file` URLs hold nothing here.
fn local_response(url: &Url) -> Option<Response> {
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

/// The filtered response that the tainting asks for.
fn filtered(request: &Request) -> Verdict {
    match request.tainting {
        Tainting::Opaque => Verdict::Opaque,
        Tainting::Basic | Tainting::Cors => Verdict::Readable,
    }
}

fn network_error(step: &'static Step, explanation: String) -> Outcome {
    Outcome { verdict: Verdict::NetworkError, step, explanation, status: None, readable_headers: HeaderList::default() }
}

/// Whether the answer fails before CORS looks at it: a value that is no
/// [header value](https://fetch.spec.whatwg.org/#header-value), or a status that is never final.
fn refused_by_network(response: &Response) -> Option<&'static Step> {
    let is_malformed = response.headers.iter().any(|(_, value)| !value.is_header_value());
    (is_malformed || response.status < 200).then_some(&spec::HTTP_NETWORK_FETCH_8_5)
}

/// What [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch)
/// sends, as far as CORS reads it.
fn wire_request(request: &Request) -> WireRequest {
    let mut headers = request.headers.clone();
    // Append a request `Origin` header: for tainting "cors", and else for all but GET and HEAD.
    let is_cors = request.tainting == Tainting::Cors;
    if is_cors || !matches!(request.method.as_str(), "GET" | "HEAD") {
        // The default referrer policy withholds a secure page's origin from an insecure URL.
        let is_downgrade = request.mode != Mode::Cors
            && request.origin.serialize().starts_with("https:")
            && request.current_url().scheme() != "https";
        let origin = if is_downgrade && !is_cors { "null" } else { request.serialize_origin() };
        headers = headers.with("Origin", origin);
    }
    let mut url = request.current_url().clone();
    url.set_fragment(None);
    WireRequest { method: request.method.clone(), url, headers, body: request.body.clone() }
}
