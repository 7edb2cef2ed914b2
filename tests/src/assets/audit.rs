//! What the contracts have announced, as an auditor gets it.

use gridweave_audit::{Auditor, MarketSubject, Subject};

use super::Assets;

impl Assets {
    /// Asserts that an auditor, from events alone, finds no difference.
    ///
    /// # Panics
    /// When it does.
    #[track_caller]
    pub fn assert_audited(&self) {
        // The market here is a plain address, which announces nothing.
        let market = MarketSubject {
            assets: self.contract.to_string(),
            market: "none".into(),
        };
        let subject = Subject {
            market: Some(market),
            ..self.billing.subject()
        };
        let auditor = Auditor::of(subject, &self.billing.log());
        let auditor = auditor.expect("the contracts' events can be read");
        assert_eq!(auditor.findings().first, None);
    }
}
