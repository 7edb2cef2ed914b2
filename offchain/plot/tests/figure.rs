//! What a figure's SVG holds.

use gridweave_plot::{Axis, Bar, Color, Figure, Mark, Marker, Panel, PlotError, Series, Ticks};

fn figure() -> Figure {
    let values = [1.0, 4.0, 2.5];
    let top = Panel::new(Axis::day("time of day"), Axis::new("energy (kWh)"))
        .with(Series::bars("stored", Color::Sky, 6.0, 1.0, &values))
        .with(Series::bars("stored", Color::Orange, 12.0, 1.0, &values))
        .with(Series::steps("sold", Color::Blue, 6.0, 1.0, &values).dashed());
    let points = vec![(2.0, 98.0), (3.0, 99.5), (4.0, 100.0)];
    let below = Panel::new(
        Axis::new("window").ticks(Ticks::Every(1.0)),
        Axis::new("share (%)").from_to(95.0, 100.0),
    )
    .with(Series::line("reached", Color::Vermilion, points).marked(Marker::Triangle));
    Figure::new("A day & its < window").with(top).with(below)
}

#[test]
fn titles_labels_and_ticks_are_there() {
    let svg = figure().svg().unwrap();
    for text in [
        "A day &amp; its &lt; window",
        "time of day",
        "energy (kWh)",
        "06:00",
        "window",
        "share (%)",
        "97",
        "reached",
    ] {
        assert!(svg.contains(text), "{text}");
    }
    // Two rows of bars share a label, which the legend has once.
    assert_eq!(svg.matches("stored").count(), 1);
    assert!(!svg.contains("NaN"), "{svg}");
    assert_eq!(svg, figure().svg().unwrap());
}

#[test]
fn every_bar_is_drawn_where_it_belongs() {
    let bar = Bar {
        left: 0.0,
        right: 1.0,
        base: 1.0,
        top: 2.0,
    };
    let empty = Bar { top: 1.0, ..bar };
    let count = |bars: Vec<Bar>| {
        let panel = Panel::new(Axis::new("x"), Axis::new("y").from_to(0.0, 4.0));
        let figure =
            Figure::new("bars").with(panel.with(Series::new("", Color::Green, Mark::Bars(bars))));
        figure.svg().unwrap().matches("<rect").count()
    };
    let without = count(vec![empty]);
    // An area and its edge.
    assert_eq!(count(vec![bar, bar, empty]), without + 4);
}

#[test]
fn a_panel_without_values_is_refused() {
    let nothing = Panel::new(Axis::new("x"), Axis::new("energy"));
    let not_finite = Series::line("", Color::Blue, vec![(0.0, f64::NAN)]);
    for panel in [nothing.clone(), nothing.with(not_finite)] {
        let error = Figure::new("none").with(panel).svg().unwrap_err();
        let expected = PlotError::Empty {
            figure: "none".into(),
            panel: "energy".into(),
        };
        assert_eq!(error, expected);
    }
}
