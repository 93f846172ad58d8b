//! From a report to its file.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
};

use cors_policy::Policy;

use super::types::{
    Occurrence, ResultFile, StoredDivergences, StoredExchange, StoredRequest, StoredResponse, StoredRow,
};
use crate::{
    case::{Case, vectors::Vector},
    divergence::Divergence,
    drive::{Message, MessageKind},
    suite::result::{AdapterReport, Report},
};

/// Returns the file of a report.
pub fn encode(report: &Report) -> ResultFile {
    let mut vectors = BTreeMap::new();
    let mut file = ResultFile {
        schema: 2,
        vectors: Vec::new(),
        requests: Vec::new(),
        responses: Vec::new(),
        exchanges: Vec::new(),
        adapters: Vec::new(),
    };
    let mut variants: BTreeMap<&str, Vec<(&Vector, usize)>> = BTreeMap::new();
    for Divergence { case, .. } in report.adapters.iter().flat_map(|row| &row.divergences) {
        let variants = variants.entry(&case.id).or_default();
        match variants.iter_mut().find(|(variant, _)| *variant == case) {
            Some((_, times)) => *times += 1,
            None => variants.push((case, 1)),
        }
    }
    // Most rows share one variant. Those with a policy of their own have others.
    for (id, variants) in variants {
        if let Some((vector, _)) = variants.into_iter().rev().max_by_key(|(_, times)| *times) {
            file.vectors.push(vector.clone());
            vectors.insert(id, vector);
        }
    }
    let mut tables = Tables::default();
    file.adapters = report.adapters.iter().map(|row| encode_row(row, &vectors, &mut tables)).collect();
    file.requests = tables.requests.items;
    file.responses = tables.responses.items;
    file.exchanges = tables.exchanges.items;
    file
}

/// Items, each with the index at which it is stored. `K` identifies an item.
struct Table<T, K> {
    items: Vec<T>,
    indices: HashMap<K, usize>,
}

impl<T, K> Default for Table<T, K> {
    fn default() -> Self {
        Self { items: Vec::new(), indices: HashMap::new() }
    }
}

impl<T, K: Hash + Eq> Table<T, K> {
    fn index(&mut self, key: K, item: impl FnOnce() -> T) -> usize {
        *self.indices.entry(key).or_insert_with(|| {
            self.items.push(item());
            self.items.len() - 1
        })
    }
}

#[derive(Default)]
struct Tables {
    requests: Table<StoredRequest, String>,
    responses: Table<StoredResponse, String>,
    exchanges: Table<StoredExchange, (usize, MessageKind, usize, usize, u32)>,
}

impl Tables {
    fn exchange(&mut self, message: &Message) -> usize {
        let request = StoredRequest {
            method: message.method.clone(),
            url: message.url.clone(),
            headers: message.request_headers.clone(),
        };
        let response = StoredResponse {
            status: message.status,
            headers: message.response_headers.clone(),
            failure: message.failure.clone(),
        };
        let request = self.requests.index(serde_json::to_string(&request).unwrap_or_default(), || request);
        let response = self.responses.index(serde_json::to_string(&response).unwrap_or_default(), || response);
        let Message { visit, kind, handler_calls, .. } = *message;
        let exchange = StoredExchange { visit, kind, request, response, handler_calls };
        self.exchanges.index((visit, kind, request, response, handler_calls), || exchange)
    }
}

fn encode_row(row: &AdapterReport, vectors: &BTreeMap<&str, &Vector>, tables: &mut Tables) -> StoredRow {
    let policy = own_policy(row, vectors);
    let is_stored = |vector: &Vector| {
        vectors.get(vector.id.as_str()).is_some_and(|stored| match &policy {
            None => *stored == vector,
            Some(policy) => with_policy(stored, policy) == *vector,
        })
    };
    let mut own_vectors: Vec<Vector> = Vec::new();
    let mut groups: Vec<StoredDivergences> = Vec::new();
    let mut group_indices: HashMap<_, usize> = HashMap::new();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for divergence in &row.divergences {
        let Divergence { fingerprint, rule, class, severity, known, case, evidence } = divergence;
        if !is_stored(case) && !own_vectors.iter().any(|own| own.id == case.id) {
            own_vectors.push(case.clone());
        }
        let number = numbers.entry(&case.id).or_default();
        let occurrence = Occurrence {
            case: case.id.clone(),
            index: *number,
            visit: evidence.visit,
            exchanges: evidence.exchanges.iter().map(|message| tables.exchange(message)).collect(),
            decisive: evidence.decisive.as_ref().map(|decisive| decisive.exchange),
        };
        *number += 1;
        let line = evidence.decisive.as_ref().map(|decisive| decisive.line.as_str());
        let (message, reason, spec) = (&evidence.message, &evidence.reason, &evidence.spec);
        let key = (fingerprint, *severity, *known, message, reason, spec, line);
        let index = *group_indices.entry(key).or_insert_with(|| {
            groups.push(StoredDivergences {
                fingerprint: fingerprint.clone(),
                rule: rule.clone(),
                class: *class,
                severity: *severity,
                known: *known,
                message: message.clone(),
                reason: reason.clone(),
                spec: spec.clone(),
                line: line.map(str::to_owned),
                cases: Vec::new(),
            });
            groups.len() - 1
        });
        groups[index].cases.push(occurrence);
    }
    StoredRow {
        name: row.name.clone(),
        version: row.version.clone(),
        language: row.language.clone(),
        issues: row.issues.clone(),
        command: row.command.clone(),
        part: row.part.clone(),
        counts: row.counts,
        policy,
        vectors: own_vectors,
        cases: row.cases.clone(),
        divergences: groups,
        ended: row.ended.clone(),
    }
}

/// Returns the policy of all cases of a row, if they share one that differs from the vectors' policies.
fn own_policy(row: &AdapterReport, vectors: &BTreeMap<&str, &Vector>) -> Option<Policy> {
    let policy = &row.divergences.first()?.case.case.policy;
    let is_shared = row.divergences.iter().all(|divergence| divergence.case.case.policy == *policy);
    let differs = |vector: &Vector| vectors.get(vector.id.as_str()).is_some_and(|stored| stored.case.policy != *policy);
    (is_shared && row.divergences.iter().any(|divergence| differs(&divergence.case))).then(|| policy.clone())
}

/// Returns the vector with another policy.
pub(super) fn with_policy(vector: &Vector, policy: &Policy) -> Vector {
    Vector { case: Case { policy: policy.clone(), ..vector.case.clone() }, ..vector.clone() }
}
