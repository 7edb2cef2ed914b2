//! What the contracts have announced, as an auditor gets it.

use gridweave_audit::{Auditor, Subject};

use super::Crowd;

impl Crowd {
    /// The contracts under audit.
    pub fn subject(&self) -> Subject {
        Subject {
            crowdsourcing: Some(self.contract.to_string()),
            ..self.billing.subject()
        }
    }

    /// Asserts that an auditor, from events alone, finds no difference and no coin missing.
    ///
    /// # Panics
    /// When it does.
    #[track_caller]
    pub fn assert_audited(&self) {
        let auditor = Auditor::of(self.subject(), &self.billing.log());
        let auditor = auditor.expect("the contracts' events can be read");
        assert_eq!(auditor.findings().first, None);
        let report = auditor.report().expect("it is instantiated");
        assert_eq!(report.conservation_error, 0);
    }
}
