//! Timing. All rows are measured in turns that are far apart, with new servers in each turn. A slow phase of the machine
//! therefore does not affect a single row, and neither does the position of a server in memory.

use std::{
    io::{self, BufRead as _},
    time::Duration,
};

use cors_conformance::self_check::registry;

use super::{
    counts::counted,
    definition::Definition,
    extent::{Extent, Failed},
    figures::{Figure, LIMIT, LeftOut},
    measure::{Call, Subject, calls_for_mean},
    models::MODELS,
    report::Report,
};
use crate::timing::{criterion, fastest, rounds};

/// The number of turns after the one by Criterion.
const TURNS: usize = 4;
/// The duration of a round of calls in each turn.
const ROUND: Duration = Duration::from_millis(4);

/// Verifies all rows and measures their times.
///
/// # Errors
///
/// Fails if a model does not parse.
pub fn measure(extent: Extent, report: &mut Report) -> Result<(), Failed> {
    let mut criterion = criterion().warm_up_time(Duration::from_millis(4)).measurement_time(Duration::from_millis(20));
    if extent != Extent::Whole {
        criterion = criterion.without_plots();
    }
    let definitions = extent.definitions()?;
    let policies: Vec<&[Definition]> = definitions.chunk_by(|one, other| one.key() == other.key()).collect();
    for definitions in &policies {
        let mut rows = rows(extent, definitions);
        definitions.iter().for_each(|definition| verify(definition, &mut rows, report));
    }
    if extent == Extent::Verify {
        return Ok(());
    }
    for turn in 0..=TURNS {
        for definitions in &policies {
            let mut rows = rows(extent, definitions);
            for definition in *definitions {
                let own = |figure: &&mut Figure| (figure.model, figure.size) == (definition.model.id, definition.size);
                let figures = report.figures.iter_mut().filter(own);
                if turn > 0 {
                    time(definition, &mut rows, figures, |_, call| rounds(ROUND, || call.make()));
                } else {
                    let mut group = criterion.benchmark_group(definition.name());
                    time(definition, &mut rows, figures, |row, call| {
                        fastest(&mut group, row, |count| (0..count).for_each(|_| call.make()))
                    });
                    group.finish();
                }
            }
        }
    }
    Ok(())
}

/// Returns the subjects for the policy that the definitions share.
fn rows(extent: Extent, definitions: &[Definition]) -> Vec<Subject> {
    let Some(first) = definitions.first() else { return Vec::new() };
    extent.rows().map(|row| Subject::of(row, &first.policy)).chain([Subject::Limit]).collect()
}

/// Adds an empty figure for each subject that gives the expected answer, and leaves the others out with the reason.
fn verify(definition: &Definition, rows: &mut [Subject], report: &mut Report) {
    let (model, size) = (definition.model.id, definition.size);
    let request = definition.request();
    for row in rows {
        let adapter = row.name();
        if let Err(why) = row.verify(definition, request.as_ref()) {
            report.left_out.push(LeftOut { model, size, adapter, why });
            continue;
        }
        if row.calls(definition, request.as_ref()).is_some() {
            report.figures.push(Figure::new(model, size, adapter));
        }
    }
}

/// Measures the calls of each figure once more and keeps the minimum. `clock` measures the calls with the middleware.
fn time<'f>(
    definition: &Definition,
    rows: &mut [Subject],
    figures: impl Iterator<Item = &'f mut Figure>,
    mut clock: impl FnMut(&'static str, &mut Call<'_>) -> f64,
) {
    let request = definition.request();
    for figure in figures {
        let Some(row) = rows.iter_mut().find(|row| row.name() == figure.adapter) else { continue };
        if row.verify(definition, request.as_ref()).is_err() {
            continue;
        }
        let Some([mut with, mut floor]) = row.calls(definition, request.as_ref()) else { continue };
        figure.time.with = figure.time.with.min(clock(figure.adapter, &mut with));
        figure.time.floor = figure.time.floor.min(rounds(ROUND, || floor.make()));
    }
}

/// Makes the counted calls of a row for each line of standard input, which has a model and a size. The call with the
/// middleware comes before the call without it. Writes the allocations and bytes of each call to standard output.
///
/// # Errors
///
/// Fails if the row, the model or the size is unknown.
pub fn count(row: &str) -> Result<(), Failed> {
    let middleware = registry::named(row);
    let new = |definition: &Definition| match middleware {
        Some(middleware) => Ok(Subject::of(middleware, &definition.policy)),
        None if row == LIMIT => Ok(Subject::Limit),
        None => Err(format!("no such row: {row}")),
    };
    let mut last: Option<(_, Subject)> = None;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (model, size) = line.split_once(' ').ok_or_else(|| format!("no model and size: {line}"))?;
        let model = MODELS.iter().find(|own| own.id == model).ok_or_else(|| format!("no such model: {line}"))?;
        let definition = Definition::new(model, size.parse()?)?;
        let mut row = match last.take() {
            Some((same, row)) if same == definition.key() => row,
            _ => new(&definition)?,
        };
        let request = definition.request();
        for mut call in row.calls(&definition, request.as_ref()).ok_or_else(|| format!("nothing to call: {line}"))? {
            let calls = calls_for_mean(definition.size);
            let [allocations, bytes] = call.allocations(calls);
            println!("{allocations} {bytes}");
            counted(calls, &mut || call.make());
        }
        last = Some((definition.key(), row));
    }
    Ok(())
}
