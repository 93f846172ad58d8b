//! The report: Markdown for people, CSV for programs.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    figures::{Figure, LIMIT, LeftOut},
    growth::{Growth, LEAST},
    models::{Asks, MODELS, Model},
};

/// Everything that a run came to.
pub struct Report {
    /// What was measured, by model, size and row.
    pub figures: Vec<Figure>,
    /// What was not, and why.
    pub left_out: Vec<LeftOut>,
    /// The versions of the rows, by name.
    pub versions: BTreeMap<&'static str, &'static str>,
    /// What it was measured on, a line each.
    pub machine: Vec<String>,
}

impl Report {
    /// The figures of a model at a size, the cheapest first.
    pub fn ranked(&self, model: &str, size: usize) -> Vec<&Figure> {
        let mut of_model: Vec<&Figure> =
            self.figures.iter().filter(|figure| figure.model == model && figure.size == size).collect();
        of_model.sort_by(|one, other| one.own().total_cmp(&other.own()));
        of_model
    }

    /// The figures of a row in a model, the sizes ascending.
    pub fn of_row(&self, model: &str, adapter: &str) -> Vec<&Figure> {
        self.figures.iter().filter(|figure| figure.model == model && figure.adapter == adapter).collect()
    }

    /// The rows of a model, as they come.
    pub fn rows(&self, model: &str) -> Vec<&'static str> {
        let mut rows = Vec::new();
        for figure in self.figures.iter().filter(|figure| figure.model == model) {
            if !rows.contains(&figure.adapter) {
                rows.push(figure.adapter);
            }
        }
        rows
    }

    /// How a row's own cost grows in a model. It is not worse than linear where the cost with the framework's is not: a
    /// small difference of great costs says little.
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

    /// Whose cost grows faster than what an attacker sends.
    pub fn worse(&self) -> Vec<(&'static str, &'static str)> {
        let attacks = MODELS.iter().filter(|model| matches!((model.asks)(model.sizes[0]), Asks::Raw(_)));
        let rows = attacks.flat_map(|model| self.rows(model.id).into_iter().map(move |row| (model.id, row)));
        rows.filter(|(model, row)| self.growth(model, row) == Some(Growth::Worse)).collect()
    }

    /// The geometric mean of a row's ratio to the best, over the models and sizes that every row of `rows` has.
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

    /// The models and sizes that all these rows have.
    fn shared(&self, rows: &[&str]) -> Vec<(&'static str, usize)> {
        let sizes = MODELS.iter().flat_map(|model| model.sizes.iter().map(move |size| (model.id, *size)));
        let has = |row: &&str, (model, size): (&str, usize)| {
            self.figures.iter().any(|figure| (figure.model, figure.size, figure.adapter) == (model, size, row))
        };
        sizes.filter(|shared| rows.iter().all(|row| has(row, *shared))).collect()
    }

    /// Markdown.
    pub fn markdown(&self) -> String {
        let mut text =
            "# The hot path\n\nWhat a CORS middleware costs beside the framework and application that carry it. \
            How it is measured, and what is not: [METHOD.md](../../METHOD.md).\n\n"
                .to_owned();
        for line in &self.machine {
            say(&mut text, format_args!("- {line}\n"));
        }
        self.write_means(&mut text);
        for model in MODELS {
            self.write_model(model, &mut text);
        }
        let worse = self.worse();
        text.push_str("\n## Worse than linear in what an attacker sends\n\n");
        if worse.is_empty() {
            text.push_str("None.\n");
        }
        for (model, row) in worse {
            say(&mut text, format_args!("- {row}: {model}\n"));
        }
        text.push_str("\n## Left out\n\n");
        let mut reasons: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
        for LeftOut { model, size, adapter, why } in &self.left_out {
            reasons.entry((adapter, why)).or_default().push(format!("{model}/{size}"));
        }
        for ((adapter, why), of) in reasons {
            say(&mut text, format_args!("- {adapter}, {}: {}\n", of.join(", "), why.replace('\n', " ")));
        }
        text
    }

    fn write_means(&self, text: &mut String) {
        let rows: Vec<&str> = self.versions.keys().copied().collect();
        // Rows that say little share little: the mean is over what those that say most share.
        let most = rows.iter().map(|row| self.count(row)).max().unwrap_or_default();
        let (able, others): (Vec<&str>, Vec<&str>) = rows.into_iter().partition(|row| self.count(row) * 10 >= most * 9);
        let shared = self.shared(&able);
        say(
            text,
            format_args!(
                "\n## All in all\n\nThe geometric mean of the ratio to the best over the {} measurements that these rows share; less than 150 \
                 instructions count as 150. \
                 There is none for {}.\n\n| row | ratio to the best |\n|---|---:|\n",
                shared.len(),
                if others.is_empty() { "nobody else".to_owned() } else { others.join(", ") }
            ),
        );
        let mut means: Vec<(&str, f64)> =
            able.into_iter().filter_map(|row| Some((row, self.mean(row, &shared)?))).collect();
        means.sort_by(|one, other| one.1.total_cmp(&other.1));
        for (row, mean) in means {
            say(text, format_args!("| {row} {} | {mean:.2} |\n", self.versions.get(row).copied().unwrap_or_default()));
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
        let Model { id, says, unit, .. } = model;
        say(text, format_args!("\n## {id}\n\n{says} At {size} {unit}:\n\n"));
        text.push_str("| row | own instructions | to the best | ns | floor ns | to the floor | own allocations | own bytes | growth |\n");
        text.push_str("|---|---:|---:|---:|---:|---:|---:|---:|---|\n");
        let ranked = self.ranked(id, size);
        let best = ranked.iter().find(|figure| figure.adapter != LIMIT).map_or(LEAST, |figure| figure.own().max(LEAST));
        for figure in ranked {
            let instructions = figure.instructions.map_or_else(|| "?".to_owned(), |cost| format!("{:.0}", cost.own()));
            let growth = self.growth(id, figure.adapter).map_or_else(String::new, |growth| growth.to_string());
            let to_floor =
                if figure.adapter == LIMIT { String::new() } else { format!("{:.2}", figure.time.to_floor()) };
            say(
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
            say(text, format_args!("\n![{id}]({id}.svg)\n"));
        }
    }

    /// CSV: a line a figure.
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
            say(
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

/// Writing to memory does not fail.
fn say(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).unwrap_or_default();
}
