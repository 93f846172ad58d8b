//! The tables of deviations, one per agent.

use super::{Agent, Deviation, Deviation::*, KnownDeviation, LocalNetworks};

const fn row(deviation: Deviation, source: &'static str) -> KnownDeviation {
    KnownDeviation::new(deviation, source)
}

/// The standard without deviations. It imposes no limit on max-age.
pub const STANDARD: Agent = Agent {
    name: "standard",
    max_age_limit: None,
    http_cache_statuses: None,
    http_cache_permanent: &[],
    local_networks: LocalNetworks::Open,
    table: &[],
    left_out: None,
};

/// Chromium 156. The limit on max-age is `kMaxTimeout` in `services/network/public/cpp/cors/preflight_result.cc`.
pub const CHROMIUM: Agent = Agent {
    name: "chromium",
    max_age_limit: Some(7_200),
    http_cache_statuses: None,
    http_cache_permanent: &[300, 301, 308, 410],
    local_networks: LocalNetworks::LocalNetworkAccess,
    table: &[
        row(CombinesRepeatedHeaders, "req_safelist-accept-then-unsafe"),
        row(SafelistsClientHints, "IsCorsSafelistedHeader in cors.cc; req_safelist-dpr-one"),
        row(RangeBelow63Bits, "req_safelist-range-from-63-bits"),
        row(WildcardCoversAuthorization, "MDN: authorization_not_covered_by_wildcard, no"),
        row(NegativeMaxAgeIsZero, "ParseAccessControlMaxAge in preflight_result.cc; cache_maxage-005"),
        row(MaxAgeAllowsPlus, "cache_maxage-015"),
        row(MaxAgeBeyond63BitsIsDefault, "cache_maxage-018"),
        row(ReplacesGrants, "preflight_cache.cc"),
        row(OnlyPreflightsClear, "preflight_cache.cc"),
        row(CachedWildcardGrantedWithCredentialsIsLiteral, "cache_key-wildcard-granted-with-credentials"),
        row(OpaqueOriginsAreNotCached, "cache_key-opaque-after-opaque"),
        row(HttpCacheKeepsOneVariant, "http_cache-vary-origin-shared-with-own"),
        row(HttpCacheSkips401, "http_cache-status-401-fresh"),
        row(HttpCacheIgnoresEmptyPuts, "http_cache-after-put-200-omit"),
        row(NoCorsRedirectsHideOrigin, "mode-no-cors-post-own-to-target"),
        row(EmptyLocationIsNone, "redirect-location-empty-from-target"),
        row(EqualLocationsAreOne, "redirect-manual-equal-twice-from-target"),
        row(DifferentLocationsFail, "redirect-manual-different-twice-from-target"),
        row(LocationCredentialsFail, "redirect-credentials-get-own-to-own-cors"),
        row(ManualParsesLocation, "redirect-manual-no-host-from-target"),
        row(ErrorNeedsLocation, "redirect-error-without-location"),
    ],
    left_out: None,
};

/// Firefox 153. The limit on max-age is 24 hours, in `nsCORSListenerProxy.cpp`.
pub const FIREFOX: Agent = Agent {
    name: "firefox",
    max_age_limit: Some(86_400),
    http_cache_statuses: Some(&[200, 203, 301, 302, 307, 308, 410]),
    http_cache_permanent: &[410],
    local_networks: LocalNetworks::Open,
    table: &[
        row(RepeatsUnsafeNames, "acrh-repeated-in-three-cases-get"),
        row(SafelistHasNoTotal, "req_safelist-total-of-1025"),
        row(HighBytesAreUnsafe, "req_safelist-accept-of-127-high-bytes"),
        row(ContentTypeParsesStrictly, "net_ParseRequestContentType in nsURLHelper.cpp"),
        row(RangeWithin64Bits, "req_safelist-range-from-above-64-bits"),
        row(OverridesSplitAtEveryComma, "forbidden_req-override-quoted-comma"),
        row(SkipsEmptyLines, "preflight_acac-empty-line-first-include, cache_maxage-empty-line-then-600"),
        row(WildcardCoversAuthorization, "network.cors_preflight.authorization_covered_by_wildcard"),
        row(UnparsableMaxAgeIsZero, "AddResultToCache in nsCORSListenerProxy.cpp; cache_maxage-007"),
        row(ZeroMaxAgeStoresNothing, "AddResultToCache; cache_maxage-shortened-by-a-later-grant"),
        row(GrantsRestart, "AddResultToCache"),
        row(SeparatesCredentials, "nsPreflightCache::GetCacheKey; cache_key-023"),
        row(CachedWildcardIsLiteral, "CacheEntry::CheckRequest; cache_key-009"),
        row(CacheMustListHead, "CacheEntry::CheckRequest; cache_key-head-after-get"),
        row(HttpCacheKeepsOneVariant, "http_cache-vary-origin-shared-with-own"),
        row(HttpCacheSeparatesCredentials, "http_cache-omit-then-include"),
        row(HttpCacheIgnoresWrites, "http_cache-after-post-200-include"),
        row(PreflightsEveryRedirect, "redirect-303-put-then-refused"),
        row(RemovedHeadersNeedPreflight, "CheckPreflightNeeded; redirect-own-authorized-307-granting-none"),
        row(PreflightsAskForHeadersRemovedBefore, "SetCorsPreflightParameters; random_redirect-064"),
        row(PreflightsAreUntainted, "redirect-017"),
        row(PreflightsToOwnOriginPass, "redirect-012"),
        row(EqualLocationsAreOne, "redirect-254"),
        row(DifferentLocationsFail, "redirect-manual-different-twice-from-target"),
    ],
    left_out: None,
};

/// WebKitGTK 2.50. The limit on max-age is `maxPreflightCacheTimeout` in `CrossOriginPreflightResultCache.cpp`.
pub const WEBKIT: Agent = Agent {
    name: "webkit",
    max_age_limit: Some(600),
    http_cache_statuses: Some(&[200, 203, 204, 300, 301, 302, 307, 404, 410]),
    http_cache_permanent: &[301, 410],
    local_networks: LocalNetworks::Open,
    table: &[
        row(CombinesRepeatedHeaders, "req_safelist-accept-then-unsafe"),
        row(RangeParsesLoosely, "req_safelist-254, req_safelist-260"),
        row(RangeWithin64Bits, "req_safelist-range-from-above-64-bits"),
        row(OverridesSplitAtEveryComma, "forbidden_req-override-quoted-comma"),
        row(OverridesTrimFormFeed, "forbidden_req-x-http-method-form-feed"),
        row(WildcardCoversAuthorization, "MDN: authorization_not_covered_by_wildcard, no"),
        row(NegativeMaxAgeIsZero, "cache_maxage-005"),
        row(MaxAgeAllowsPlus, "cache_maxage-015"),
        row(MaxAgeBeyond63BitsIsDefault, "cache_maxage-018"),
        row(ReplacesGrants, "CrossOriginPreflightResultCache.cpp"),
        row(OnlyPreflightsClear, "CrossOriginPreflightResultCache.cpp"),
        row(KeepsRefusingGrants, "validatePreflightResponse in CrossOriginAccessControl.cpp; cache_key-031"),
        row(CachedWildcardIsLiteralWithCredentials, "cache_key-wildcard-granted-with-credentials"),
        row(CachedWildcardCoversAuthorization, "cache_key-010"),
        row(HttpCacheKeepsOneVariant, "http_cache-vary-origin-shared-with-own"),
        row(LocalhostIsOneSite, "corp-same-site-page-to-third-no-cors"),
        row(HttpCacheHonorsFailedWrites, "http_cache-after-post-404-omit"),
        row(PreflightsEveryRedirect, "NetworkLoadChecker.cpp; redirect-303-put-then-refused"),
        row(RemovedHeadersNeedPreflight, "redirect-own-authorized-307-granting-none"),
        row(PreflightsAskForRemovedHeaders, "NetworkLoadChecker.cpp; redirect-301-json-then-no-grant"),
        row(OriginStaysWithinOrigin, "mode-no-cors-302-own-own-own"),
        row(
            DeleteBecomesGetAcrossOrigins,
            "shouldRedirectAsGET in NetworkDataTaskSoup.cpp; redirect-own-delete-307-granting-all",
        ),
        row(Any3xxRedirects, "shouldStartHTTPRedirection in NetworkDataTaskSoup.cpp; redirect-309-get-from-target"),
        row(EmptyLocationFails, "redirect-location-empty-from-target"),
        row(ManualRefusesFtp, "redirect-manual-ftp-from-target"),
        row(ErrorNeedsLocation, "redirect-error-without-location"),
    ],
    left_out: None,
};

/// All agents.
pub const AGENTS: &[Agent] = &[STANDARD, CHROMIUM, FIREFOX, WEBKIT];

impl Agent {
    /// Returns the agent of that name.
    pub fn named(name: &str) -> Option<Self> {
        AGENTS.iter().copied().find(|agent| agent.name == name)
    }
}

impl Default for Agent {
    fn default() -> Self {
        STANDARD
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::AGENTS;

    #[test]
    fn a_table_lists_each_deviation_once_with_a_source() {
        for agent in AGENTS {
            let deviations: HashSet<_> = agent.table.iter().map(|row| row.deviation).collect();
            assert_eq!(deviations.len(), agent.table.len(), "{}", agent.name);
            assert!(agent.table.iter().all(|row| !row.source.is_empty()), "{}", agent.name);
        }
    }

    #[test]
    fn without_removes_one_deviation_and_keeps_the_others() {
        for agent in AGENTS {
            for left_out in agent.table {
                let kept = agent.table.iter().filter(|row| agent.without(left_out.deviation).has(row.deviation));
                assert_eq!(kept.count(), agent.table.len() - 1);
            }
        }
    }
}
