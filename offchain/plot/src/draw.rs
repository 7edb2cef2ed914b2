//! From figures to SVG.

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::prelude::{
    Cartesian2d, Circle, Cross, DrawResult, DrawingArea, IntoDrawingArea, Rectangle, SVGBackend,
    Text, TriangleMarker,
};
use plotters::series::{DashedLineSeries, LineSeries};
use plotters::style::{BLACK, Color as _, IntoFont, RGBColor, ShapeStyle, TextStyle, WHITE};

use crate::scale::Scale;
use crate::series::{Bar, Mark, Marker, Series};
use crate::{Axis, Figure, Panel, PlotError, legend};

/// Fonts that viewers have, best first.
pub(crate) const FONT: &str = "Helvetica, Arial, sans-serif";
/// Letters of labels and legends (pixels).
pub(crate) const SMALL: i32 = 13;
/// Letters of titles.
const LARGE: i32 = 17;
/// Width of a figure, and height of a panel without its legend.
const SIZE: (u32, u32) = (920, 380);
/// Height of the title.
const TITLE: u32 = 38;
/// Room for the labels of an axis: left, below.
const LABELS: (u32, u32) = (64, 42);
/// Left and right margins.
const EDGE: u32 = 10;
const MARGIN: u32 = 24;
/// Where axes, legends and titles begin.
const LEFT: u32 = EDGE + LABELS.0;
const GRID: RGBColor = RGBColor(225, 225, 225);
const DASH: (u32, u32) = (7, 4);

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Scale, Scale>>;

/// Draws a figure.
pub(crate) fn figure(figure: &Figure) -> Result<String, PlotError> {
    let failed = |reason: String| PlotError::Draw {
        figure: figure.title.clone(),
        reason,
    };
    let mut heights = Vec::with_capacity(figure.panels.len());
    for panel in &figure.panels {
        if panel.range().is_none() {
            return Err(PlotError::Empty {
                figure: figure.title.clone(),
                panel: panel.vertical.title.clone(),
            });
        }
        heights.push(legend_height(panel) + SIZE.1);
    }
    let mut text = String::new();
    let height = TITLE + heights.iter().sum::<u32>();
    let root = SVGBackend::with_string(&mut text, (SIZE.0, height)).into_drawing_area();
    panels(&root, figure, &heights).map_err(|error| failed(error.to_string()))?;
    root.present().map_err(|error| failed(error.to_string()))?;
    drop(root);
    Ok(text)
}

fn panels<'a>(root: &Area<'a>, figure: &Figure, heights: &[u32]) -> DrawResult<(), SVGBackend<'a>> {
    root.fill(&WHITE)?;
    let (title, mut rest) = root.split_vertically(TITLE);
    let style = TextStyle::from((FONT, LARGE)).color(&BLACK);
    title.draw(&Text::new(figure.title.clone(), (LEFT as i32, 12), style))?;
    for (panel, &height) in figure.panels.iter().zip(heights) {
        let (own, below) = rest.split_vertically(height);
        draw_panel(&own, panel)?;
        rest = below;
    }
    Ok(())
}

fn legend_width() -> i32 {
    (SIZE.0 - LEFT - MARGIN) as i32
}

fn legend_height(panel: &Panel) -> u32 {
    let places = legend::places(&legend::named(&panel.series), legend_width());
    let lines = places.last().map_or(0, |(_, line)| line + 1);
    (legend::LINE * lines) as u32
}

fn draw_panel<'a>(area: &Area<'a>, panel: &Panel) -> DrawResult<(), SVGBackend<'a>> {
    let (above, body) = area.split_vertically(legend_height(panel));
    let named = legend::named(&panel.series);
    let places = legend::places(&named, legend_width());
    legend::draw(&above, &named, &places, LEFT as i32)?;
    let [left, right, low, high] = panel.range().unwrap_or([0.0, 1.0, 0.0, 1.0]);
    let (across, up) = (&panel.horizontal, &panel.vertical);
    let mut chart = ChartBuilder::on(&body)
        .margin_top(8)
        .margin_left(EDGE)
        .margin_right(MARGIN)
        .margin_bottom(10)
        .x_label_area_size(LABELS.1)
        .y_label_area_size(LABELS.0)
        .build_cartesian_2d(scale(across, left, right), scale(up, low, high))?;
    let small = (FONT, SMALL).into_font();
    let (steps_across, steps_up) = (across.step(left, right), up.step(low, high));
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(GRID)
        .light_line_style(WHITE.mix(0.0))
        .axis_style(BLACK)
        .label_style(small.clone())
        .axis_desc_style(small)
        .x_desc(across.title.as_str())
        .y_desc(up.title.as_str())
        .x_label_formatter(&|value| across.label(*value, steps_across))
        .y_label_formatter(&|value| up.label(*value, steps_up))
        .draw()?;
    for series in &panel.series {
        draw_series(&mut chart, series)?;
    }
    Ok(())
}

fn scale(axis: &Axis, low: f64, high: f64) -> Scale {
    Scale {
        low,
        high,
        ticks: axis.values(low, high),
    }
}

fn draw_series<'a>(chart: &mut Chart<'_, 'a>, series: &Series) -> DrawResult<(), SVGBackend<'a>> {
    let color = series.color.rgb();
    match &series.mark {
        Mark::Bars(bars) => draw_bars(chart, color, bars),
        Mark::Line {
            points,
            dashed,
            marker,
        } => {
            let style = ShapeStyle::from(color).stroke_width(2);
            let points = points.iter().copied();
            match dashed {
                true => chart.draw_series(DashedLineSeries::new(
                    points.clone(),
                    DASH.0,
                    DASH.1,
                    style,
                ))?,
                false => chart.draw_series(LineSeries::new(points.clone(), style))?,
            };
            match marker {
                Marker::None => {}
                Marker::Circle => {
                    chart.draw_series(points.map(|at| Circle::new(at, 4, color.filled())))?;
                }
                Marker::Triangle => {
                    chart
                        .draw_series(points.map(|at| TriangleMarker::new(at, 5, color.filled())))?;
                }
                Marker::Cross => {
                    chart.draw_series(points.map(|at| Cross::new(at, 4, style)))?;
                }
            }
            Ok(())
        }
    }
}

/// Bars with a thin edge, so that neighbours of one colour stay apart.
fn draw_bars<'a>(
    chart: &mut Chart<'_, 'a>,
    color: RGBColor,
    bars: &[Bar],
) -> DrawResult<(), SVGBackend<'a>> {
    let seen = bars.iter().filter(|bar| bar.top != bar.base);
    let corners = |bar: &Bar| [(bar.left, bar.base), (bar.right, bar.top)];
    let filled = seen
        .clone()
        .map(|bar| Rectangle::new(corners(bar), color.filled()));
    chart.draw_series(filled)?;
    let edges = seen.map(|bar| Rectangle::new(corners(bar), WHITE.mix(0.8)));
    chart.draw_series(edges)?;
    Ok(())
}
