//! Reading JSON that people write, with errors that name the place and a remedy.

use std::fmt;

use serde::de::DeserializeOwned;

/// An error in an input, with its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct InputError {
    /// The file, if the input is one.
    pub file: Option<String>,
    /// The line, from 1, if it is known.
    pub line: Option<usize>,
    /// The field, such as `vectors[2].policy.origins[0]`. Empty if the error is about the whole input.
    pub field: String,
    /// What is wrong, and what to do.
    pub message: String,
}

impl InputError {
    /// Creates an error about a field, without a file and a line.
    pub(crate) fn of(field: &str, message: String) -> Self {
        Self { file: None, line: None, field: field.to_owned(), message }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "{file}:{line}: ")?,
            (Some(file), None) => write!(f, "{file}: ")?,
            (None, Some(line)) => write!(f, "line {line}: ")?,
            (None, None) => {}
        }
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}

/// Reads a value from JSON.
///
/// # Errors
///
/// Returns an error with the line and the field, without a file.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, InputError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let result = serde_path_to_error::deserialize(&mut deserializer);
    let read = result.map_err(|error| {
        let field = error.path().to_string();
        at(error.into_inner(), if field == "." { String::new() } else { field })
    });
    // Text after the value is an error.
    read.and_then(|value| deserializer.end().map(|()| value).map_err(|error| at(error, String::new())))
}

/// Returns the line, from 1, on which `part` starts. `part` must be a slice of `text`.
pub(crate) fn line_of(text: &str, part: &str) -> usize {
    let offset = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

fn at(error: serde_json::Error, field: String) -> InputError {
    let position = format!(" at line {} column {}", error.line(), error.column());
    let message = error.to_string().replace(&position, "");
    InputError { file: None, line: (error.line() > 0).then_some(error.line()), field, message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cors_policy::Policy;

    #[test]
    fn an_error_names_line_and_field() {
        let error = from_json::<Policy>("{\n\"origins\": [\n\"https://a.example/\"]}").unwrap_err();
        assert_eq!((error.line, error.field.as_str()), (Some(3), "origins[0]"));
        assert!(error.message.contains("write `https://a.example`"), "{error}");
    }

    #[test]
    fn text_after_the_value_is_an_error() {
        assert!(from_json::<Policy>("{} {}").unwrap_err().message.contains("trailing"));
    }
}
