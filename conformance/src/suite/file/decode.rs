//! From a file to its report.

use std::collections::BTreeMap;

use super::{
    encode::with_policy,
    types::{Occurrence, ResultFile, StoredDivergences, StoredRow},
};
use crate::{
    case::vectors::Vector,
    divergence::{Decisive, Divergence, Evidence},
    drive::Message,
    input::InputError,
    suite::result::{AdapterReport, Report},
};

/// Returns the report of a file.
///
/// # Errors
///
/// Names the field with an id or index that is not in the file.
pub fn decode(file: ResultFile) -> Result<Report, InputError> {
    let messages = messages(&file)?;
    let vectors = Vectors::new(&file.vectors);
    let rows = file.adapters.into_iter().enumerate();
    let rows = rows.map(|(index, row)| decode_row(&format!("adapters[{index}]"), row, &vectors, &messages));
    Ok(Report { adapters: rows.collect::<Result<_, _>>()? })
}

fn messages(file: &ResultFile) -> Result<Vec<Message>, InputError> {
    let exchanges = file.exchanges.iter().enumerate().map(|(index, exchange)| {
        let missing = |list: &str, wanted: usize| no_item(&format!("exchanges[{index}].{list}"), list, wanted);
        let request = file.requests.get(exchange.request).ok_or_else(|| missing("request", exchange.request))?;
        let response = file.responses.get(exchange.response).ok_or_else(|| missing("response", exchange.response))?;
        Ok(Message {
            visit: exchange.visit,
            kind: exchange.kind,
            method: request.method.clone(),
            url: request.url.clone(),
            request_headers: request.headers.clone(),
            status: response.status,
            response_headers: response.headers.clone(),
            failure: response.failure.clone(),
            handler_calls: exchange.handler_calls,
        })
    });
    exchanges.collect()
}

fn no_item(field: &str, what: &str, wanted: usize) -> InputError {
    InputError::of(field, format!("there is no {what} with the index {wanted}"))
}

/// Vectors by id, each with its position.
struct Vectors<'f>(BTreeMap<&'f str, (usize, &'f Vector)>);

impl<'f> Vectors<'f> {
    fn new(vectors: &'f [Vector]) -> Self {
        Self(vectors.iter().enumerate().map(|(index, vector)| (vector.id.as_str(), (index, vector))).collect())
    }
}

fn decode_row(
    field: &str,
    row: StoredRow,
    vectors: &Vectors<'_>,
    messages: &[Message],
) -> Result<AdapterReport, InputError> {
    let own_vectors = Vectors::new(&row.vectors);
    let vector = |id: &str| match (own_vectors.0.get(id), vectors.0.get(id), &row.policy) {
        (Some((_, vector)), ..) | (None, Some((_, vector)), None) => Some((*vector).clone()),
        (None, Some((_, vector)), Some(policy)) => Some(with_policy(vector, policy)),
        (None, None, _) => None,
    };
    let listed: BTreeMap<&str, usize> = row.cases.iter().map(|case| case.id.as_str()).zip(0..).collect();
    let place = |id: &str| {
        let by_vector = || own_vectors.0.get(id).or_else(|| vectors.0.get(id)).map_or(usize::MAX, |(index, _)| *index);
        listed.get(id).copied().unwrap_or_else(by_vector)
    };
    let mut divergences = Vec::new();
    for (group_index, group) in row.divergences.iter().enumerate() {
        for (index, occurrence) in group.cases.iter().enumerate() {
            let field = format!("{field}.divergences[{group_index}].cases[{index}]");
            let case = vector(&occurrence.case).ok_or_else(|| {
                InputError::of(&format!("{field}.case"), format!("there is no vector `{}`", occurrence.case))
            })?;
            let order = (place(&occurrence.case), occurrence.index);
            divergences.push((order, decode_divergence(&field, group, occurrence, case, messages)?));
        }
    }
    divergences.sort_by_key(|(order, _)| *order);
    Ok(AdapterReport {
        name: row.name,
        version: row.version,
        language: row.language,
        issues: row.issues,
        command: row.command,
        part: row.part,
        counts: row.counts,
        divergences: divergences.into_iter().map(|(_, divergence)| divergence).collect(),
        cases: row.cases,
        ended: row.ended,
    })
}

fn decode_divergence(
    field: &str,
    group: &StoredDivergences,
    occurrence: &Occurrence,
    case: Vector,
    messages: &[Message],
) -> Result<Divergence, InputError> {
    let exchanges = occurrence.exchanges.iter().enumerate().map(|(position, index)| {
        let message = messages.get(*index).cloned();
        message.ok_or_else(|| no_item(&format!("{field}.exchanges[{position}]"), "exchange", *index))
    });
    let exchanges: Vec<Message> = exchanges.collect::<Result<_, _>>()?;
    if let Some(decisive) = occurrence.decisive.filter(|decisive| *decisive >= exchanges.len()) {
        return Err(no_item(&format!("{field}.decisive"), "exchange", decisive));
    }
    let decisive = occurrence.decisive.zip(group.line.clone());
    Ok(Divergence {
        fingerprint: group.fingerprint.clone(),
        rule: group.rule.clone(),
        class: group.class,
        severity: group.severity,
        known: group.known,
        case,
        evidence: Evidence {
            message: group.message.clone(),
            visit: occurrence.visit,
            reason: group.reason.clone(),
            spec: group.spec.clone(),
            exchanges,
            decisive: decisive.map(|(exchange, line)| Decisive { exchange, line }),
        },
    })
}
