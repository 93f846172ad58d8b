//! Is every step that a verdict can name where the pinned standard has it?

use std::{collections::HashSet, env, fs};

use cors_reference::spec::{FETCH, FETCH_COMMIT, LOCAL_NETWORK_ACCESS, PRIVATE_NETWORK_ACCESS, STEPS, Step};

#[test]
fn a_number_is_digits_joined_by_dots() {
    for step in STEPS {
        for part in step.number.split('.') {
            let is_number = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) && !part.starts_with('0');
            assert!(is_number, "{step}");
        }
    }
}

#[test]
fn an_address_is_the_standards_own() {
    for step in STEPS {
        let url = url::Url::parse(&step.url()).expect("a URL");
        assert_eq!(url.as_str(), step.url());
        assert!(step.url().starts_with(step.source.url), "{step}");
        assert_eq!(url.fragment(), Some(step.anchor));
    }
}

#[test]
fn no_step_is_named_twice() {
    let reasons: HashSet<_> = STEPS.iter().map(|step| step.reason()).collect();
    assert_eq!(reasons.len(), STEPS.len());
}

#[test]
fn a_reason_is_the_section_and_the_number() {
    for step in STEPS {
        assert_eq!(step.reason(), format!("{}/{}", step.section, step.number));
        assert!(step.section.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{step}");
    }
}

#[test]
fn the_source_is_pinned_to_a_commit() {
    for source in [&FETCH, &PRIVATE_NETWORK_ACCESS, &LOCAL_NETWORK_ACCESS] {
        assert_eq!(source.commit.len(), 40, "{}", source.url);
        assert!(source.commit.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()));
    }
}

#[test]
fn every_step_is_in_the_pinned_source() {
    let Some(file) = env::var_os("FETCH_BS") else {
        println!("skipped: FETCH_BS names no copy of fetch.bs at {FETCH_COMMIT}");
        return;
    };
    let source = fs::read_to_string(file).expect("FETCH_BS names a file that can be read");
    let steps = STEPS.iter().filter(|step| *step.source == FETCH);
    let wrong: Vec<_> = steps.filter_map(|step| differs(&source, step)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_step_about_local_networks_is_in_its_pinned_source() {
    for (source, variable) in [(&PRIVATE_NETWORK_ACCESS, "PNA_BS"), (&LOCAL_NETWORK_ACCESS, "LNA_BS")] {
        let Some(file) = env::var_os(variable) else {
            println!("skipped: {variable} names no copy of {} at {}", source.url, source.commit);
            continue;
        };
        let text = without_shorthand(&fs::read_to_string(file).expect("a file that can be read"));
        for step in STEPS.iter().filter(|step| step.source == source) {
            assert!(text.contains(step.text), "{step}: {:?}", step.text);
        }
    }
}

/// Without tags and Bikeshed's shorthand: `[=a/b=]` is `b`, and `|a|` is `a`.
fn without_shorthand(source: &str) -> String {
    let source = source.replace('\u{2019}', "'").replace('|', "");
    let mut text = String::new();
    let mut rest = source.as_str();
    while let Some((before, after)) = rest.split_once("[=") {
        let (link, after) = after.split_once("=]").expect("a link that ends");
        text.push_str(before);
        text.push_str(link.rsplit('/').next().unwrap_or(link));
        rest = after;
    }
    text.push_str(rest);
    folded(&text)
}

/// How the source differs from what the step says of it.
fn differs(source: &str, step: &Step) -> Option<String> {
    let found = section(source, step.section)
        .and_then(|section| algorithm(section, step.anchor))
        .and_then(|algorithm| text(algorithm, step.number));
    match found {
        Some(text) if text.starts_with(step.text) => None,
        Some(text) => Some(format!("{step}: {text:?} does not begin with {:?}", step.text)),
        None => Some(format!("{step}: there is no such step of #{}", step.anchor)),
    }
}

/// The source from the heading of that id up to the next heading.
fn section<'a>(source: &'a str, id: &str) -> Option<&'a str> {
    let is_heading = |tag: &str| matches!(tag.as_bytes(), [b'h', b'2'..=b'6', ..]);
    let mut headings = tags(source).filter(|(_, tag)| is_heading(tag));
    let (start, _) = headings.find(|(_, tag)| has_id(tag, id))?;
    Some(headings.next().map_or(&source[start..], |(end, _)| &source[start..end]))
}

/// The section from the definition of that id on. Two have no id of their own in the
/// source.
fn algorithm<'a>(section: &'a str, anchor: &str) -> Option<&'a str> {
    if anchor == "headers-validate" {
        return section.find("<dfn for=Headers>validate</dfn>").map(|start| &section[start..]);
    }
    if anchor == "cross-origin-resource-policy-internal-check" {
        return section.find("<dfn>cross-origin resource policy internal check</dfn>").map(|start| &section[start..]);
    }
    let mut definitions = tags(section).filter(|(_, tag)| tag.starts_with("dfn") && has_id(tag, anchor));
    definitions.next().map(|(start, _)| &section[start..])
}

/// The text of the step of that number: of the first list, counting the items of `<ol>` alone.
fn text(algorithm: &str, number: &str) -> Option<String> {
    // One entry a list: how many items so far, or none for a `<ul>`.
    let mut lists: Vec<Option<u32>> = Vec::new();
    let mut start = None;
    for (at, tag) in tags(algorithm) {
        let name = tag.split([' ', '\n', '>']).next().unwrap_or_default();
        if let (Some(start), "ol" | "/ol" | "ul" | "/ul" | "li" | "dl") = (start, name) {
            return Some(folded(&algorithm[start..at]));
        }
        match name {
            "ol" => lists.push(Some(0)),
            "ul" => lists.push(None),
            "/ol" | "/ul" => {
                lists.pop();
                if lists.is_empty() {
                    return None;
                }
            }
            "li" => {
                if let Some(Some(count)) = lists.last_mut() {
                    *count += 1;
                    let path: Vec<_> = lists.iter().flatten().map(u32::to_string).collect();
                    start = (path.join(".") == number).then_some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Every tag with its place: what stands between `<` and `>`. Comments are none.
fn tags(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + source[at..].find('<')?;
            let (opening, closing) = if source[start..].starts_with("<!--") { ("<!--", "-->") } else { ("<", ">") };
            let inner = start + opening.len();
            let end = inner + source[inner..].find(closing)?;
            at = end + closing.len();
            if opening == "<" {
                return Some((start, &source[inner..end]));
            }
        }
    })
}

fn has_id(tag: &str, id: &str) -> bool {
    let mut attributes = tag.split_ascii_whitespace().filter_map(|attribute| attribute.strip_prefix("id="));
    attributes.any(|value| value.trim_matches('"') == id)
}

/// Without tags and comments, white space folded.
fn folded(source: &str) -> String {
    let mut text = String::new();
    let mut rest = source;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let closing = if rest[start..].starts_with("<!--") { "-->" } else { ">" };
        let end = rest[start..].find(closing).map_or(rest.len(), |end| start + end + closing.len());
        rest = &rest[end..];
    }
    text.push_str(rest);
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}
