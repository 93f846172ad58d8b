//! The numbered comments in the functions of `src`.
//!
//! A function that implements an algorithm links its definition in the doc comment and numbers its steps:
//! `// 7.5. If …`, `// 7.8–7.10. …`. One line may hold several steps: `// 3. Let … 4. If …`.

use std::{fs, path::Path};

/// A function and the steps that its comments name.
pub(crate) struct Function {
    /// The file and the name of the function.
    pub(crate) place: String,
    /// The links in the doc comment.
    pub(crate) links: Vec<String>,
    /// The numbers in the comments, or a description of a range that cannot be expanded.
    pub(crate) steps: Vec<Result<String, String>>,
}

/// Returns every function of the crate that has a numbered comment.
pub(crate) fn functions() -> Vec<Function> {
    let mut files = Vec::new();
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files.sort();
    let mut functions = Vec::new();
    for file in files {
        let name = file.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("a file below the crate").display().to_string();
        let text = fs::read_to_string(&file).expect("a source file is UTF-8");
        functions.extend(functions_of(&name, &text));
    }
    functions.retain(|function| !function.steps.is_empty());
    functions
}

fn rust_files(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder `src` is readable") {
        let path = entry.expect("the folder `src` is readable").path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Returns the functions of a file. Relies on the layout of rustfmt: a function ends at the first `}` with its indent.
fn functions_of(file: &str, text: &str) -> Vec<Function> {
    let (mut functions, mut docs) = (Vec::new(), String::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let code = line.trim_start();
        if let Some(doc) = code.strip_prefix("///") {
            docs.push_str(doc.trim());
            docs.push(' ');
        } else if let Some(name) = function_name(code) {
            let mut body = Vec::new();
            if !line.ends_with(['}', ';']) {
                let end = format!("{}}}", &line[..line.len() - code.len()]);
                body.extend(lines.by_ref().take_while(|line| *line != end));
            }
            let links = links(&std::mem::take(&mut docs));
            functions.push(Function { place: format!("{file}: {name}"), links, steps: steps(&body) });
        } else if !code.starts_with("#[") {
            docs.clear();
        }
    }
    functions
}

fn function_name(code: &str) -> Option<&str> {
    let (before, after) = code.split_once("fn ")?;
    let is_function = before.split_whitespace().all(|word| word.starts_with("pub") || word == "const");
    let name = after.split(['(', '<']).next().filter(|name| !name.contains(' '))?;
    is_function.then_some(name)
}

/// Returns the addresses in a Markdown text.
fn links(docs: &str) -> Vec<String> {
    let starts = docs.match_indices("https://").map(|(start, _)| start);
    let address = |start: usize| docs[start..].split([')', '>', ' ']).next().unwrap_or_default().to_owned();
    starts.map(address).collect()
}

fn steps(body: &[&str]) -> Vec<Result<String, String>> {
    let comments = body.iter().filter_map(|line| line.trim_start().strip_prefix("// "));
    comments.flat_map(steps_of_comment).collect()
}

/// Returns the steps at the beginning of a comment's line and of its sentences.
fn steps_of_comment(comment: &str) -> Vec<Result<String, String>> {
    let ends = comment.match_indices(". ").map(|(end, _)| end + 2);
    let starts = std::iter::once(0).chain(ends);
    starts.filter_map(|start| numbers(&comment[start..])).flatten().collect()
}

/// Returns the number or the range of numbers that a text begins with: `7.5. `, `7.5: `, `7.8–7.10. `.
fn numbers(text: &str) -> Option<Vec<Result<String, String>>> {
    let label = text.split(' ').next()?;
    let label = label.strip_suffix(['.', ':'])?;
    let is_number =
        |text: &str| text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    match label.split_once('–') {
        None => is_number(label).then(|| vec![Ok(label.to_owned())]),
        Some((first, last)) => {
            let first = first.trim_end_matches('.');
            (is_number(first) && is_number(last)).then(|| range(first, last))
        }
    }
}

/// Returns the numbers from `first` to `last`, which differ in their last part.
fn range(first: &str, last: &str) -> Vec<Result<String, String>> {
    let split = |number: &str| {
        let (before, part) = number.rsplit_once('.').map_or(("", number), |(before, part)| (before, part));
        (before.to_owned(), part.parse::<u32>().unwrap_or(u32::MAX))
    };
    let ((before, from), (also_before, to)) = (split(first), split(last));
    if before != also_before || from >= to {
        return vec![Err(format!("{first}–{last} is not a range of steps of one list"))];
    }
    let join = |part: u32| if before.is_empty() { part.to_string() } else { format!("{before}.{part}") };
    (from..=to).map(|part| Ok(join(part))).collect()
}

#[test]
fn a_comment_names_single_steps_ranges_and_several_steps() {
    let named = |comment| steps_of_comment(comment).into_iter().map(|step| step.unwrap_or_else(|error| error));
    for (comment, expected) in [
        ("7.5. If request's method is not allowed, return.", "7.5"),
        ("4.1: the cache.", "4.1"),
        ("7.8–7.10. Let max-age be 5.", "7.8 7.9 7.10"),
        ("14.–15. Let rangeEnd be the digits. 16. If position is at the end, return.", "14 15 16"),
        ("3. Let locationURL be the location URL. 4. If it is null, then return response.", "3 4"),
        ("1.–3.", "1 2 3"),
        ("A value of 128 bytes is allowed.", ""),
        ("RFC 9110, 6.6.1: a date.", ""),
    ] {
        assert_eq!(named(comment).collect::<Vec<_>>().join(" "), expected, "{comment}");
    }
    assert!(steps_of_comment("7.8–8.2. Text.")[0].is_err());
}

#[test]
fn a_function_has_the_links_of_its_doc_comment_and_the_steps_of_its_body() {
    let text = "\
/// The [check](https://a.example/#check).
#[must_use]
pub(crate) fn check(
    request: &Request,
) -> bool {
    // 1. Let a be b.
    if a {
        // 2.1. Return.
    }
    true
}

/// Another.
fn other() {}
";
    let functions = functions_of("a.rs", text);
    let places: Vec<_> = functions.iter().map(|function| &*function.place).collect();
    assert_eq!(places, ["a.rs: check", "a.rs: other"]);
    assert_eq!(functions[0].links, ["https://a.example/#check"]);
    assert_eq!(functions[0].steps, [Ok("1".to_owned()), Ok("2.1".to_owned())]);
    assert!(functions[1].links.is_empty() && functions[1].steps.is_empty());
}
