//! Laws of the HTTP cache that hold for all requests and responses.

mod common;

use common::{caching::wire, get, response, scenario::config};
use cors_reference::{
    http_cache::{CacheKind, HttpCache, Reuse},
    request::WireRequest,
    response::Response,
};
use proptest::{collection::vec, prelude::*, sample::select};

/// One answer, its body telling which.
type Event = (WireRequest, Response, u64);

fn requests() -> impl Strategy<Value = WireRequest> {
    let url = select(vec!["https://api.example/a", "https://api.example/b"]);
    let method = select(vec!["GET", "GET", "GET", "GET", "OPTIONS", "PUT"]);
    let origin = select(vec![None, Some("https://a.example"), Some("https://b.example")]);
    let other = select(vec![None, Some("1"), Some("2")]);
    (method, url, origin, other, any::<bool>()).prop_map(|(method, url, origin, other, is_authorized)| {
        let mut pairs: Vec<_> = origin.map(|origin| ("Origin", origin)).into_iter().collect();
        pairs.extend(other.map(|value| ("X-A", value)));
        pairs.extend(is_authorized.then_some(("Authorization", "Basic YTpi")));
        wire(method, url, &pairs)
    })
}

fn responses() -> impl Strategy<Value = Response> {
    let control = select(vec![
        "max-age=3",
        "max-age=6, private",
        "max-age=1, s-maxage=9",
        "no-store, max-age=9",
        "no-cache, max-age=9",
        "",
    ]);
    let vary = select(vec![None, Some("Origin"), Some("origin, x-a"), Some("X-A"), Some("*")]);
    let tag = select(vec![None, Some("\"1\""), Some("W/\"2\"")]);
    let status = select(vec![200, 200, 200, 404, 500, 304]);
    (status, control, vary, tag).prop_map(|(status, control, vary, tag)| {
        let mut pairs = vec![("Cache-Control", control)];
        pairs.extend(vary.map(|names| ("Vary", names)));
        pairs.extend(tag.map(|tag| ("ETag", tag)));
        response(status, &pairs)
    })
}

fn histories() -> impl Strategy<Value = Vec<Event>> {
    vec((requests(), responses(), 0_u64..2_000), 1..12).prop_map(|events| {
        let mut now_ms = 0;
        let numbered = events.into_iter().enumerate().map(|(index, (request, mut response, after_ms))| {
            now_ms += after_ms;
            response.body = index.to_string().into_bytes();
            (request, response, now_ms)
        });
        numbered.collect()
    })
}

/// The event whose answer this is.
fn event<'e>(events: &'e [Event], response: &Response) -> &'e Event {
    let index: usize = std::str::from_utf8(&response.body).unwrap().parse().unwrap();
    &events[index]
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn what_is_served_was_answered_to_a_visitor_alike(
        is_shared in any::<bool>(),
        events in histories(),
        request in requests(),
        after_ms in 0_u64..12_000,
    ) {
        let kind = if is_shared { CacheKind::Shared } else { CacheKind::Private };
        let mut cache = HttpCache::new(kind);
        for (request, response, now_ms) in &events {
            let passed_on = cache.receive(request, response, *now_ms);
            prop_assert!(*passed_on == *response || response.status == 304);
        }
        let has_304 = events.iter().any(|(_, response, _)| response.status == 304);
        let now_ms = events[events.len() - 1].2 + after_ms;
        let Reuse::Fresh(served) = cache.lookup(&request, now_ms) else { return Ok(()) };
        let (asked, stored, stored_ms) = event(&events, &served);
        let control = get(&served.headers, "Cache-Control").unwrap_or_default();
        prop_assert_eq!((&*request.method, &*asked.method, &asked.url), ("GET", "GET", &request.url));
        prop_assert!(!control.contains("no-store") && !control.contains("no-cache"));
        prop_assert!(!get(&stored.headers, "Cache-Control").unwrap_or_default().contains("no-store"));
        if is_shared {
            prop_assert!(!control.contains("private"));
            prop_assert!(!asked.headers.contains("Authorization") || control.contains("s-maxage") || has_304);
        }
        // A 304 may have renewed the response, and bound it to who asked for that.
        if !has_304 {
            let vary = get(&served.headers, "Vary").unwrap_or_default();
            for name in vary.split(',').map(str::trim).filter(|name| !name.is_empty()) {
                prop_assert!(name != "*");
                prop_assert_eq!(get(&request.headers, name), get(&asked.headers, name));
            }
            prop_assert!(now_ms - stored_ms < 9_000);
            prop_assert_eq!(served.status, stored.status);
        }
    }

    #[test]
    fn what_is_not_fresh_never_becomes_so_by_waiting(
        events in histories(),
        request in requests(),
        after_ms in 0_u64..12_000,
        later_ms in 0_u64..12_000,
    ) {
        let mut cache = HttpCache::new(CacheKind::Shared);
        for (request, response, now_ms) in &events {
            cache.receive(request, response, *now_ms);
        }
        let now_ms = events[events.len() - 1].2 + after_ms;
        let is_fresh = |now_ms| matches!(cache.lookup(&request, now_ms), Reuse::Fresh(_));
        prop_assert!(is_fresh(now_ms) || !is_fresh(now_ms + later_ms));
    }
}
