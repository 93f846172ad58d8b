//! Every way in which a browser was seen to leave the standard's text.

use serde::Serialize;

/// What a browser does otherwise than the standard says, and which step says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deviation {
    // What a script may set: Headers class, CORS-safelisted request-header.
    /// The values of a header that a script sets twice are combined before the
    /// [safelist](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) looks at each.
    CombinesRepeatedHeaders,
    /// A name with several unsafe values is repeated in `Access-Control-Request-Headers`, where
    /// [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) step 6
    /// makes a set.
    RepeatsUnsafeNames,
    /// Safelisted values of more than 1 024 bytes in all stay safe, against step 5 there.
    SafelistHasNoTotal,
    /// `DPR`, `Width`, `Viewport-Width`, `Device-Memory`, `RTT`, `Downlink` and `Save-Data` with a value of their
    /// kind are safelisted, and so are `User-Agent` and `Intervention`.
    SafelistsClientHints,
    /// Bytes above 0x7F are
    /// [CORS-unsafe](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte).
    HighBytesAreUnsafe,
    /// A `Content-Type` with a comma, or with a semicolon that ends a parameter and all, is not safelisted.
    ContentTypeParsesStrictly,
    /// The unit of a safelisted `Range` may be in upper case, and its numbers may begin with `+`, against
    /// [parsing it](https://fetch.spec.whatwg.org/#simple-range-header-value).
    RangeParsesLoosely,
    /// A `Range` with a number of 2⁶³ − 1 or more is not safelisted.
    RangeBelow63Bits,
    /// A `Range` with a number of 2⁶⁴ or more is not safelisted.
    RangeWithin64Bits,
    /// A method override is split at commas within quotes too, against
    /// [get, decode, and split](https://fetch.spec.whatwg.org/#header-value-get-decode-and-split).
    OverridesSplitAtEveryComma,
    /// A form feed around the method of an override that is so split is removed like a space.
    OverridesTrimFormFeed,

    // CORS check and CORS-preflight fetch.
    /// Lines without a value of `Access-Control-Allow-Credentials` and `Access-Control-Max-Age` are left out when
    /// the lines are joined, against [getting](https://fetch.spec.whatwg.org/#concept-header-list-get) a header.
    SkipsEmptyLines,
    /// `*` in `Access-Control-Allow-Headers` covers `Authorization`, against
    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step 7.6.
    WildcardCoversAuthorization,
    /// A negative `Access-Control-Max-Age` is 0, where step 7.9 makes what does not parse 5.
    NegativeMaxAgeIsZero,
    /// `Access-Control-Max-Age` may begin with `+`.
    MaxAgeAllowsPlus,
    /// An `Access-Control-Max-Age` of 2⁶³ or more is 5.
    MaxAgeBeyond63BitsIsDefault,
    /// An `Access-Control-Max-Age` that does not parse is 0, unless it is empty.
    UnparsableMaxAgeIsZero,

    // CORS-preflight cache.
    /// A new grant replaces all that the cache holds for its origin and URL, and a preflight that turns out to be
    /// needed removes it.
    ReplacesGrants,
    /// A failed preflight alone clears the cache, where step 12 of
    /// [main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) clears it for any network error after one.
    OnlyPreflightsClear,
    /// A grant that parses is cached even where it refuses the request, and its preflight clears nothing.
    KeepsRefusingGrants,
    /// A max-age of 0 changes nothing that is cached, where
    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step 7.12 sets it.
    ZeroMaxAgeStoresNothing,
    /// A new grant counts from its own time, where steps 7.12 and 7.14 only set max-age.
    GrantsRestart,
    /// What is granted with credentials serves fetches with credentials alone, against
    /// [cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match).
    SeparatesCredentials,
    /// A cached `*` is no wildcard, against
    /// [method cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-method).
    CachedWildcardIsLiteral,
    /// A `*` that was granted with credentials is no wildcard when cached.
    CachedWildcardGrantedWithCredentialsIsLiteral,
    /// A cached `*` is no wildcard for a fetch with credentials.
    CachedWildcardIsLiteralWithCredentials,
    /// A cached `*` covers `Authorization`, against the
    /// [header-name cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-header).
    CachedWildcardCoversAuthorization,
    /// `HEAD` is served from the cache only where it was listed.
    CacheMustListHead,
    /// Nothing is cached for an opaque origin.
    OpaqueOriginsAreNotCached,

    // HTTP cache.
    /// A URL's stored response is replaced by the next one, whatever `Vary` says, where
    /// [RFC 9111, 4.1](https://www.rfc-editor.org/rfc/rfc9111#section-4.1) keeps several.
    HttpCacheKeepsOneVariant,
    /// What is stored with credentials serves fetches with credentials alone, and the other way round.
    HttpCacheSeparatesCredentials,
    /// An answer 401 is not reused.
    HttpCacheSkips401,
    /// A write invalidates nothing, against [RFC 9111, 4.4](https://www.rfc-editor.org/rfc/rfc9111#section-4.4).
    HttpCacheIgnoresWrites,
    /// A `PUT` without a body invalidates nothing.
    HttpCacheIgnoresEmptyPuts,
    /// A write invalidates what is stored of its URL even where it fails, against
    /// [RFC 9111, 4.4](https://www.rfc-editor.org/rfc/rfc9111#section-4.4).
    HttpCacheHeedsFailedWrites,

    // Cross-Origin-Resource-Policy.
    /// `localhost` and all hosts below it are one [site](https://html.spec.whatwg.org/#sites).
    LocalhostIsOneSite,

    // HTTP-redirect fetch.
    /// A redirect of a preflighted request is preflighted whatever it has become, where main fetch step 12 asks
    /// anew whether it needs to be.
    PreflightsEveryRedirect,
    /// A header of the first request that was unsafe asks for a preflight after a redirect has removed it too.
    RemovedHeadersNeedPreflight,
    /// A preflight after a redirect asks for the headers of the first request, those that redirects removed
    /// included.
    PreflightsAskForRemovedHeaders,
    /// A preflight after a redirect asks for the headers of the first request, but for those that this very
    /// redirect removed: earlier ones are forgotten.
    PreflightsAskForHeadersRemovedBefore,
    /// A preflight is sent and checked with the page's own origin after a redirect that taints it, against
    /// [serializing a request origin](https://fetch.spec.whatwg.org/#serializing-a-request-origin) step 2.
    PreflightsAreUntainted,
    /// A preflight to the page's own origin, after a redirect, passes the
    /// [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check) unseen.
    PreflightsToOwnOriginPass,
    /// A request that once carried `Origin` keeps it on redirects within one origin, as a GET too.
    OriginStaysWithinOrigin,
    /// In no-cors mode, the `Origin` of a request that a redirect took to another origin is `null` from then on.
    NoCorsRedirectsHideOrigin,
    /// `DELETE` becomes `GET` when it is redirected to another origin, against
    /// [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step 12.
    DeleteBecomesGetAcrossOrigins,
    /// Every 3xx status but 300, 304, 305 and 306 is a redirect where it has a `Location`, against
    /// [redirect status](https://fetch.spec.whatwg.org/#redirect-status).
    Any3xxRedirects,
    /// An empty `Location` is none, where
    /// [location URL](https://fetch.spec.whatwg.org/#concept-response-location-url) is the request's own.
    EmptyLocationIsNone,
    /// An empty `Location` is a network error.
    EmptyLocationFails,
    /// Equal `Location` lines are one, where extracting them is failure.
    EqualLocationsAreOne,
    /// Different `Location` lines are a network error whatever the status and the redirect mode.
    DifferentLocationsFail,
    /// A `Location` that includes credentials is a network error within the page's own origin and in no-cors mode
    /// too, against steps 9 and 10.
    LocationCredentialsFail,
    /// Redirect mode `manual` fails on a `Location` that does not parse, against
    /// [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) step 6.3.
    ManualParsesLocation,
    /// Redirect mode `manual` fails on a `Location` with the scheme `ftp`.
    ManualRefusesFtp,
    /// Redirect mode `error` lets a redirect without a `Location`, or with an empty one, pass, against HTTP fetch
    /// step 6.3.
    ErrorNeedsLocation,
}
