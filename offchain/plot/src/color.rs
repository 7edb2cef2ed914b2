//! Colours that people with colour blindness can tell apart: those of Okabe and Ito.

use plotters::style::RGBColor;

/// A colour of the palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// Black.
    Black,
    /// Orange.
    Orange,
    /// Light blue.
    Sky,
    /// Bluish green.
    Green,
    /// Yellow, for areas only: lines in it are faint.
    Yellow,
    /// Blue.
    Blue,
    /// Reddish orange.
    Vermilion,
    /// Reddish purple.
    Purple,
    /// Grey, for what is only there to compare with.
    Grey,
}

impl Color {
    /// For many neighbouring areas that need not be told from one another by name.
    pub const AREAS: [Self; 6] = [
        Self::Sky,
        Self::Orange,
        Self::Green,
        Self::Yellow,
        Self::Purple,
        Self::Vermilion,
    ];

    pub(crate) fn rgb(self) -> RGBColor {
        let [red, green, blue] = match self {
            Self::Black => [0, 0, 0],
            Self::Orange => [230, 159, 0],
            Self::Sky => [86, 180, 233],
            Self::Green => [0, 158, 115],
            Self::Yellow => [240, 228, 66],
            Self::Blue => [0, 114, 178],
            Self::Vermilion => [213, 94, 0],
            Self::Purple => [204, 121, 167],
            Self::Grey => [128, 128, 128],
        };
        RGBColor(red, green, blue)
    }
}
