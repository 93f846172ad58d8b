//! The report, as Markdown for people and as CSV for programs.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    figures::{Figure, LIMIT, LeftOut},
    growth::{Growth, LEAST},
    models::{Asks, MODELS, Model},
};

/// The results of a run.
pub struct Report {
    /// The figures by model, size and row.
    pub figures: Vec<Figure>,
    /// The measurements that were left out.
    pub left_out: Vec<LeftOut>,
    /// The versions of the middlewares by row.
    pub versions: BTreeMap<&'static str, &'static str>,
    /// Lines that describe the machine.
    pub machine: Vec<String>,
}

impl Report {
    /// Returns the figures of a model at a size. The cheapest comes first.
    pub fn ranked(&self, model: &str, size: usize) -> Vec<&Figure> {
        let mut of_model: Vec<&Figure> =
            self.figures.iter().filter(|figure| figure.model == model && figure.size == size).collect();
        of_model.sort_by(|one, other| one.own().total_cmp(&other.own()));
        of_model
    }

    /// Returns the figures of a row in a model in ascending order of size.
    pub fn of_row(&self, model: &str, adapter: &str) -> Vec<&Figure> {
        self.figures.iter().filter(|figure| figure.model == model && figure.adapter == adapter).collect()
    }

    /// Returns the rows of a model in the order of the figures.
    pub fn rows(&self, model: &str) -> Vec<&'static str> {
        let mut rows = Vec::new();
        for figure in self.figures.iter().filter(|figure| figure.model == model) {
            if !rows.contains(&figure.adapter) {
                rows.push(figure.adapter);
            }
        }
        rows
    }

    /// Returns the growth of a row's own cost in a model.
    ///
    /// It is worse than linear only if the cost including the framework's is, too. A small difference between large costs
    /// is not reliable.
    pub fn growth(&self, model: &str, adapter: &str) -> Option<Growth> {
        let of = |cost: fn(&Figure) -> f64| {
            let points = self.of_row(model, adapter).into_iter().map(|figure| (figure.size as f64, cost(figure)));
            Growth::of(&points.collect::<Vec<_>>())
        };
        match of(Figure::own)? {
            Growth::Worse => of(|figure| figure.instructions.unwrap_or(figure.time).with),
            growth => Some(growth),
        }
    }

    /// Returns the models and rows whose cost grows faster than the request of an attacker.
    pub fn worse(&self) -> Vec<(&'static str, &'static str)> {
        let attacks = MODELS.iter().filter(|model| matches!((model.asks)(model.sizes[0]), Asks::Raw(_)));
        let rows = attacks.flat_map(|model| self.rows(model.id).into_iter().map(move |row| (model.id, row)));
        rows.filter(|(model, row)| self.growth(model, row) == Some(Growth::Worse)).collect()
    }

    /// Returns the geometric mean of the ratios of a row to the best row, over the shared models and sizes.
    fn mean(&self, row: &str, shared: &[(&str, usize)]) -> Option<f64> {
        let ratios = shared.iter().filter_map(|(model, size)| {
            let ranked = self.ranked(model, *size);
            let best = ranked.iter().find(|figure| figure.adapter != LIMIT)?.own().max(LEAST);
            let own = ranked.iter().find(|figure| figure.adapter == row)?.own().max(LEAST);
            Some((own / best).ln())
        });
        let logs: Vec<f64> = ratios.collect();
        (!logs.is_empty()).then(|| (logs.iter().sum::<f64>() / logs.len() as f64).exp())
    }

    /// Returns the models and sizes for which all rows have a figure.
    fn shared(&self, rows: &[&str]) -> Vec<(&'static str, usize)> {
        let sizes = MODELS.iter().flat_map(|model| model.sizes.iter().map(move |size| (model.id, *size)));
        let has = |row: &&str, (model, size): (&str, usize)| {
            self.figures.iter().any(|figure| (figure.model, figure.size, figure.adapter) == (model, size, row))
        };
        sizes.filter(|shared| rows.iter().all(|row| has(row, *shared))).collect()
    }

    /// Returns the report as Markdown.
    pub fn markdown(&self) -> String {
        let mut text = "# The hot path\n\nThe cost of each CORS middleware, apart from its framework and application. \
            [METHOD.md](../../METHOD.md) describes the measurement and its limits.\n\n"
            .to_owned();
        for line in &self.machine {
            append(&mut text, format_args!("- {line}\n"));
        }
        self.write_means(&mut text);
        for model in MODELS {
            self.write_model(model, &mut text);
        }
        let worse = self.worse();
        text.push_str("\n## Growth worse than linear in the request of an attacker\n\n");
        if worse.is_empty() {
            text.push_str("None.\n");
        }
        for (model, row) in worse {
            append(&mut text, format_args!("- {row}: {model}\n"));
        }
        text.push_str("\n## Left out\n\n");
        let mut reasons: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
        for LeftOut { model, size, adapter, why } in &self.left_out {
            reasons.entry((adapter, why)).or_default().push(format!("{model}/{size}"));
        }
        for ((adapter, why), of) in reasons {
            append(&mut text, format_args!("- {adapter}, {}: {}\n", of.join(", "), why.replace('\n', " ")));
        }
        text
    }

    fn write_means(&self, text: &mut String) {
        let rows: Vec<&str> = self.versions.keys().copied().collect();
        // Rows with few measurements would leave few shared ones. The mean covers the rows with the most measurements.
        let most = rows.iter().map(|row| self.count(row)).max().unwrap_or_default();
        let (able, others): (Vec<&str>, Vec<&str>) = rows.into_iter().partition(|row| self.count(row) * 10 >= most * 9);
        let shared = self.shared(&able);
        append(
            text,
            format_args!(
                "\n## Summary\n\nThe geometric mean of the ratio to the best row, over the {} measurements that these rows share. Fewer than 150 \
                 instructions count as 150. \
                 Rows without a mean: {}.\n\n| row | ratio to the best |\n|---|---:|\n",
                shared.len(),
                if others.is_empty() { "none".to_owned() } else { others.join(", ") }
            ),
        );
        let mut means: Vec<(&str, f64)> =
            able.into_iter().filter_map(|row| Some((row, self.mean(row, &shared)?))).collect();
        means.sort_by(|one, other| one.1.total_cmp(&other.1));
        for (row, mean) in means {
            append(
                text,
                format_args!("| {row} {} | {mean:.2} |\n", self.versions.get(row).copied().unwrap_or_default()),
            );
        }
    }

    fn count(&self, row: &str) -> usize {
        self.figures.iter().filter(|figure| figure.adapter == row).count()
    }

    fn write_model(&self, model: &Model, text: &mut String) {
        let Some(size) = self.figures.iter().filter(|figure| figure.model == model.id).map(|figure| figure.size).max()
        else {
            return;
        };
        let Model { id, title, unit, .. } = model;
        append(text, format_args!("\n## {id}\n\n{title} At {size} {unit}:\n\n"));
        text.push_str("| row | own instructions | to the best | ns | floor ns | to the floor | own allocations | own bytes | growth |\n");
        text.push_str("|---|---:|---:|---:|---:|---:|---:|---:|---|\n");
        let ranked = self.ranked(id, size);
        let best = ranked.iter().find(|figure| figure.adapter != LIMIT).map_or(LEAST, |figure| figure.own().max(LEAST));
        for figure in ranked {
            let instructions = figure.instructions.map_or_else(|| "?".to_owned(), |cost| format!("{:.0}", cost.own()));
            let growth = self.growth(id, figure.adapter).map_or_else(String::new, |growth| growth.to_string());
            let to_floor =
                if figure.adapter == LIMIT { String::new() } else { format!("{:.2}", figure.time.to_floor()) };
            append(
                text,
                format_args!(
                    "| {} | {instructions} | {:.2} | {:.0} | {:.0} | {to_floor} | {:.0} | {:.0} | {growth} |\n",
                    figure.adapter,
                    figure.own().max(LEAST) / best,
                    figure.time.with,
                    figure.time.floor,
                    figure.allocations.own(),
                    figure.bytes.own(),
                ),
            );
        }
        if model.sizes.len() > 1 {
            append(text, format_args!("\n![{id}]({id}.svg)\n"));
        }
    }

    /// Returns the figures as CSV, with one line for each.
    pub fn csv(&self) -> String {
        let mut text =
            "model,size,row,version,ns,floor_ns,instructions,floor_instructions,allocations,floor_allocations,\
            bytes,floor_bytes\n"
                .to_owned();
        for figure in &self.figures {
            let Figure { model, size, adapter, time, instructions, allocations, bytes } = figure;
            let version = self.versions.get(adapter).copied().unwrap_or_default();
            let counts =
                instructions.map_or_else(|| ",".to_owned(), |cost| format!("{:.0},{:.0}", cost.with, cost.floor));
            append(
                &mut text,
                format_args!(
                    "{model},{size},{adapter},{version},{:.1},{:.1},{counts},{:.0},{:.0},{:.0},{:.0}\n",
                    time.with, time.floor, allocations.with, allocations.floor, bytes.with, bytes.floor
                ),
            );
        }
        text
    }
}

/// Appends formatted text. Writing to a string does not fail.
fn append(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).unwrap_or_default();
}
