//! What a turn comes to.

use std::time::Duration;

/// What came of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The market takes no solutions until the next interval is finalized.
    Closed,
    /// Nothing better than the candidate was found, in this time.
    Kept(Duration),
    /// A better solution was found in this time and is the candidate.
    Submitted(Duration),
    /// A better solution was found in this time; it is held back, or committed and to be revealed in
    /// a later block.
    Waiting(Duration),
    /// A better solution was found in this time, but somebody was faster or the round is over.
    Late(Duration),
}

impl Turn {
    /// How long solving took; `None` when nothing was solved.
    pub fn took(&self) -> Option<Duration> {
        match *self {
            Self::Closed => None,
            Self::Kept(took) | Self::Submitted(took) | Self::Waiting(took) | Self::Late(took) => {
                Some(took).filter(|took| !took.is_zero())
            }
        }
    }
}
