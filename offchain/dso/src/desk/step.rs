//! Steps between which a process may die.

use gridweave_chain::Chain;

use super::Dso;
use crate::DsoError;

/// A step of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// A request is written down.
    Book,
    /// A batch is written down.
    Begin,
    /// The fees of fresh addresses are granted.
    Grant,
    /// A batch goes to the chain.
    Send,
    /// What the chain answered is written down.
    Finish,
    /// Announced deposits are written down.
    Enter,
    /// Sold energy is called in.
    CallIn,
}

/// Says whether to go on.
pub(super) type Hook = Box<dyn Fn(Step) -> bool + Send + Sync>;

impl<C: Chain> Dso<C> {
    /// Ends here if the hook says so.
    pub(super) fn reach(&self, step: Step) -> Result<(), DsoError> {
        match &self.hook {
            Some(hook) if !hook(step) => Err(DsoError::Interrupted(step)),
            _ => Ok(()),
        }
    }
}
