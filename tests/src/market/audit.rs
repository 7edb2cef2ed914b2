//! What the contracts have announced, as an auditor gets it.

use gridweave_audit::{Auditor, LoggedEvent, MarketSubject, Subject};

use super::Market;

impl Market {
    /// The contracts under audit.
    pub fn subject(&self) -> Subject {
        Subject {
            market: Some(MarketSubject {
                assets: self.assets.contract.to_string(),
                market: self.contract.to_string(),
            }),
            ..self.assets.billing.subject()
        }
    }

    /// Every event of every contract so far.
    pub fn events(&self) -> Vec<LoggedEvent> {
        self.assets.billing.log()
    }

    /// Asserts that an auditor, from events alone, finds no difference.
    ///
    /// # Panics
    /// When it does.
    #[track_caller]
    pub fn assert_audited(&self) {
        let auditor = Auditor::of(self.subject(), &self.events());
        let auditor = auditor.expect("the contracts' events can be read");
        assert_eq!(auditor.findings().first, None);
    }
}
