//! Result files, which `run --format json` writes: read again, and several shards put together.

use std::collections::HashMap;

use crate::{
    input::{InputError, from_json},
    suite::Report,
    vectors::built_in,
};

/// The version of the format that is read here.
const SCHEMA: u32 = 1;

/// Reads a result file.
///
/// # Errors
///
/// Where it is not a whole result of this version, with file, line and field.
pub fn read(file: &str, text: &str) -> Result<Report, InputError> {
    let of_file = |error: InputError| InputError {
        file: Some(file.to_owned()),
        message: format!("{}: this is not a whole result of `run --format json`", error.message),
        ..error
    };
    let report: Report = from_json(text).map_err(of_file)?;
    if report.schema != SCHEMA {
        let message = format!("version {} is not known here, but {SCHEMA}: run the suite again", report.schema);
        return Err(InputError { file: Some(file.to_owned()), ..InputError::of("schema", message) });
    }
    Ok(report)
}

/// Puts shards of one run together, each with the file that it is from: the same as if the run had not been shared.
///
/// # Errors
///
/// Where two files tell of the same case, or of two versions of a middleware.
pub fn merge(shards: Vec<(String, Report)>) -> Result<Report, InputError> {
    let mut whole = Report { schema: SCHEMA, adapters: Vec::new() };
    let mut from: HashMap<(String, String), (usize, String)> = HashMap::new();
    let is_shared = shards.len() > 1;
    for (index, (file, shard)) in shards.into_iter().enumerate() {
        let fault = |message: String| InputError { file: Some(file.clone()), ..InputError::of("adapters", message) };
        for row in shard.adapters {
            for divergence in &row.divergences {
                let case = (row.name.clone(), divergence.case.id.clone());
                let (own, first) = from.entry(case).or_insert_with(|| (index, file.clone()));
                if *own != index {
                    let id = &divergence.case.id;
                    return Err(fault(format!("{first} tells of {}'s case {id}, too: give each shard once", row.name)));
                }
            }
            match whole.adapters.iter_mut().find(|own| own.name == row.name) {
                None => whole.adapters.push(row),
                Some(own) if own.version != row.version => {
                    let versions = format!("{} and {}", own.version, row.version);
                    return Err(fault(format!("{} is there in versions {versions}: run the shards alike", row.name)));
                }
                Some(own) => {
                    own.counts.merge(&row.counts);
                    own.divergences.extend(row.divergences);
                    own.remarks.extend(row.remarks);
                }
            }
        }
    }
    if is_shared {
        let order: HashMap<String, usize> =
            built_in().vectors.into_iter().enumerate().map(|(place, vector)| (vector.id, place)).collect();
        for row in &mut whole.adapters {
            row.divergences.sort_by_key(|divergence| order.get(&divergence.case.id).copied().unwrap_or(usize::MAX));
        }
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::{Shard, run_adapter};
    use cors_adapters::registry::named;

    fn report(shard: Option<Shard>) -> Report {
        let vectors: Vec<_> = built_in().vectors.into_iter().filter(|v| shard.is_none_or(|s| s.contains(v))).collect();
        let row = |name: &str| run_adapter(named(name).unwrap(), &vectors, |_| true);
        Report { schema: 1, adapters: vec![row("matches-prefix"), row("always-credentials")] }
    }

    fn shards() -> Vec<(String, Report)> {
        (1..=3).map(|index| (format!("{index}.json"), report(Some(Shard { index, count: 3 })))).collect()
    }

    #[test]
    fn shards_make_the_run_that_was_shared() {
        assert_eq!(merge(shards()).unwrap(), report(None));
    }

    #[test]
    fn a_shard_that_is_given_twice_is_an_error_that_names_both_files() {
        let mut twice = shards();
        twice.push(("again.json".to_owned(), twice[0].1.clone()));
        let error = merge(twice).unwrap_err().to_string();
        assert!(error.starts_with("again.json: adapters: 1.json tells of matches-prefix's case "), "{error}");
    }

    #[test]
    fn what_is_no_whole_result_is_an_error_that_says_where() {
        let whole = serde_json::to_string_pretty(&report(Some(Shard { index: 1, count: 40 }))).unwrap();
        assert!(read("r.json", &whole).is_ok());
        for (text, told) in [
            ("", "r.json:1: EOF while parsing a value"),
            ("{}", "r.json:1: missing field `schema`"),
            (r#"{"schema": 1, "entries": []}"#, "r.json:1: missing field `adapters`"),
            (r#"{"schema": 2, "adapters": []}"#, "r.json: schema: version 2 is not known here"),
            ("[1]", "r.json:1: "),
            ("\u{0}", "r.json:1: "),
        ] {
            let error = read("r.json", text).unwrap_err().to_string();
            assert!(error.starts_with(told), "{text:?}: {error}");
        }
        for cut in (1..whole.len() - 2).step_by(whole.len() / 50) {
            let Some(cut) = whole.get(..cut) else { continue };
            let error = read("r.json", cut).unwrap_err().to_string();
            assert!(error.contains("not a whole result"), "{error}");
        }
    }
}
