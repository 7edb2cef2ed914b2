//! What a panel shows.

use crate::Color;

/// Points of a line that are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// By nothing.
    None,
    /// By discs.
    Circle,
    /// By triangles.
    Triangle,
    /// By crosses.
    Cross,
}

/// A bar: a box with its sides parallel to the axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Where it begins, horizontally.
    pub left: f64,
    /// Where it ends.
    pub right: f64,
    /// Where it stands.
    pub base: f64,
    /// How high it reaches.
    pub top: f64,
}

/// How values are drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A line through points.
    Line {
        /// The points, left to right.
        points: Vec<(f64, f64)>,
        /// Whether the line has gaps.
        dashed: bool,
        /// What stands at its points.
        marker: Marker,
    },
    /// Filled bars.
    Bars(Vec<Bar>),
}

/// Values that are drawn alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub(crate) label: String,
    pub(crate) color: Color,
    pub(crate) mark: Mark,
}

impl Series {
    /// Values called `label` in the legend, which leaves out what has no label and what it has already.
    pub fn new(label: impl Into<String>, color: Color, mark: Mark) -> Self {
        Self {
            label: label.into(),
            color,
            mark,
        }
    }

    /// A line through `points`.
    pub fn line(label: impl Into<String>, color: Color, points: Vec<(f64, f64)>) -> Self {
        let mark = Mark::Line {
            points,
            dashed: false,
            marker: Marker::None,
        };
        Self::new(label, color, mark)
    }

    /// A line that holds each of `values` for `width`, from `start` on.
    pub fn steps(
        label: impl Into<String>,
        color: Color,
        start: f64,
        width: f64,
        values: &[f64],
    ) -> Self {
        let edge = |at: usize| start + width * at as f64;
        let steps = values.iter().enumerate();
        let points = steps.flat_map(|(at, &value)| [(edge(at), value), (edge(at + 1), value)]);
        Self::line(label, color, points.collect())
    }

    /// Bars from 0, `width` wide, the first from `start`.
    pub fn bars(
        label: impl Into<String>,
        color: Color,
        start: f64,
        width: f64,
        values: &[f64],
    ) -> Self {
        let bar = |(at, &top): (usize, &f64)| Bar {
            left: start + width * at as f64,
            right: start + width * (at + 1) as f64,
            base: 0.0,
            top,
        };
        let bars = values.iter().enumerate().map(bar).collect();
        Self::new(label, color, Mark::Bars(bars))
    }

    /// The same line with gaps; bars stay what they are.
    #[must_use]
    pub fn dashed(mut self) -> Self {
        if let Mark::Line { dashed, .. } = &mut self.mark {
            *dashed = true;
        }
        self
    }

    /// The same line with its points marked; bars stay what they are.
    #[must_use]
    pub fn marked(mut self, with: Marker) -> Self {
        if let Mark::Line { marker, .. } = &mut self.mark {
            *marker = with;
        }
        self
    }

    /// Smallest and largest values: left, right, low, high. Bars always include their base.
    pub(crate) fn extent(&self) -> Option<[f64; 4]> {
        let corners: Vec<(f64, f64)> = match &self.mark {
            Mark::Line { points, .. } => points.clone(),
            Mark::Bars(bars) => {
                let corners = bars.iter();
                corners
                    .flat_map(|bar| [(bar.left, bar.base), (bar.right, bar.top)])
                    .collect()
            }
        };
        let finite = corners
            .into_iter()
            .filter(|(x, y)| x.is_finite() && y.is_finite());
        finite.fold(None, |extent, (x, y)| {
            let [left, right, low, high] = extent.unwrap_or([x, x, y, y]);
            Some([left.min(x), right.max(x), low.min(y), high.max(y)])
        })
    }
}
