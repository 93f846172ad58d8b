//! A run: servers are built once for each policy, and then asked in turns, so that a slow minute of the machine is
//! everybody's.

use std::{
    hint::black_box,
    io::{self, BufRead as _},
    time::Duration,
};

use cors_adapters::{Middleware, registry};
use criterion::Criterion;

use super::{
    Extent, Failed,
    figures::{Cost, Figure, LIMIT, LeftOut},
    instructions::{counted, times},
    measure::{Call, Limit},
    models::MODELS,
    report::Report,
    verified::{Definition, Servers},
};
use crate::timing::{criterion, fastest, rounds};

/// So long a round of calls is, with which each time is taken again after Criterion has.
const ROUND: Duration = Duration::from_millis(4);

/// Measures everything but instructions.
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
    for of_policy in definitions.chunk_by(|one, other| one.key() == other.key()) {
        let Some(first) = of_policy.first() else { continue };
        let rows = extent.rows().map(|row| (row, Servers::new(row, &first.policy)));
        let mut rows: Vec<Row> = rows.map(|(row, servers)| Row { row, servers }).collect();
        for definition in of_policy {
            measure_one(extent, definition, &mut rows, &mut criterion, report);
        }
    }
    Ok(())
}

struct Row {
    row: &'static dyn Middleware,
    servers: Result<Servers, String>,
}

fn measure_one(
    extent: Extent,
    definition: &Definition,
    rows: &mut [Row],
    criterion: &mut Criterion,
    report: &mut Report,
) {
    let (model, size) = (definition.model.id, definition.size);
    let request = definition.request();
    let mut calls: Vec<(&'static str, [Call<'_>; 2])> = Vec::new();
    for Row { row, servers } in rows {
        let adapter = row.describe().name;
        let verified = match servers {
            Ok(servers) => definition.verify(*row, servers, request.as_ref()).map(|()| servers),
            Err(why) => Err(why.clone()),
        };
        match verified {
            Ok(servers) => calls.push((adapter, servers.calls(*row, definition, request.as_ref()))),
            Err(why) => report.left_out.push(LeftOut { model, size, adapter, why }),
        }
    }
    let mut group = criterion.benchmark_group(definition.name());
    let limit = Limit::of(definition).filter(|_| definition.model.unit == "origins");
    let mut figures = Vec::new();
    for (adapter, [with, floor]) in &mut calls {
        let (by_middleware, by_framework) = (with.allocations(), floor.allocations());
        let mut time = Cost { with: 0.0, floor: 0.0 };
        if extent != Extent::Verify {
            time.with = fastest(&mut group, adapter, |count| (0..count).for_each(|_| with.make()));
            time.floor = rounds(ROUND, || floor.make());
        }
        let cost = |with: u64, floor: u64| Cost { with: with as f64, floor: floor as f64 };
        figures.push(Figure {
            model,
            size,
            adapter,
            time,
            instructions: None,
            allocations: cost(by_middleware.count_total, by_framework.count_total),
            bytes: cost(by_middleware.bytes_total, by_framework.bytes_total),
        });
    }
    // Once more in turns.
    if extent != Extent::Verify {
        for ((_, [with, floor]), figure) in calls.iter_mut().zip(&mut figures) {
            figure.time.with = figure.time.with.min(rounds(ROUND, || with.make()));
            figure.time.floor = figure.time.floor.min(rounds(ROUND, || floor.make()));
        }
    }
    if let Some(limit) = limit {
        let nothing = Cost { with: 0.0, floor: 0.0 };
        let mut time = nothing;
        if extent != Extent::Verify {
            time.with = fastest(&mut group, LIMIT, |count| {
                (0..count).for_each(|_| {
                    black_box(limit.look_up());
                });
            });
        }
        figures.push(Figure {
            model,
            size,
            adapter: LIMIT,
            time,
            instructions: None,
            allocations: nothing,
            bytes: nothing,
        });
    }
    group.finish();
    report.figures.append(&mut figures);
}

/// Makes the calls of a row whose instructions are counted, as standard input orders them, a model and a size a line: each
/// time the call with the middleware, then the one without.
///
/// # Errors
///
/// A row, model or size that there is not.
pub fn count(row: &str) -> Result<(), Failed> {
    let middleware = registry::named(row);
    let mut last: Option<(_, Servers)> = None;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (model, size) = line.split_once(' ').ok_or_else(|| format!("no model and size: {line}"))?;
        let model = MODELS.iter().find(|own| own.id == model).ok_or_else(|| format!("no such model: {line}"))?;
        let definition = Definition::new(model, size.parse()?)?;
        let times = times(definition.size);
        let Some(middleware) = middleware else {
            let limit = Limit::of(&definition).filter(|_| row == LIMIT).ok_or_else(|| format!("no such row: {row}"))?;
            counted(times, &mut || {
                black_box(limit.look_up());
            });
            counted(times, &mut || {});
            continue;
        };
        let mut servers = match last.take() {
            Some((same, servers)) if same == definition.key() => servers,
            _ => Servers::new(middleware, &definition.policy)?,
        };
        let request = definition.request();
        for mut call in servers.calls(middleware, &definition, request.as_ref()) {
            // What is made at first use is made.
            call.warm_up();
            counted(times, &mut || call.make());
        }
        last = Some((definition.key(), servers));
    }
    Ok(())
}
