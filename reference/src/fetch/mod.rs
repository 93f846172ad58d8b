//! The [fetch](https://fetch.spec.whatwg.org/#concept-fetch), without I/O: it returns the request to send next, takes the
//! response, and in the end returns what the page observed.
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

mod browser;
mod fetching;
mod http_fetch;
mod http_network_or_cache_fetch;
mod main_fetch;
mod outcome;
mod params;
mod scheme_fetch;

pub use self::{
    browser::Browser,
    fetching::{Fetch, Next},
    outcome::{Outcome, RequestKind, Verdict},
};
