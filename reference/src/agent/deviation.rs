//! The deviations of browsers from the standard.

use serde::Serialize;

/// A behaviour of a browser that differs from the standard. Each variant describes the behaviour, and names the step or
/// the section that it differs from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deviation {
    // Headers that a script may set: Headers class, CORS-safelisted request-header.
    /// The values of a header that a script sets twice are combined into one value. The
    /// [safelist](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) then tests the combined value. The
    /// standard tests each value.
    CombinesRepeatedHeaders,
    /// A name with several unsafe values is repeated in `Access-Control-Request-Headers`. Step 6 of
    /// [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) removes
    /// repetitions.
    RepeatsUnsafeNames,
    /// Safelisted values stay safe if they have more than 1 024 bytes in total. Step 5 of
    /// [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) makes them
    /// unsafe.
    SafelistHasNoTotal,
    /// `DPR`, `Width`, `Viewport-Width`, `Device-Memory`, `RTT`, `Downlink` and `Save-Data` are safelisted with a value
    /// of their type. `User-Agent` and `Intervention` are safelisted with any value.
    SafelistsClientHints,
    /// Bytes above 0x7F are
    /// [CORS-unsafe](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte).
    HighBytesAreUnsafe,
    /// A `Content-Type` is not safelisted if it contains a comma, or if it has parameters and ends with a semicolon.
    ContentTypeParsesStrictly,
    /// A safelisted `Range` may have its unit in upper case, and its numbers may begin with `+`. The standard
    /// [parses](https://fetch.spec.whatwg.org/#simple-range-header-value) neither.
    RangeParsesLoosely,
    /// A `Range` with a number of 2⁶³ − 1 or more is not safelisted.
    RangeBelow63Bits,
    /// A `Range` with a number of 2⁶⁴ or more is not safelisted.
    RangeWithin64Bits,
    /// A method override is split at every comma. The standard does not split within quotes
    /// ([get, decode, and split](https://fetch.spec.whatwg.org/#header-value-get-decode-and-split)).
    OverridesSplitAtEveryComma,
    /// A form feed before or after a method is removed when an override is split at every comma.
    OverridesTrimFormFeed,

    // CORS check and CORS-preflight fetch.
    /// Empty lines of `Access-Control-Allow-Credentials` and `Access-Control-Max-Age` are left out when the lines are
    /// joined. The standard joins all lines ([get](https://fetch.spec.whatwg.org/#concept-header-list-get)).
    SkipsEmptyLines,
    /// `*` in `Access-Control-Allow-Headers` covers `Authorization`. Step 7.6 of
    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) requires its name.
    WildcardCoversAuthorization,
    /// A negative `Access-Control-Max-Age` is 0. In step 7.9 of
    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), a value that does not parse is 5.
    NegativeMaxAgeIsZero,
    /// `Access-Control-Max-Age` may begin with `+`.
    MaxAgeAllowsPlus,
    /// An `Access-Control-Max-Age` of 2⁶³ or more is 5.
    MaxAgeBeyond63BitsIsDefault,
    /// An `Access-Control-Max-Age` that does not parse is 0, unless it is empty.
    UnparsableMaxAgeIsZero,

    // CORS-preflight cache.
    /// A new grant replaces all cached grants of its origin and URL. The standard keeps the entries that the grant does
    /// not renew.
    ReplacesGrants,
    /// Only a failed preflight clears the cache. Step 12 of
    /// [main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) clears it after every network error of a
    /// preflighted request.
    OnlyPreflightsClear,
    /// A grant that parses is cached even if it refuses the request. Its preflight does not clear the cache.
    KeepsRefusingGrants,
    /// A grant with a max-age of 0 leaves the cache unchanged. Step 7.12 of
    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) sets the max-age of the matching
    /// entries.
    ZeroMaxAgeStoresNothing,
    /// The max-age of a renewed entry counts from the new grant. Steps 7.12 and 7.14 of
    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) change only the max-age, which
    /// counts from the first grant.
    GrantsRestart,
    /// A grant to a fetch with credentials covers only fetches with credentials. By
    /// [cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match), it covers all fetches.
    SeparatesCredentials,
    /// A cached `*` is not a wildcard. By
    /// [method cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-method), it is.
    CachedWildcardIsLiteral,
    /// A cached `*` is not a wildcard if it was granted to a fetch with credentials.
    CachedWildcardGrantedWithCredentialsIsLiteral,
    /// A cached `*` is not a wildcard for a fetch with credentials.
    CachedWildcardIsLiteralWithCredentials,
    /// A cached `*` covers `Authorization`. By
    /// [header-name cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-header), it does not.
    CachedWildcardCoversAuthorization,
    /// The cache covers `HEAD` only if a grant listed it.
    CacheMustListHead,
    /// A grant to an opaque origin is not cached.
    OpaqueOriginsAreNotCached,

    // HTTP cache.
    /// A new response replaces all stored responses of its URL. By
    /// [RFC 9111, 4.1](https://www.rfc-editor.org/rfc/rfc9111#section-4.1), responses that `Vary` distinguishes are
    /// stored side by side.
    HttpCacheKeepsOneVariant,
    /// Fetches with credentials and fetches without them use separate caches.
    HttpCacheSeparatesCredentials,
    /// A response with status 401 is not reused.
    HttpCacheSkips401,
    /// A write does not invalidate stored responses. By
    /// [RFC 9111, 4.4](https://www.rfc-editor.org/rfc/rfc9111#section-4.4), a successful one does.
    HttpCacheIgnoresWrites,
    /// A `PUT` without a body does not invalidate stored responses.
    HttpCacheIgnoresEmptyPuts,
    /// A write invalidates the stored responses of its URL even if it fails. By
    /// [RFC 9111, 4.4](https://www.rfc-editor.org/rfc/rfc9111#section-4.4), only a successful one does.
    HttpCacheHonorsFailedWrites,

    // Cross-Origin-Resource-Policy.
    /// `localhost` and all hosts below it are one [site](https://html.spec.whatwg.org/#sites).
    LocalhostIsOneSite,

    // HTTP-redirect fetch.
    /// Every redirect of a preflighted request is preflighted. Step 12 of
    /// [main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) tests again whether the redirected request needs
    /// a preflight.
    PreflightsEveryRedirect,
    /// A redirected request needs a preflight if the first request had an unsafe header, even if a redirect removed the
    /// header.
    RemovedHeadersNeedPreflight,
    /// A preflight after a redirect lists the unsafe headers of the first request, including the removed ones.
    PreflightsAskForRemovedHeaders,
    /// A preflight after a redirect lists the unsafe headers of the first request, except those that the last redirect
    /// removed. Headers that earlier redirects removed are listed.
    PreflightsAskForHeadersRemovedBefore,
    /// A preflight after a redirect that taints the request has the page's origin, and is checked against it. By step 2
    /// of [serializing a request origin](https://fetch.spec.whatwg.org/#serializing-a-request-origin), its origin is
    /// `null`.
    PreflightsAreUntainted,
    /// A preflight to the page's own origin, after a redirect, passes without the
    /// [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check).
    PreflightsToOwnOriginPass,
    /// A request that had an `Origin` header keeps it when it is redirected within one origin, even as a `GET`.
    OriginStaysWithinOrigin,
    /// In no-cors mode, the `Origin` of a request is `null` after a redirect to another origin.
    NoCorsRedirectsHideOrigin,
    /// `DELETE` becomes `GET` when it is redirected to another origin. Step 12 of
    /// [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) keeps it.
    DeleteBecomesGetAcrossOrigins,
    /// A response with a `Location` is a redirect if its status is 3xx, except 300, 304, 305 and 306. The standard has
    /// five [redirect statuses](https://fetch.spec.whatwg.org/#redirect-status).
    Any3xxRedirects,
    /// An empty `Location` counts as absent. By
    /// [location URL](https://fetch.spec.whatwg.org/#concept-response-location-url), it is the request's own URL.
    EmptyLocationIsNone,
    /// An empty `Location` is a network error.
    EmptyLocationFails,
    /// Equal `Location` lines count as one. The standard fails to extract a repeated `Location`.
    EqualLocationsAreOne,
    /// Different `Location` lines are a network error, for every status and redirect mode.
    DifferentLocationsFail,
    /// A `Location` that includes credentials is always a network error. Steps 9 and 10 of
    /// [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) allow it within the page's own
    /// origin and in no-cors mode.
    LocationCredentialsFail,
    /// In redirect mode `manual`, a `Location` that does not parse is a network error. Step 6.3 of
    /// [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) does not parse it.
    ManualParsesLocation,
    /// In redirect mode `manual`, a `Location` with the scheme `ftp` is a network error.
    ManualRefusesFtp,
    /// In redirect mode `error`, a redirect with an empty `Location` or without one is not a network error. By step 6.3
    /// of [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch), it is.
    ErrorNeedsLocation,
}
