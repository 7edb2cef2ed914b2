//! Figures and their panels.

use crate::{Axis, PlotError, Series, draw};

/// Panels below each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub(crate) title: String,
    pub(crate) panels: Vec<Panel>,
}

/// A chart with its legend.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    pub(crate) horizontal: Axis,
    pub(crate) vertical: Axis,
    pub(crate) series: Vec<Series>,
}

impl Panel {
    /// A chart with these axes.
    pub fn new(horizontal: Axis, vertical: Axis) -> Self {
        Self {
            horizontal,
            vertical,
            series: Vec::new(),
        }
    }

    /// The same chart with `series` above what it shows already.
    #[must_use]
    pub fn with(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }

    /// From where to where both axes go: left, right, low, high.
    pub(crate) fn range(&self) -> Option<[f64; 4]> {
        let extents = self.series.iter().filter_map(Series::extent);
        let data = extents.reduce(|a, b| {
            [
                a[0].min(b[0]),
                a[1].max(b[1]),
                a[2].min(b[2]),
                a[3].max(b[3]),
            ]
        })?;
        let [left, right, low, high] = data;
        let (left, right) = self.horizontal.range.unwrap_or((left, right));
        let (low, high) = self.vertical.range.unwrap_or_else(|| {
            // Room above, so that nothing hides behind the frame.
            let (low, high) = (low.min(0.0), high.max(0.0));
            let step = self.vertical.step(low, high);
            (low, (high / step * (1.0 + 1e-3)).ceil() * step)
        });
        let wide = |low: f64, high: f64| (low, if high > low { high } else { low + 1.0 });
        let ((left, right), (low, high)) = (wide(left, right), wide(low, high));
        Some([left, right, low, high])
    }
}

impl Figure {
    /// A figure without panels.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            panels: Vec::new(),
        }
    }

    /// The same figure with one more panel below.
    #[must_use]
    pub fn with(mut self, panel: Panel) -> Self {
        self.panels.push(panel);
        self
    }

    /// The figure as SVG text.
    ///
    /// # Errors
    /// [`PlotError`].
    pub fn svg(&self) -> Result<String, PlotError> {
        draw::figure(self)
    }
}
