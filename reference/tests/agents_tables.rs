//! The tables of the agents.

use cors_reference::agent::{AGENTS, Agent, Deviation, STANDARD};

macro_rules! deviations {
    ($($name:ident)*) => {
        const DEVIATIONS: &[Deviation] = &[$(Deviation::$name),*];

        /// Returns the name of a variant. A variant that is missing from the list does not compile.
        fn name(deviation: Deviation) -> &'static str {
            match deviation {
                $(Deviation::$name => stringify!($name),)*
            }
        }
    };
}

deviations! {
    CombinesRepeatedHeaders RepeatsUnsafeNames SafelistHasNoTotal SafelistsClientHints HighBytesAreUnsafe
    ContentTypeParsesStrictly RangeParsesLoosely RangeBelow63Bits RangeWithin64Bits OverridesSplitAtEveryComma
    OverridesTrimFormFeed SkipsEmptyLines WildcardCoversAuthorization NegativeMaxAgeIsZero MaxAgeAllowsPlus
    MaxAgeBeyond63BitsIsDefault UnparsableMaxAgeIsZero ReplacesGrants OnlyPreflightsClear KeepsRefusingGrants
    ZeroMaxAgeStoresNothing GrantsRestart SeparatesCredentials CachedWildcardIsLiteral
    CachedWildcardGrantedWithCredentialsIsLiteral CachedWildcardIsLiteralWithCredentials
    CachedWildcardCoversAuthorization CacheMustListHead OpaqueOriginsAreNotCached PreflightsEveryRedirect
    RemovedHeadersNeedPreflight PreflightsAskForRemovedHeaders PreflightsAskForHeadersRemovedBefore
    PreflightsAreUntainted PreflightsToOwnOriginPass OriginStaysWithinOrigin NoCorsRedirectsHideOrigin
    HttpCacheKeepsOneVariant HttpCacheSeparatesCredentials HttpCacheSkips401 HttpCacheIgnoresWrites
    HttpCacheIgnoresEmptyPuts HttpCacheHonorsFailedWrites LocalhostIsOneSite
    DeleteBecomesGetAcrossOrigins Any3xxRedirects EmptyLocationIsNone EmptyLocationFails EqualLocationsAreOne
    DifferentLocationsFail LocationCredentialsFail ManualParsesLocation ManualRefusesFtp ErrorNeedsLocation
}

#[test]
fn every_deviation_is_in_the_table_of_an_agent() {
    for deviation in DEVIATIONS {
        assert!(AGENTS.iter().any(|agent| agent.has(*deviation)), "{}", name(*deviation));
    }
}

#[test]
fn no_two_agents_have_the_same_table() {
    for (index, agent) in AGENTS.iter().enumerate() {
        for other in &AGENTS[index + 1..] {
            assert_ne!(agent.name, other.name);
            let differs = |deviation: &&Deviation| agent.has(**deviation) != other.has(**deviation);
            assert_ne!(DEVIATIONS.iter().filter(differs).count(), 0, "{} and {}", agent.name, other.name);
        }
    }
}

#[test]
fn the_default_agent_is_the_standard_without_deviations() {
    assert!(!DEVIATIONS.iter().any(|deviation| STANDARD.has(*deviation)));
    assert_eq!(Agent::default(), STANDARD);
}

#[test]
fn an_agent_has_exactly_the_deviations_of_its_table() {
    for agent in AGENTS {
        let has = DEVIATIONS.iter().filter(|deviation| agent.has(**deviation));
        assert_eq!(has.count(), agent.table.len(), "{}", agent.name);
    }
}

#[test]
fn an_agent_is_found_by_its_exact_name() {
    for agent in AGENTS {
        assert_eq!(Agent::named(agent.name), Some(*agent));
    }
    for unknown in ["", "Chromium", "safari", "standard "] {
        assert_eq!(Agent::named(unknown), None, "{unknown:?}");
    }
}
