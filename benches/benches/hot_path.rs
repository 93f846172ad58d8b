//! `cargo bench --bench hot_path [-- --quick]`: what each middleware costs on each request. Nothing is timed that is
//! answered wrong. The report goes to `target/hot-path`, Criterion's own to `target/criterion`.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    env,
    error::Error,
    fs,
    io::{self, BufRead as _},
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use cors_adapters::{Middleware, registry};
use cors_benches::hot_path::{
    Extent,
    figures::{Cost, Figure, LIMIT, LeftOut},
    instructions::{self, counted},
    measure::{Call, Limit},
    models::MODELS,
    plot,
    report::Report,
    verified::Definition,
};
use criterion::Criterion;

type Failed = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failed> {
    let has = |argument: &str| env::args().any(|own| own == argument);
    if has(instructions::ARGUMENT) {
        return count();
    }
    let extent = match (has("--bench"), has("--quick")) {
        (false, _) => Extent::Verify,
        (true, true) => Extent::Quick,
        (true, false) => Extent::Whole,
    };
    let begun = Instant::now();
    let report = measured(extent)?;
    if extent == Extent::Verify {
        println!("{} measurements verified, {} left out", report.figures.len(), report.left_out.len());
        return Ok(());
    }
    let folder = folder().join("hot-path");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("report.md"), report.markdown())?;
    fs::write(folder.join("results.csv"), report.csv())?;
    for model in MODELS.iter().filter(|model| model.sizes.len() > 1) {
        plot::draw(&report, model, &folder.join(format!("{}.svg", model.id)))?;
    }
    println!("{}", report.markdown());
    println!("{} s; the report is in {}", begun.elapsed().as_secs(), folder.display());
    Ok(())
}

/// The target folder.
fn folder() -> PathBuf {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../target");
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| own.into(), PathBuf::from)
}

fn measured(extent: Extent) -> Result<Report, Failed> {
    let definitions = extent.definitions()?;
    let mut report =
        Report { figures: Vec::new(), left_out: Vec::new(), versions: BTreeMap::new(), machine: machine() };
    report.versions = extent.rows().map(|row| row.describe()).map(|row| (row.name, row.version)).collect();
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(20))
        .measurement_time(Duration::from_millis(80));
    if extent != Extent::Whole {
        criterion = criterion.without_plots();
    }
    // What is counted, in order.
    let mut order = String::new();
    for definition in &definitions {
        let (model, size) = (definition.model.id, definition.size);
        for row in extent.rows() {
            let adapter = row.describe().name;
            match figure(extent, definition, row, &mut criterion) {
                Ok(figure) => {
                    report.figures.push(figure);
                    order.push_str(&format!("{model} {size} {adapter}\n"));
                }
                Err(why) => report.left_out.push(LeftOut { model, size, adapter, why }),
            }
        }
        if let Some(figure) = limit(extent, definition, &mut criterion) {
            report.figures.push(figure);
            order.push_str(&format!("{model} {size} {LIMIT}\n"));
        }
    }
    if extent != Extent::Verify {
        let scratch = tempfile::tempdir()?;
        match instructions::count(&order, scratch.path())? {
            None => println!("valgrind is not there: no instructions are counted"),
            Some(counts) if counts.len() != 2 * report.figures.len() => {
                return Err(format!("{} counts of {} calls", counts.len(), 2 * report.figures.len()).into());
            }
            Some(counts) => {
                for (figure, counts) in report.figures.iter_mut().zip(counts.chunks_exact(2)) {
                    figure.instructions = Some(Cost { with: counts[0] as f64, floor: counts[1] as f64 });
                }
            }
        }
    }
    Ok(report)
}

fn figure(
    extent: Extent,
    definition: &Definition,
    row: &'static dyn Middleware,
    criterion: &mut Criterion,
) -> Result<Figure, String> {
    let mut timed = definition.verified(row)?;
    let name = row.describe().name;
    let [mut with, mut floor] = timed.calls(row, definition);
    let (by_middleware, by_framework) = (with.allocations(), floor.allocations());
    let mut time = |what: &str, call: &mut Call<'_>| match extent {
        Extent::Verify => 0.0,
        _ => timing(criterion, &format!("{} {what}", definition.name()), name, &mut || call.make()),
    };
    let time = Cost { with: time("with", &mut with), floor: time("without", &mut floor) };
    let cost = |with: u64, floor: u64| Cost { with: with as f64, floor: floor as f64 };
    Ok(Figure {
        model: definition.model.id,
        size: definition.size,
        adapter: name,
        time,
        instructions: None,
        allocations: cost(by_middleware.count_total, by_framework.count_total),
        bytes: cost(by_middleware.bytes_total, by_framework.bytes_total),
    })
}

fn limit(extent: Extent, definition: &Definition, criterion: &mut Criterion) -> Option<Figure> {
    let limit = Limit::of(definition).filter(|_| definition.model.unit == "origins")?;
    let nothing = Cost { with: 0.0, floor: 0.0 };
    let mut time = nothing;
    if extent != Extent::Verify {
        time.with = timing(criterion, &format!("{} with", definition.name()), LIMIT, &mut || {
            std::hint::black_box(limit.look_up());
        });
    }
    let (model, size) = (definition.model.id, definition.size);
    Some(Figure { model, size, adapter: LIMIT, time, instructions: None, allocations: nothing, bytes: nothing })
}

/// Nanoseconds a call: the median of Criterion's samples.
fn timing(criterion: &mut Criterion, group: &str, name: &str, call: &mut dyn FnMut()) -> f64 {
    let samples = RefCell::new(Vec::new());
    let mut group = criterion.benchmark_group(group);
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|iterations| {
            let begun = Instant::now();
            (0..iterations).for_each(|_| call());
            let elapsed = begun.elapsed();
            samples.borrow_mut().push(elapsed.as_nanos() as f64 / iterations as f64);
            elapsed
        });
    });
    group.finish();
    let mut samples = samples.into_inner();
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or_default()
}

/// Makes the calls whose instructions are counted, as standard input orders them.
fn count() -> Result<(), Failed> {
    for line in io::stdin().lock().lines() {
        let line = line?;
        let [model, size, adapter] = line.split(' ').collect::<Vec<_>>()[..] else {
            return Err(format!("no order: {line}").into());
        };
        let model = MODELS.iter().find(|own| own.id == model).ok_or("no such model")?;
        let definition = Definition::new(model, size.parse()?)?;
        if adapter == LIMIT {
            let limit = Limit::of(&definition).ok_or("no limit")?;
            counted(&mut || {
                std::hint::black_box(limit.look_up());
            });
            counted(&mut || {});
            continue;
        }
        let row = registry::named(adapter).ok_or("no such row")?;
        let mut timed = definition.unverified(row)?;
        for mut call in timed.calls(row, &definition) {
            // What is made at first use is made.
            call.make();
            call.make();
            counted(&mut || call.make());
        }
    }
    Ok(())
}

/// What it is measured on.
fn machine() -> Vec<String> {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu =
        cpu.lines().find_map(|line| line.strip_prefix("model name")).map(|line| line.trim_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let rustc = Command::new("rustc").arg("--version").output();
    let rustc = rustc.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    vec![format!("{}, {cores} cores", cpu.unwrap_or("a machine that does not tell its name")), rustc]
}
