//! A run: all rows in turns, far apart and each time with new servers, so that no row's time is that of a slow minute of the
//! machine, nor of where its server came to lie in memory.

use std::{
    io::{self, BufRead as _},
    time::Duration,
};

use cors_conformance::self_check::registry;

use super::{
    Extent, Failed,
    counts::counted,
    figures::{Figure, LIMIT, LeftOut},
    measure::{Call, Row, often},
    models::MODELS,
    report::Report,
    verified::Definition,
};
use crate::timing::{criterion, fastest, rounds};

/// So often each time is taken again after Criterion has, once all others were.
const TURNS: usize = 4;
/// So long a round of calls is in each turn.
const ROUND: Duration = Duration::from_millis(4);

/// Takes the times.
///
/// # Errors
///
/// A model that does not parse.
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

/// The rows for the policy that these definitions share.
fn rows(extent: Extent, definitions: &[Definition]) -> Vec<Row> {
    let Some(first) = definitions.first() else { return Vec::new() };
    extent.rows().map(|row| Row::of(row, &first.policy)).chain([Row::Limit]).collect()
}

/// Leaves out what may not be timed; the rest has a figure, of which nothing is measured yet.
fn verify(definition: &Definition, rows: &mut [Row], report: &mut Report) {
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

/// Takes the time of each figure's calls once more, with the middleware by this clock; the least counts.
fn time<'f>(
    definition: &Definition,
    rows: &mut [Row],
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

/// Makes the calls of a row that are counted, as standard input orders them, a model and a size a line: each time the call
/// with the middleware, then the one without. The allocations and bytes of each go to standard output, a line a call.
///
/// # Errors
///
/// A row, model or size that there is not.
pub fn count(row: &str) -> Result<(), Failed> {
    let middleware = registry::named(row);
    let new = |definition: &Definition| match middleware {
        Some(middleware) => Ok(Row::of(middleware, &definition.policy)),
        None if row == LIMIT => Ok(Row::Limit),
        None => Err(format!("no such row: {row}")),
    };
    let mut last: Option<(_, Row)> = None;
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
            let calls = often(definition.size);
            let [allocations, bytes] = call.allocations(calls);
            println!("{allocations} {bytes}");
            counted(calls, &mut || call.make());
        }
        last = Some((definition.key(), row));
    }
    Ok(())
}
