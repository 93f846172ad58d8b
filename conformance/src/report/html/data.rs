//! The result as JSON for the scripts of the page: each kind of divergence with its example in full, and each text once.

use std::{
    collections::{BTreeMap, BTreeSet},
    ptr,
};

use cors_reference::{
    header_list::HeaderList,
    spec::{FETCH_COMMIT, STEPS},
};
use serde::Serialize;

use super::vector::VectorData;
use crate::{
    case::vectors::Vector,
    divergence::{Decisive, Divergence},
    drive::{Message, MessageKind},
    report::{
        by_fingerprint::{FingerprintGroup, group_by_fingerprint},
        reproduction::{curl_commands, file_name, rust_test},
        transcript::display_value,
    },
    rules::{Class, Severity, rule},
    self_check::registry,
    suite::{AdapterReport, Counts, Report},
};

/// The greatest total length of the curl commands of a divergence, in bytes.
const MAX_CURL_LEN: usize = 4_000;

#[derive(Serialize)]
pub(super) struct ResultData<'r> {
    commit: &'static str,
    classes: [Class; 8],
    rules: BTreeMap<&'r str, RuleData>,
    steps: BTreeMap<String, StepData>,
    vectors: BTreeMap<&'r str, VectorData<'r>>,
    rows: Vec<RowData<'r>>,
}

/// The vectors by id, as the first divergence of each contains them.
type Vectors<'r> = BTreeMap<&'r str, &'r Vector>;

#[derive(Serialize)]
struct RuleData {
    class: Class,
    requirement: &'static str,
    why: &'static str,
    quote: String,
    link: &'static str,
    fix: &'static str,
}

#[derive(Serialize)]
struct StepData {
    text: &'static str,
    url: String,
}

/// A row of the matrix.
#[derive(Serialize)]
struct RowData<'r> {
    name: &'r str,
    version: &'r str,
    counts: Counts,
    remarks: Vec<String>,
    kinds: Vec<KindData<'r>>,
}

/// The divergences of one fingerprint.
#[derive(Serialize)]
struct KindData<'r> {
    fingerprint: &'r str,
    rule: &'r str,
    class: Class,
    severity: Severity,
    known: bool,
    message: &'r str,
    reason: Option<&'r str>,
    /// The id of the example's vector.
    case: &'r str,
    /// The ids of all vectors that show the fingerprint.
    cases: BTreeSet<&'r str>,
    /// The example's vector, if it differs from the one in `ResultData::vectors` because the adapter has a fixed policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    vector: Option<VectorData<'r>>,
    exchanges: Vec<ExchangeData<'r>>,
    decisive: Option<&'r Decisive>,
    replay: String,
    curl: String,
    test: Option<String>,
}

#[derive(Serialize)]
struct ExchangeData<'r> {
    kind: MessageKind,
    visit: usize,
    method: &'r str,
    url: &'r str,
    request: Vec<(&'r str, String)>,
    status: Option<u16>,
    response: Vec<(&'r str, String)>,
    failure: Option<&'r str>,
    calls: u32,
}

impl<'r> ResultData<'r> {
    pub(super) fn new(report: &'r Report) -> Self {
        let groups = group_by_fingerprint(report);
        let divergences = || report.adapters.iter().flat_map(|row| &row.divergences);
        let rules = divergences().filter_map(|divergence| Some((&*divergence.rule, RuleData::new(&divergence.rule)?)));
        let reasons: BTreeSet<&str> = divergences().filter_map(|found| found.evidence.reason.as_deref()).collect();
        let steps = STEPS.iter().map(|step| (step.reason(), StepData { text: step.text, url: step.url() }));
        let mut vectors = Vectors::new();
        for divergence in divergences() {
            vectors.entry(&divergence.case.id).or_insert(&divergence.case);
        }
        Self {
            commit: FETCH_COMMIT,
            classes: Class::ALL,
            rules: rules.collect(),
            steps: steps.filter(|(reason, _)| reasons.contains(reason.as_str())).collect(),
            rows: report.adapters.iter().map(|row| RowData::new(row, &groups, &vectors)).collect(),
            vectors: vectors.into_iter().map(|(id, vector)| (id, VectorData::new(vector))).collect(),
        }
    }
}

impl RuleData {
    /// Returns `None` if the rule is unknown, which is possible in result files of another version.
    fn new(id: &str) -> Option<Self> {
        let rule = rule(id)?;
        let quote = rule.quote.split_whitespace().collect::<Vec<_>>().join(" ");
        let (requirement, why, link, fix) = (rule.requirement, rule.why, rule.link, rule.fix);
        Some(Self { class: rule.class, requirement, why, quote, link, fix })
    }
}

impl<'r> RowData<'r> {
    fn new(row: &'r AdapterReport, groups: &[FingerprintGroup<'r>], vectors: &Vectors<'_>) -> Self {
        let of_row = groups.iter().filter(|group| ptr::eq(group.adapter, row));
        Self {
            name: &row.name,
            version: &row.version,
            counts: row.counts,
            remarks: row.remarks().iter().map(ToString::to_string).collect(),
            kinds: of_row.map(|group| KindData::new(group, vectors)).collect(),
        }
    }
}

impl<'r> KindData<'r> {
    fn new(group: &FingerprintGroup<'r>, vectors: &Vectors<'_>) -> Self {
        let divergence = group.example;
        let Divergence { fingerprint, rule, class, severity, known, case, evidence } = divergence;
        let curl = curl_commands(divergence).join("\n");
        let is_too_long = curl.len() > MAX_CURL_LEN;
        let file = format!("{}.json", file_name(fingerprint));
        let middleware = registry::named(&group.adapter.name);
        Self {
            fingerprint,
            rule,
            class: *class,
            severity: *severity,
            known: *known,
            message: &evidence.message,
            reason: evidence.reason.as_deref(),
            case: &case.id,
            vector: (vectors.get(case.id.as_str()) != Some(&case)).then(|| VectorData::new(case)),
            cases: group.cases.clone(),
            exchanges: evidence.exchanges.iter().map(ExchangeData::new).collect(),
            decisive: evidence.decisive.as_ref(),
            replay: group.replay_command("cors-conformance"),
            curl: if is_too_long { "# The commands are too long; replay the vector instead.".to_owned() } else { curl },
            test: middleware.map(|middleware| rust_test(divergence, &middleware.describe(), &file)),
        }
    }
}

impl<'r> ExchangeData<'r> {
    fn new(message: &'r Message) -> Self {
        let lines = |headers: &'r HeaderList| {
            headers.iter().map(|(name, value)| (name.as_str(), display_value(value))).collect()
        };
        Self {
            kind: message.kind,
            visit: message.visit,
            method: &message.method,
            url: &message.url,
            request: lines(&message.request_headers),
            status: message.status,
            response: lines(&message.response_headers),
            failure: message.failure.as_deref(),
            calls: message.handler_calls,
        }
    }
}
