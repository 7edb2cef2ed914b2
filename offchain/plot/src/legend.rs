//! The line above a panel that says what its colours mean.

use plotters::element::{PathElement, Rectangle};
use plotters::prelude::{
    Circle, Cross, DrawResult, DrawingArea, DrawingBackend, Text, TriangleMarker,
};
use plotters::style::{BLACK, Color as _, ShapeStyle};

use crate::draw::{FONT, SMALL};
use crate::series::{Mark, Marker, Series};

/// Height of a line of the legend (pixels).
pub(crate) const LINE: i32 = 22;
/// Length of a sample of a line.
const SAMPLE: i32 = 28;
/// Width of a letter, about.
const LETTER: f64 = 7.0;

type Area<'a, B> = DrawingArea<B, plotters::coord::Shift>;

/// The series that a legend names, each label once.
pub(crate) fn named(series: &[Series]) -> Vec<&Series> {
    let mut named: Vec<&Series> = Vec::new();
    for one in series {
        if !one.label.is_empty() && named.iter().all(|known| known.label != one.label) {
            named.push(one);
        }
    }
    named
}

/// Where each sample stands in a legend `width` wide: left end and line.
pub(crate) fn places(named: &[&Series], width: i32) -> Vec<(i32, i32)> {
    let (mut left, mut line) = (0, 0);
    let mut places = Vec::with_capacity(named.len());
    for series in named {
        let letters = LETTER * series.label.chars().count() as f64;
        let needed = SAMPLE + 8 + letters as i32 + 24;
        if left > 0 && left + needed > width {
            (left, line) = (0, line + 1);
        }
        places.push((left, line));
        left += needed;
    }
    places
}

/// Draws the legend into `area`, its samples from `left` on.
pub(crate) fn draw<B: DrawingBackend>(
    area: &Area<'_, B>,
    named: &[&Series],
    places: &[(i32, i32)],
    left: i32,
) -> DrawResult<(), B> {
    for (series, (x, line)) in named.iter().zip(places) {
        let (x, y) = (left + x, LINE * line + LINE / 2);
        sample(area, series, x, y)?;
        let style = plotters::style::TextStyle::from((FONT, SMALL)).color(&BLACK);
        let text = series.label.clone();
        area.draw(&Text::new(text, (x + SAMPLE + 8, y - SMALL / 2 - 1), style))?;
    }
    Ok(())
}

fn sample<B: DrawingBackend>(
    area: &Area<'_, B>,
    series: &Series,
    x: i32,
    y: i32,
) -> DrawResult<(), B> {
    let color = series.color.rgb();
    match &series.mark {
        Mark::Bars(_) => {
            let corners = [(x + 4, y - 6), (x + SAMPLE - 4, y + 6)];
            area.draw(&Rectangle::new(corners, color.filled()))
        }
        Mark::Line { dashed, marker, .. } => {
            let style = ShapeStyle::from(color).stroke_width(2);
            let parts: &[(i32, i32)] = match dashed {
                true => &[(0, 7), (11, 18), (22, SAMPLE)],
                false => &[(0, SAMPLE)],
            };
            for (from, to) in parts {
                area.draw(&PathElement::new(vec![(x + from, y), (x + to, y)], style))?;
            }
            let middle = (x + SAMPLE / 2, y);
            match marker {
                Marker::None => Ok(()),
                Marker::Circle => area.draw(&Circle::new(middle, 4, color.filled())),
                Marker::Triangle => area.draw(&TriangleMarker::new(middle, 5, color.filled())),
                Marker::Cross => area.draw(&Cross::new(middle, 4, style)),
            }
        }
    }
}
