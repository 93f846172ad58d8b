//! The plots of own cost against size. Both axes are logarithmic, and each row has a line.

use std::{error::Error, path::Path};

use plotters::prelude::*;

use super::{figures::LIMIT, growth::LEAST, models::Model, report::Report};

/// The number of rows in colour, which are the cheapest and the most expensive ones.
const NAMED: usize = 12;

/// Draws the plot of a model into a file.
///
/// # Errors
///
/// Fails if the plot cannot be drawn or written.
pub fn draw(report: &Report, model: &Model, file: &Path) -> Result<(), Box<dyn Error + Send + Sync>> {
    let lines: Vec<(&str, Vec<(f64, f64)>)> = report
        .rows(model.id)
        .into_iter()
        .map(|row| {
            let points = report
                .of_row(model.id, row)
                .into_iter()
                .map(|figure| (figure.size as f64, figure.own().max(LEAST / 2.0)));
            (row, points.collect())
        })
        .collect();
    let costs = || lines.iter().flat_map(|(_, points)| points.iter().map(|(_, cost)| *cost));
    let (least, most) = (costs().fold(f64::MAX, f64::min), costs().fold(1.0, f64::max));
    let (first, last) = match model.sizes {
        [first, .., last] => (*first as f64, *last as f64),
        _ => return Ok(()),
    };
    let is_counted = report.figures.iter().any(|figure| figure.instructions.is_some());
    let root = SVGBackend::new(file, (900, 520)).into_drawing_area();
    root.fill(&WHITE)?;
    let (plot, legend) = root.split_horizontally(660);
    let mut chart = ChartBuilder::on(&plot)
        .caption(model.title, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(80)
        .build_cartesian_2d((first..last * 1.1).log_scale(), (least * 0.8..most * 1.3).log_scale())?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .x_desc(model.unit)
        .y_desc(if is_counted { "the middleware's own instructions" } else { "the middleware's own nanoseconds" })
        .x_label_formatter(&|size| format!("{size:.0}"))
        .y_label_formatter(&|cost| format!("{cost:.0}"))
        .draw()?;
    let mut ranked: Vec<&(&str, Vec<(f64, f64)>)> = lines.iter().collect();
    ranked.sort_by(|one, other| {
        let cost = |line: &[(f64, f64)]| line.last().map_or(0.0, |(_, cost)| *cost);
        cost(&other.1).total_cmp(&cost(&one.1))
    });
    let is_named = |at: usize| ranked.len() <= NAMED || at < NAMED / 2 || at >= ranked.len() - NAMED / 2;
    let mut named = 0;
    for (at, (row, points)) in ranked.iter().enumerate() {
        if !is_named(at) {
            chart.draw_series(LineSeries::new(points.iter().copied(), RGBColor(205, 205, 205)))?;
            continue;
        }
        let color = if *row == LIMIT { BLACK.to_rgba() } else { Palette99::pick(named).to_rgba() };
        chart.draw_series(LineSeries::new(points.iter().copied(), color.stroke_width(2)))?;
        chart.draw_series(points.iter().map(|point| Circle::new(*point, 3, color.filled())))?;
        let y = 60 + 24 * i32::try_from(named)?;
        legend.draw(&PathElement::new([(4, y), (28, y)], color.stroke_width(2)))?;
        legend.draw(&Text::new((*row).to_owned(), (34, y - 8), ("sans-serif", 15)))?;
        named += 1;
    }
    root.present()?;
    Ok(())
}
