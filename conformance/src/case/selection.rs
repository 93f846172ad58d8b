//! The part of the suite that a run covers: a shard, or a choice of rules and vectors.

use std::{collections::BTreeSet, fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::case::vectors::Vector;

/// One shard of the vectors, written `INDEX/COUNT`, such as `1/4`. The first index is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Shard {
    /// The index of the shard, from 1.
    pub index: u64,
    /// The number of shards.
    pub count: u64,
}

impl Shard {
    /// Returns true if a vector belongs to this shard. The hash of its case decides.
    pub fn contains(self, vector: &Vector) -> bool {
        use std::hash::Hasher as _;
        let mut hasher = fnv::FnvHasher::default();
        hasher.write(serde_json::to_string(&vector.case).unwrap_or_default().as_bytes());
        hasher.finish() % self.count == self.index - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Self { index, count }),
            _ => Err("write I/N, with I from 1 to N".to_owned()),
        }
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

/// The part of the suite that a run covers. An empty part is the whole suite.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Part {
    /// The shards of the vectors, such as `1/4`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub shards: BTreeSet<Shard>,
    /// The selected rules or classes of rules.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub rules: BTreeSet<String>,
    /// The selected vectors, topics or files.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub vectors: BTreeSet<String>,
}

impl Part {
    /// Returns true if this is the whole suite.
    pub fn is_whole(&self) -> bool {
        self.rules.is_empty() && self.vectors.is_empty() && self.missing().is_empty()
    }

    /// Returns the union of two parts of one run.
    ///
    /// # Errors
    ///
    /// Returns the reason why they are not parts of one run.
    pub fn merge(&mut self, other: Self) -> Result<(), String> {
        if self.rules != other.rules {
            return Err("was run with other rules".to_owned());
        }
        let count = |part: &Self| part.shards.first().map(|shard| shard.count);
        if count(self) != count(&other) {
            return Err("was run in another number of shards".to_owned());
        }
        if let Some(shard) = self.shards.intersection(&other.shards).next() {
            return Err(format!("is shard {shard} once more"));
        }
        self.shards.extend(other.shards);
        self.vectors.extend(other.vectors);
        if self.missing().is_empty() {
            self.shards.clear();
        }
        Ok(())
    }

    /// Returns the missing shards. Returns nothing if the run was not sharded.
    pub fn missing(&self) -> Vec<Shard> {
        let count = self.shards.first().map_or(0, |shard| shard.count);
        (1..=count).map(|index| Shard { index, count }).filter(|shard| !self.shards.contains(shard)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(shards: &[&str]) -> Part {
        Part { shards: shards.iter().map(|shard| shard.parse().unwrap()).collect(), ..Part::default() }
    }

    #[test]
    fn all_shards_are_the_whole_and_what_is_missing_is_told() {
        let mut two = part(&["1/3"]);
        two.merge(part(&["3/3"])).unwrap();
        assert_eq!(two.missing(), ["2/3".parse().unwrap()]);
        two.merge(part(&["2/3"])).unwrap();
        assert!(two.is_whole());
    }

    #[test]
    fn a_shard_twice_or_of_another_number_is_refused() {
        assert_eq!(part(&["1/3"]).merge(part(&["1/3"])), Err("is shard 1/3 once more".to_owned()));
        assert_eq!(part(&["1/3"]).merge(part(&["2/4"])), Err("was run in another number of shards".to_owned()));
        let of_rule = Part { rules: ["over-grant".to_owned()].into(), ..Part::default() };
        assert_eq!(part(&[]).merge(of_rule), Err("was run with other rules".to_owned()));
    }

    #[test]
    fn a_shard_is_one_of_its_number() {
        for wrong in ["0/3", "4/3", "1", "1/0", "a/b"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
