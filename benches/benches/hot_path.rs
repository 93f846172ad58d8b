//! `cargo bench --bench hot_path [-- --quick]` measures the cost of each middleware for each request. It never measures a
//! wrong answer. The report is in `target/hot-path`, and Criterion's own report in `target/criterion`.
//! `-- --compare ONE.csv OTHER.csv` compares two runs.

use std::{env, fs, path::PathBuf, process::Command, time::Instant};

use cors_benches::hot_path::{Extent, Failed, compare::compare, counts, models::MODELS, plot, report::Report, run};

fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = env::args().collect();
    let at = |wanted: &str| arguments.iter().position(|own| own == wanted);
    if let Some(at) = at(counts::ARGUMENT) {
        return run::count(arguments.get(at + 1).ok_or("--count takes a row")?);
    }
    if let Some(at) = at("--compare") {
        let [one, other] = arguments.get(at + 1..at + 3).ok_or("--compare takes two files of results")? else {
            return Err("--compare takes two files of results".into());
        };
        let read = |file: &String| fs::read_to_string(file).map_err(|error| format!("{file}: {error}"));
        let compared = compare(&read(one)?, &read(other)?)?;
        print!("{}", compared.text);
        return if compared.is_good() { Ok(()) } else { Err("the second run costs more or lacks a figure".into()) };
    }
    let extent = match (at("--bench"), at("--quick")) {
        (None, _) => Extent::Verify,
        (Some(_), Some(_)) => Extent::Quick,
        (Some(_), None) => Extent::Whole,
    };
    measure(extent)
}

fn measure(extent: Extent) -> Result<(), Failed> {
    let begun = Instant::now();
    let rows = extent.rows().map(|row| row.describe());
    let versions = rows.map(|row| (row.name, row.version)).collect();
    let mut report = Report { figures: Vec::new(), left_out: Vec::new(), versions, machine: machine() };
    run::measure(extent, &mut report)?;
    if extent == Extent::Verify {
        println!("{} measurements verified, {} left out", report.figures.len(), report.left_out.len());
        return Ok(());
    }
    if !counts::count(&mut report.figures)? {
        println!("valgrind is not installed: instructions are not counted");
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

/// Returns the target folder.
fn folder() -> PathBuf {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../target");
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| own.into(), PathBuf::from)
}

/// Describes the machine.
fn machine() -> Vec<String> {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu =
        cpu.lines().find_map(|line| line.strip_prefix("model name")).map(|line| line.trim_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let rustc = Command::new("rustc").arg("--version").output();
    let rustc = rustc.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    vec![format!("{}, {cores} cores", cpu.unwrap_or("an unknown processor")), rustc]
}
