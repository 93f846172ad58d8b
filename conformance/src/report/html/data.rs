//! The result as the page's scripts read it: each kind of divergence with its shortest case whole, each text once.

use std::collections::{BTreeMap, BTreeSet};

use crate::self_check::registry;
use cors_policy::intent::{Intent, intent};
use cors_reference::{
    request::Request,
    spec::{FETCH_COMMIT, STEPS},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    case::{
        Case, Visit,
        vectors::{self, Expected},
    },
    divergence::{Decisive, Divergence},
    drive::{Message, MessageKind, denial},
    report::{
        by_fingerprint::{FingerprintGroup, group_by_fingerprint},
        compact_json::compact_json,
        reproduction::{curl_commands, file_name, rust_test},
        transcript::display_value,
    },
    rules::{Class, Severity, rule},
    search::minimise::short,
    suite::{AdapterReport, Counts, Report},
};

/// Curl lines longer than this many characters are for nobody to read.
const LONG: usize = 4_000;

#[derive(Serialize)]
pub(super) struct Result<'r> {
    commit: &'static str,
    classes: [Class; 8],
    rules: BTreeMap<&'r str, Rule>,
    steps: BTreeMap<String, Step>,
    vectors: BTreeMap<&'r str, Vector<'r>>,
    rows: Vec<Row<'r>>,
}

/// The vectors by id, as the first row that diverges has them.
type Originals<'r> = BTreeMap<&'r str, &'r vectors::Vector>;

#[derive(Serialize)]
struct Rule {
    class: Class,
    says: &'static str,
    why: &'static str,
    quote: String,
    link: &'static str,
    mend: &'static str,
}

#[derive(Serialize)]
struct Step {
    text: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Vector<'r> {
    says: &'r str,
    quote: &'r str,
    spec: &'r str,
    policy: String,
    wants: Vec<String>,
    case: Value,
    expect: &'r [Expected],
}

#[derive(Serialize)]
struct Row<'r> {
    name: &'r str,
    version: &'r str,
    counts: Counts,
    remarks: Vec<String>,
    /// How many cases diverge, by class and by rule.
    cases: BTreeMap<String, usize>,
    kinds: Vec<Kind<'r>>,
}

/// Divergences of one fingerprint.
#[derive(Serialize)]
struct Kind<'r> {
    fingerprint: &'r str,
    rule: &'r str,
    class: Class,
    severity: Severity,
    known: bool,
    message: &'r str,
    reason: Option<&'r str>,
    spec: &'r str,
    /// The case that is shown whole, and all of them.
    case: &'r str,
    cases: BTreeSet<&'r str>,
    /// That case, where a row has a policy of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    vector: Option<Vector<'r>>,
    exchanges: Vec<Exchange<'r>>,
    deciding: Option<&'r Decisive>,
    curl: String,
    test: Option<String>,
}

#[derive(Serialize)]
struct Exchange<'r> {
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

impl<'r> Result<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        let divergences = || report.adapters.iter().flat_map(|row| &row.divergences);
        let rules = divergences().filter_map(|divergence| Some((&*divergence.rule, Rule::of(&divergence.rule)?)));
        let reasons: BTreeSet<&str> = divergences().filter_map(|found| found.evidence.reason.as_deref()).collect();
        let steps = STEPS.iter().map(|step| (step.reason(), Step { text: step.text, url: step.url() }));
        let kinds = group_by_fingerprint(report);
        let mut vectors = Originals::new();
        for found in divergences() {
            vectors.entry(&found.case.id).or_insert(&found.case);
        }
        Self {
            commit: FETCH_COMMIT,
            classes: Class::ALL,
            rules: rules.collect(),
            steps: steps.filter(|(reason, _)| reasons.contains(reason.as_str())).collect(),
            rows: report.adapters.iter().map(|row| Row::of(row, &kinds, &vectors)).collect(),
            vectors: vectors.into_iter().map(|(id, vector)| (id, Vector::of(vector))).collect(),
        }
    }
}

impl Rule {
    fn of(id: &str) -> Option<Self> {
        let rule = rule(id)?;
        let quote = rule.quote.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Self { class: rule.class, says: rule.requirement, why: rule.why, quote, link: rule.link, mend: rule.fix })
    }
}

impl<'r> Vector<'r> {
    fn of(vector: &'r vectors::Vector) -> Self {
        Self {
            says: &vector.says,
            quote: &vector.quote,
            spec: &vector.spec,
            policy: compact_json(&vector.case.policy),
            wants: wants(&vector.case),
            case: short(&vector.case),
            expect: &vector.expect,
        }
    }
}

/// What the policy says of each visit, in a sentence.
fn wants(case: &Case) -> Vec<String> {
    let said = |visit: &Visit| match visit {
        Visit::Raw(raw) => format!("{} {} by a client that is no browser", raw.method, raw.url),
        Visit::Fetch(page) => {
            let fetch = format!("{} fetches {} {}", page.page_origin, page.request.method, page.url);
            let Ok(request) = Request::new(&page.page_origin, &page.url, &page.request) else {
                return format!("{fetch}: the script throws");
            };
            match intent(&case.policy, &request) {
                Intent::Permit => format!("{fetch}: permitted"),
                Intent::Deny(denied) => format!("{fetch}: denied, since {}", denial(&denied, &request)),
                Intent::Unspecified(sentence) => format!("{fetch}: left open by “{sentence}”"),
            }
        }
    };
    case.visits.iter().map(said).collect()
}

impl<'r> Row<'r> {
    fn of(row: &'r AdapterReport, kinds: &[FingerprintGroup<'r>], originals: &Originals<'_>) -> Self {
        let mut cases: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for divergence in &row.divergences {
            for key in [divergence.class.to_string(), divergence.rule.to_string()] {
                cases.entry(key).or_default().insert(&divergence.case.id);
            }
        }
        let own = kinds.iter().filter(|kind| std::ptr::eq(kind.adapter, row));
        Self {
            name: &row.name,
            version: &row.version,
            counts: row.counts,
            remarks: row.remarks().iter().map(ToString::to_string).collect(),
            cases: cases.into_iter().map(|(key, ids)| (key, ids.len())).collect(),
            kinds: own.map(|kind| Kind::of(kind, originals)).collect(),
        }
    }
}

impl<'r> Kind<'r> {
    fn of(kind: &FingerprintGroup<'r>, originals: &Originals<'_>) -> Self {
        let divergence = kind.example;
        let Divergence { fingerprint, rule, class, severity, known, case, evidence } = divergence;
        let curl = curl_commands(divergence).join("\n");
        let is_long = curl.len() > LONG;
        let file = format!("{}.json", file_name(fingerprint));
        let of = registry::named(&kind.adapter.name).map(|middleware| middleware.describe());
        Self {
            fingerprint,
            rule,
            class: *class,
            severity: *severity,
            known: *known,
            message: &evidence.message,
            reason: evidence.reason.as_deref(),
            spec: &evidence.spec,
            case: &case.id,
            vector: (originals.get(case.id.as_str()) != Some(&case)).then(|| Vector::of(case)),
            cases: kind.cases.clone(),
            exchanges: evidence.exchanges.iter().map(Exchange::of).collect(),
            deciding: evidence.decisive.as_ref(),
            curl: if is_long { "# too long to be typed; replay the vector".to_owned() } else { curl },
            test: of.map(|of| rust_test(divergence, &of, &file)),
        }
    }
}

impl<'r> Exchange<'r> {
    fn of(message: &'r Message) -> Self {
        let lines = |headers: &'r cors_reference::header_list::HeaderList| {
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
