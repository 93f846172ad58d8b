//! Responses as relations compare them.

use cors_adapters::Observation;

/// A response as a client reads it, without its body and without the order of its headers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    status: u16,
    /// The headers, with names in lower case, sorted.
    headers: Vec<(String, String)>,
}

impl Answer {
    /// Returns the response. Returns `None` if the server failed.
    pub(super) fn of(observed: &Observation) -> Option<Self> {
        Self::without(observed, &[])
    }

    /// Returns the response without the headers of the given names. Returns `None` if the server failed.
    pub(super) fn without(observed: &Observation, names: &[&str]) -> Option<Self> {
        let response = observed.result.as_ref().ok()?;
        let others = response.headers.iter().filter(|(own, _)| !names.iter().any(|name| **own == **name));
        let mut headers: Vec<_> = others
            .map(|(name, value)| {
                let name = name.as_str().to_ascii_lowercase();
                let value = normalized(&name, value.isomorphic_decode());
                (name, value)
            })
            .collect();
        headers.sort();
        Some(Self { status: response.status, headers })
    }

    /// Describes the difference between two responses. Returns `None` if they are equal.
    pub(super) fn difference(one: Option<&Self>, other: Option<&Self>) -> Option<String> {
        if one == other {
            return None;
        }
        let (Some(one), Some(other)) = (one, other) else {
            let status =
                |answer: Option<&Self>| answer.map_or("a failure".to_owned(), |answer| answer.status.to_string());
            return Some(format!("{} against {}", status(one), status(other)));
        };
        let lacks = |answer: &Self, header| !answer.headers.contains(header);
        let mut differences = Vec::new();
        if one.status != other.status {
            differences.push(format!("status {} against {}", one.status, other.status));
        }
        for (sign, of, against) in [("-", one, other), ("+", other, one)] {
            let lacking = of.headers.iter().filter(|header| lacks(against, header));
            differences.extend(lacking.map(|(name, value)| format!("{sign}{name}: {value}")));
        }
        if differences.is_empty() {
            differences.push("a header is repeated".to_owned());
        }
        Some(differences.join("; "))
    }
}

/// Normalizes a value as a browser or a cache reads it. The order of the members of a list has no meaning, and neither does
/// the case of header names. A middleware that keeps a list in a hash set sends it in a different order after each start.
fn normalized(name: &str, value: String) -> String {
    let value = match name {
        "access-control-allow-headers" | "access-control-expose-headers" | "vary" => value.to_ascii_lowercase(),
        "access-control-allow-methods" => value,
        _ => return value,
    };
    let mut members: Vec<&str> = value.split(',').map(str::trim).filter(|member| !member.is_empty()).collect();
    members.sort_unstable();
    members.join(", ")
}
