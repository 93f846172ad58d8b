//! Vectors: cases in files, each with an id, the sentence that it tests, and the expected intents.

use std::collections::HashMap;

use cors_policy::{
    Policy,
    intent::{Intent, intent},
};
use cors_reference::request::Request;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    case::{Case, Visit},
    input::{InputError, from_json, line_of},
};

/// A case with an id, the sentence of the standard or of the security checklist that it tests, and the expected
/// intents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// The unique id, of the form `topic/name`.
    pub id: String,
    /// What the vector tests, in one sentence.
    pub says: String,
    /// The section of the standard, or `checklist`.
    pub spec: String,
    /// The quoted sentence.
    pub quote: String,
    /// The case.
    pub case: Case,
    /// The expectation for each visit, in order.
    pub expect: Vec<Expected>,
}

/// The expectation for one visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The intent of the policy.
    pub intent: ExpectedIntent,
    /// Headers of the handler's response that the page must be able to read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readable: Vec<String>,
    /// Headers of the handler's response that the page must not be able to read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<String>,
}

impl Expected {
    /// Creates the expectation of an intent, without expectations for headers.
    pub(crate) fn of(visit: &Visit, policy: &Policy) -> Self {
        let intent = match visit {
            Visit::Fetch(fetch) => match Request::new(&fetch.page_origin, &fetch.url, &fetch.request) {
                Ok(request) => match intent(policy, &request) {
                    Intent::Permit => ExpectedIntent::Permit,
                    Intent::Deny(_) => ExpectedIntent::Deny,
                    Intent::Unspecified(_) => ExpectedIntent::Unspecified,
                },
                // It throws before anything is sent.
                Err(_) => ExpectedIntent::Unspecified,
            },
            Visit::Raw(raw) if raw.to_wire().is_some_and(|request| request.is_cors_preflight()) => {
                ExpectedIntent::Preflight
            }
            Visit::Raw(_) => ExpectedIntent::Forward,
        };
        Self { intent, readable: Vec::new(), hidden: Vec::new() }
    }
}

/// The expected intent of a policy for one visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExpectedIntent {
    /// The page may read the response.
    Permit,
    /// The page may not read the response.
    Deny,
    /// The standard leaves it open.
    Unspecified,
    /// A raw request other than a preflight. The handler answers it.
    Forward,
    /// A raw preflight. The handler does not receive it.
    Preflight,
}

/// A file of vectors.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "VectorFile", deny_unknown_fields)]
pub struct VectorFile {
    /// The version of this format: 1.
    pub schema: u32,
    /// The topic of the file, in one sentence.
    pub about: String,
    /// The vectors.
    pub vectors: Vec<Vector>,
}

/// A file whose vectors are not parsed yet. An error in one vector does not affect the others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile<'a> {
    schema: u32,
    #[serde(rename = "about")]
    _about: String,
    #[serde(borrow)]
    vectors: Vec<&'a RawValue>,
}

/// The result of reading files: the valid vectors and the errors.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The vectors, in order.
    pub vectors: Vec<Vector>,
    /// The errors, each with file, line and field.
    pub errors: Vec<InputError>,
    lines: HashMap<String, (String, usize)>,
}

impl Loaded {
    /// Reads a file of vectors, or a single case. The id of a single case is the name of its file.
    pub fn read(&mut self, file: &str, text: &str) {
        match serde_json::from_str::<RawFile<'_>>(text) {
            Ok(raw) if raw.schema == 1 => {
                for (index, vector) in raw.vectors.iter().enumerate() {
                    self.read_vector(file, text, index, vector.get());
                }
            }
            Ok(raw) => self.errors.push(InputError {
                file: Some(file.to_owned()),
                line: Some(1),
                field: "schema".to_owned(),
                message: format!("version {} is not known here: 1", raw.schema),
            }),
            Err(error) if error.is_data() && is_bare_case(text) => self.read_case(file, text),
            Err(_) => {
                // Once more for the error with its field.
                let error = from_json::<RawFileFields>(text).err();
                let error = error.unwrap_or_else(|| InputError {
                    file: None,
                    line: None,
                    field: String::new(),
                    message: "not a file of vectors".to_owned(),
                });
                self.errors.push(InputError { file: Some(file.to_owned()), ..error });
            }
        }
    }

    /// Returns the file and the first line of the vector with this id. The first line of a file is 1.
    pub fn place_of(&self, id: &str) -> Option<(&str, usize)> {
        self.lines.get(id).map(|(file, line)| (file.as_str(), *line))
    }

    fn read_vector(&mut self, file: &str, text: &str, index: usize, raw: &str) {
        let first_line = line_of(text, raw);
        let read = from_json::<Vector>(raw).map_err(|error| {
            let line = error.line.map_or(first_line, |line| first_line + line - 1);
            InputError { line: Some(line), ..error }
        });
        let checked = read.and_then(|vector| {
            let earlier = self.lines.get(&vector.id).map(|(file, line)| format!("{file}:{line}"));
            vector.validate(earlier.as_deref()).map(|()| vector)
        });
        match checked {
            Ok(vector) => {
                self.lines.insert(vector.id.clone(), (file.to_owned(), first_line));
                self.vectors.push(vector);
            }
            Err(error) => {
                let field = if error.field.is_empty() { String::new() } else { format!(".{}", error.field) };
                self.errors.push(InputError {
                    file: Some(file.to_owned()),
                    line: error.line.or(Some(first_line)),
                    field: format!("vectors[{index}]{field}"),
                    message: error.message,
                });
            }
        }
    }

    fn read_case(&mut self, file: &str, text: &str) {
        let read = from_json::<Case>(text).and_then(|case| match self.lines.get(file) {
            Some(_) => Err(InputError::of("", "this file was read before".to_owned())),
            None => case.validate().map(|()| case),
        });
        match read {
            Ok(case) => {
                self.lines.insert(file.to_owned(), (file.to_owned(), 1));
                self.vectors.push(Vector { id: file.to_owned(), ..Vector::bare(case) });
            }
            Err(error) => self.errors.push(InputError { file: Some(file.to_owned()), ..error }),
        }
    }
}

/// Parsed only for its errors.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "read for its errors alone")]
struct RawFileFields {
    schema: u32,
    about: String,
    vectors: Vec<serde_json::Value>,
}

fn is_bare_case(text: &str) -> bool {
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text)
        .is_ok_and(|object| object.contains_key("visits") && !object.contains_key("vectors"))
}

impl Vector {
    /// Creates a vector from a case that has no description and no expectations.
    pub fn bare(case: Case) -> Self {
        Self {
            id: "case".to_owned(),
            says: "A case from a file.".to_owned(),
            spec: String::new(),
            quote: String::new(),
            expect: Vec::new(),
            case,
        }
    }

    fn validate(&self, earlier: Option<&str>) -> Result<(), InputError> {
        let fault =
            |field: &str, message: String| Err(InputError { file: None, line: None, field: field.to_owned(), message });
        if let Some(earlier) = earlier {
            return fault("id", format!("`{}` is used by {earlier}", self.id));
        }
        self.case.validate().map_err(|error| InputError { field: format!("case.{}", error.field), ..error })?;
        if self.expect.len() != self.case.visits.len() {
            let message = format!("{} given for {} visits: one each", self.expect.len(), self.case.visits.len());
            return fault("expect", message);
        }
        for (index, (expected, visit)) in self.expect.iter().zip(&self.case.visits).enumerate() {
            let is_raw_intent = matches!(expected.intent, ExpectedIntent::Forward | ExpectedIntent::Preflight);
            if is_raw_intent != matches!(visit, Visit::Raw(_)) {
                let message = "a fetch is permit, deny or unspecified; a raw request is forward or preflight";
                return fault(&format!("expect[{index}].intent"), message.to_owned());
            }
        }
        Ok(())
    }
}

macro_rules! embed {
    ($($name:literal),* $(,)?) => {
        /// The built-in files of vectors, as pairs of a name and a text.
        pub const FILES: &[(&str, &str)] = &[$((
            concat!("conformance/vectors/", $name, ".json"),
            include_str!(concat!("../../vectors/", $name, ".json")),
        )),*];
    };
}

embed! {
    "caching",
    "credentials",
    "credentials-in-parts",
    "error-statuses",
    "exposed-headers",
    "exposure",
    "growth",
    "handler-cors-headers",
    "handler-headers",
    "interleaved-visitors",
    "max-age",
    "methods",
    "near-miss-hosts",
    "near-miss-origins",
    "null-origin",
    "origin-patterns",
    "origins",
    "plain-requests",
    "policies",
    "preflight-cache",
    "preflight-lists",
    "raw-requests",
    "request-headers",
    "routes",
    "safelist",
    "same-origin-and-other-modes",
    "several-visitors",
    "statuses",
    "wildcard-and-mirror",
}

/// Returns the built-in vectors.
pub fn built_in() -> Loaded {
    let mut loaded = Loaded::default();
    for (file, text) in FILES {
        loaded.read(file, text);
    }
    loaded
}
