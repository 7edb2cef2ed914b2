//! Charts as SVG: a [`Figure`] is a column of [`Panel`]s, each with two [`Axis`]es and [`Series`] of
//! lines or bars. The same figure always gives the same text.
//!
//! Bars begin where they are told to and axes with bars hold 0, so that areas can be compared. Colours
//! are those of [`Color`], which also differ for people who do not see all of them.

mod axis;
mod color;
mod draw;
mod figure;
mod legend;
mod scale;
mod series;

pub use axis::{Axis, Ticks};
pub use color::Color;
pub use figure::{Figure, Panel};
pub use series::{Bar, Mark, Marker, Series};

/// Why a figure cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlotError {
    /// A panel has nothing that could be shown.
    #[error("panel `{panel}` of figure `{figure}` has no finite values")]
    Empty {
        /// Title of the figure.
        figure: String,
        /// Title of the panel's vertical axis.
        panel: String,
    },
    /// The drawing library gave up.
    #[error("figure `{figure}` cannot be drawn: {reason}")]
    Draw {
        /// Title of the figure.
        figure: String,
        /// Why.
        reason: String,
    },
}
