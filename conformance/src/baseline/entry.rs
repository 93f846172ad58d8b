//! The entries of a baseline.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    divergence::Divergence,
    input::InputError,
    self_check::registry,
    suite::{AdapterReport, Report},
};

/// A baseline file.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "BaselineFile", deny_unknown_fields)]
#[allow(dead_code, reason = "the source of the JSON Schema")]
pub struct BaselineFile {
    /// The version of this format: 1.
    pub schema: u32,
    /// The expected divergences.
    pub entries: Vec<Entry>,
}

/// The divergences that a baseline entry expects.
///
/// An entry has either a fingerprint, or a rule with the number of fingerprints that it covers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// One fingerprint.
    pub fingerprint: Option<String>,
    /// The id of a rule, which matches all fingerprints of the rule.
    pub rule: Option<String>,
    /// Limits the rule to the fingerprints of this adapter.
    pub adapter: Option<String>,
    /// The number of distinct fingerprints that the rule covers.
    pub covers: Option<usize>,
    /// The reason why the divergences are expected.
    #[schemars(length(min = 1))]
    pub reason: String,
    /// A link to an explanation.
    #[schemars(length(min = 1))]
    pub link: String,
}

impl Entry {
    /// Returns the fingerprint or the rule.
    pub(super) fn name(&self) -> &str {
        self.fingerprint.as_deref().or(self.rule.as_deref()).unwrap_or_default()
    }

    /// Returns an error unless the entry names its divergences in one of the two ways.
    pub(super) fn validate(&self) -> Result<(), InputError> {
        let error = |field: &str, message: &str| Err(InputError::of(field, message.to_owned()));
        match (&self.fingerprint, &self.rule, self.covers) {
            (Some(_), None, None) | (None, Some(_), Some(_)) => Ok(()),
            (None, Some(_), None) => error("covers", "give the number of distinct fingerprints that the rule covers"),
            _ => error("", "give either `fingerprint`, or `rule` and `covers`"),
        }
    }

    /// Returns an error if the reason or the link is missing.
    pub(super) fn check_explanation(&self) -> Result<(), InputError> {
        let error = |field: &str, message: &str| Err(InputError::of(field, message.to_owned()));
        match () {
            () if self.reason.trim().is_empty() => error("reason", "give the reason why this is expected"),
            () if self.link.trim().is_empty() => error("link", "give a link to an explanation"),
            () => Ok(()),
        }
    }

    /// Returns true if the entry expects a divergence of the adapter.
    pub(super) fn expects(&self, adapter: &str, divergence: &Divergence) -> bool {
        let is_of_rule = self.rule.as_deref() == Some(&*divergence.rule);
        let is_of_adapter = self.adapter.as_deref().is_none_or(|own| own == adapter);
        self.fingerprint.as_deref() == Some(&divergence.fingerprint) || is_of_rule && is_of_adapter
    }

    /// Returns the fingerprints of the report that the entry expects.
    pub(super) fn expected_fingerprints<'r>(&self, report: &'r Report) -> BTreeSet<&'r str> {
        let of_row =
            |row: &'r AdapterReport| row.divergences.iter().filter(|divergence| self.expects(&row.name, divergence));
        report.adapters.iter().flat_map(of_row).map(|divergence| divergence.fingerprint.as_str()).collect()
    }

    /// Returns true if the report contains everything that the entry may expect: the complete result of its adapter, or
    /// of every adapter if the entry names none.
    pub(super) fn is_decided_by(&self, report: &Report) -> bool {
        let is_complete = |row: &AdapterReport| row.part.is_whole() && row.counts.broken == 0 && row.ended.is_none();
        let row = |name: &str| report.adapters.iter().find(|row| row.name == name);
        let of_fingerprint = self.fingerprint.as_deref().and_then(|fingerprint| fingerprint.split('/').next());
        let adapter = self.adapter.as_deref().or(of_fingerprint);
        if let Some(row) = adapter.and_then(row) {
            return is_complete(row);
        }
        let has_every_adapter =
            cors_adapters::registry::middlewares().all(|middleware| row(middleware.describe().name).is_some());
        // A run of custom servers has no other rows, and its baseline's rules refer to them.
        let has_only_custom_servers =
            || adapter.is_none() && report.adapters.iter().all(|row| registry::named(&row.name).is_none());
        (has_every_adapter || has_only_custom_servers()) && report.adapters.iter().all(is_complete)
    }
}
