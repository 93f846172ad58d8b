//! The baseline: divergences that are expected, each with a reason and a link. An entry that no longer
//! holds is an error, so that the file never says more than is true.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    divergence::Divergence,
    input::{InputError, from_json, line_of},
    suite::Report,
};

/// What a baseline entry expects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// One fingerprint.
    fingerprint: Option<String>,
    /// Or every fingerprint of a rule.
    rule: Option<String>,
    /// Of that rule, only those of this adapter.
    adapter: Option<String>,
    /// For a rule: how many distinct fingerprints it covers.
    covers: Option<usize>,
    reason: String,
    link: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    schema: u32,
    #[serde(borrow)]
    entries: Vec<&'a RawValue>,
}

/// A baseline file.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    file: String,
    entries: Vec<(usize, Entry)>,
}

impl Baseline {
    /// Reads a baseline file.
    ///
    /// # Errors
    ///
    /// Every bad entry, with file, line and field.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<InputError>> {
        let at = |error: InputError, first: usize| InputError {
            file: Some(file.to_owned()),
            line: Some(error.line.map_or(first, |line| first + line - 1)),
            ..error
        };
        let fault = |field: &str, message: &str| InputError {
            file: None,
            line: None,
            field: field.to_owned(),
            message: message.to_owned(),
        };
        let raw: File<'_> = serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            vec![InputError { file: Some(file.to_owned()), line: Some(error.line()), field: String::new(), message }]
        })?;
        if raw.schema != 1 {
            return Err(vec![at(fault("schema", "not known here: 1"), 1)]);
        }
        let (mut entries, mut errors) = (Vec::new(), Vec::new());
        for raw in raw.entries {
            let line = line_of(text, raw.get());
            let checked =
                from_json::<Entry>(raw.get()).and_then(|entry| match (&entry.fingerprint, &entry.rule, entry.covers) {
                    _ if entry.reason.trim().is_empty() => Err(fault("reason", "say why this is expected")),
                    _ if entry.link.trim().is_empty() => Err(fault("link", "say where this is explained")),
                    (Some(_), None, None) | (None, Some(_), Some(_)) => Ok(entry),
                    (None, Some(_), None) => Err(fault("covers", "say how many distinct fingerprints the rule covers")),
                    _ => Err(fault("", "give a fingerprint, or a rule with what it covers")),
                });
            match checked {
                Ok(entry) => entries.push((line, entry)),
                Err(error) => errors.push(at(error, line)),
            }
        }
        if errors.is_empty() { Ok(Self { file: file.to_owned(), entries }) } else { Err(errors) }
    }

    /// Marks the divergences that are expected.
    pub fn apply(&self, report: &mut Report) {
        for adapter in &mut report.adapters {
            for divergence in &mut adapter.divergences {
                divergence.known = self.expects(&adapter.name, divergence);
            }
        }
    }

    /// Whether a divergence of that adapter is expected.
    pub fn expects(&self, adapter: &str, divergence: &Divergence) -> bool {
        self.entries.iter().any(|(_, entry)| entry.covers(adapter, &divergence.rule, &divergence.fingerprint))
    }

    /// The entries that no longer hold: that match nothing, or another number than they say. Only a whole
    /// result can tell.
    pub fn stale(&self, report: &Report) -> Vec<InputError> {
        let mut errors = Vec::new();
        for (line, entry) in &self.entries {
            let message = match (entry.found(report), entry.covers) {
                (0, _) => "matches nothing: remove the entry".to_owned(),
                (found, Some(covers)) if found != covers => format!("covers {found} fingerprints, not {covers}"),
                _ => continue,
            };
            let field = entry.fingerprint.clone().or_else(|| entry.rule.clone()).unwrap_or_default();
            errors.push(InputError { file: Some(self.file.clone()), line: Some(*line), field, message });
        }
        errors
    }
}

/// What an update of a baseline did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Updated {
    /// The file's new text.
    pub text: String,
    /// The entries that are gone, since they match nothing.
    pub removed: Vec<String>,
    /// The rules that cover another number than they said: the number now.
    pub changed: Vec<(String, usize)>,
    /// The fingerprints that are new; each wants a reason and a link.
    pub added: Vec<String>,
}

/// The text of a baseline that expects what a result shows. Whatever still holds keeps its place, reason and link; what
/// is of a middleware that is not in the result is kept as it is. What is new has neither reason nor link, and the file is
/// refused until someone has written them.
///
/// # Errors
///
/// A text that is no baseline; reasons and links may be missing.
pub fn update(file: &str, text: &str, report: &Report) -> Result<Updated, InputError> {
    let raw: Raw = from_json(text).map_err(|error| InputError { file: Some(file.to_owned()), ..error })?;
    let mut updated = Updated::default();
    let mut entries = Vec::new();
    for mut entry in raw.entries {
        let name = entry.fingerprint.clone().or_else(|| entry.rule.clone()).unwrap_or_default();
        let owner = entry.adapter.as_deref().or_else(|| entry.fingerprint.as_deref()?.split('/').next());
        if owner.is_some_and(|owner| report.adapters.iter().all(|row| row.name != owner)) {
            entries.push(entry);
            continue;
        }
        let found = entry.found(report);
        if found == 0 {
            updated.removed.push(name);
            continue;
        }
        if entry.covers.is_some_and(|covers| covers != found) {
            entry.covers = Some(found);
            updated.changed.push((name, found));
        }
        entries.push(entry);
    }
    for row in &report.adapters {
        for divergence in &row.divergences {
            let fingerprint = &divergence.fingerprint;
            if !entries.iter().any(|entry| entry.covers(&row.name, &divergence.rule, fingerprint)) {
                updated.added.push(fingerprint.clone());
                entries.push(Entry { fingerprint: Some(fingerprint.clone()), ..Entry::default() });
            }
        }
    }
    let lines: Vec<String> = entries.iter().map(|entry| format!("    {}", entry.line())).collect();
    let lines = if lines.is_empty() { String::new() } else { format!("\n{}\n  ", lines.join(",\n")) };
    updated.text = format!("{{\n  \"schema\": 1,\n  \"entries\": [{lines}]\n}}\n");
    Ok(updated)
}

/// A baseline as it is written, with whatever is still to be filled in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(rename = "schema")]
    _schema: u32,
    entries: Vec<Entry>,
}

impl Entry {
    /// How many distinct fingerprints of a result it covers.
    fn found(&self, report: &Report) -> usize {
        let found = report.adapters.iter().flat_map(|row| {
            let covered = |divergence: &&Divergence| self.covers(&row.name, &divergence.rule, &divergence.fingerprint);
            row.divergences.iter().filter(covered).map(|divergence| divergence.fingerprint.as_str())
        });
        found.collect::<BTreeSet<&str>>().len()
    }

    /// The entry on one line, as the files have it.
    fn line(&self) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let Self { fingerprint, rule, adapter, covers, reason, link } = self;
        let named = [("fingerprint", fingerprint), ("rule", rule), ("adapter", adapter)];
        let mut fields: Vec<String> = named
            .into_iter()
            .filter_map(|(name, value)| Some(format!("\"{name}\": {}", quoted(value.as_deref()?))))
            .collect();
        fields.extend(covers.map(|covers| format!("\"covers\": {covers}")));
        fields.extend([format!("\"reason\": {}", quoted(reason)), format!("\"link\": {}", quoted(link))]);
        format!("{{{}}}", fields.join(", "))
    }

    fn covers(&self, adapter: &str, rule: &str, fingerprint: &str) -> bool {
        let is_of_rule = self.rule.as_deref() == Some(rule) && self.adapter.as_deref().is_none_or(|own| own == adapter);
        self.fingerprint.as_deref() == Some(fingerprint) || is_of_rule
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{suite::run_adapter, vectors::built_in};
    use cors_adapters::registry::named;

    fn report() -> Report {
        let row = run_adapter(named("matches-prefix").unwrap(), &built_in().vectors, |_| true);
        Report { schema: 1, adapters: vec![row] }
    }

    #[test]
    fn an_update_keeps_what_holds_and_adds_what_no_one_has_explained() {
        let report = report();
        let first = report.adapters[0].divergences[0].fingerprint.clone();
        let text = format!(
            r#"{{"schema": 1, "entries": [
                {{"fingerprint": "other/x", "reason": "another's", "link": "l"}},
                {{"fingerprint": "matches-prefix/gone", "reason": "r", "link": "l"}},
                {{"fingerprint": "{first}", "reason": "known", "link": "https://a.example"}}]}}"#
        );
        let updated = update("b.json", &text, &report).unwrap();
        assert_eq!(updated.removed, ["matches-prefix/gone"]);
        assert!(!updated.added.is_empty() && !updated.added.contains(&first));
        let kept = format!(r#"{{"fingerprint": "{first}", "reason": "known", "link": "https://a.example"}}"#);
        assert!(updated.text.contains(&kept) && updated.text.contains(r#""other/x", "reason": "another's""#));
        // Whoever updates says why.
        let errors = Baseline::read("b.json", &updated.text).unwrap_err();
        assert_eq!(errors.len(), updated.added.len());
        assert_eq!(errors[0].to_string(), "b.json:6: reason: say why this is expected");
        // Once that is done, nothing is left to do.
        let explained = updated.text.replace(r#""reason": "", "link": """#, r#""reason": "r", "link": "l""#);
        let again = update("b.json", &explained, &report).unwrap();
        assert_eq!(again, Updated { text: explained.clone(), ..Updated::default() });
        let baseline = Baseline::read("b.json", &explained).unwrap();
        assert_eq!(baseline.stale(&report).len(), 1);
    }

    #[test]
    fn a_rule_that_covers_another_number_says_so_after_an_update() {
        let report = report();
        let rule = "over-grant/origin";
        let text = format!(
            r#"{{"schema": 1, "entries": [{{"rule": "{rule}", "covers": 1000, "reason": "r", "link": "l"}}]}}"#
        );
        let updated = update("b.json", &text, &report).unwrap();
        let [(changed, covers)] = &updated.changed[..] else { panic!("{updated:?}") };
        assert_eq!(changed, rule);
        assert!(updated.text.contains(&format!(r#""covers": {covers}"#)) && *covers < 1000);
    }
}
