//! The index of the steps of each pinned standard, which `.ci/extract-steps` writes.

use std::collections::BTreeMap;

use cors_reference::spec::{FETCH, LOCAL_NETWORK_ACCESS, PRIVATE_NETWORK_ACCESS, Source};

/// The index of one standard.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Index {
    pub(crate) url: String,
    pub(crate) commit: String,
    pub(crate) algorithms: Vec<Algorithm>,
}

/// One algorithm of a standard.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Algorithm {
    /// The id of the heading above the algorithm.
    pub(crate) section: String,
    /// The id of the algorithm's definition.
    pub(crate) anchor: String,
    /// A digest of the text of each step, by the step's number.
    pub(crate) steps: BTreeMap<String, String>,
    /// The first words of the steps that `STEPS` quotes.
    #[serde(default)]
    pub(crate) quoted: BTreeMap<String, String>,
}

impl Index {
    /// Returns the index of a source.
    pub(crate) fn of(source: &Source) -> &'static Self {
        let index = indexes().iter().find(|index| index.url == source.url);
        index.unwrap_or_else(|| panic!("tests/data/steps has no index of {}", source.url))
    }

    /// Returns the algorithm with this anchor.
    pub(crate) fn algorithm(&self, anchor: &str) -> Option<&Algorithm> {
        self.algorithms.iter().find(|algorithm| algorithm.anchor == anchor)
    }
}

/// The sources, with the text of their index.
const INDEXES: [(&Source, &str); 3] = [
    (&FETCH, include_str!("../data/steps/fetch.json")),
    (&PRIVATE_NETWORK_ACCESS, include_str!("../data/steps/private-network-access.json")),
    (&LOCAL_NETWORK_ACCESS, include_str!("../data/steps/local-network-access.json")),
];

/// Returns the index of each source.
pub(crate) fn indexes() -> &'static [Index] {
    static PARSED: std::sync::LazyLock<Vec<Index>> = std::sync::LazyLock::new(|| {
        let parse = |(source, text): &(&Source, &str)| {
            let index: Index = serde_json::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", source.url));
            assert_eq!(index.url, source.url);
            index
        };
        INDEXES.iter().map(parse).collect()
    });
    &PARSED
}

/// Sorts as the steps of an algorithm do: by number, part by part.
pub(crate) fn parts(number: &str) -> Vec<u32> {
    number.split('.').map(|part| part.parse().expect("a step is numbers joined by dots")).collect()
}
