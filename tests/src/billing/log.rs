//! What the contracts have announced, as an auditor gets it.

use gridweave_audit::{Auditor, LoggedEvent, Subject};

use super::Billing;

impl Billing {
    /// The contracts under audit.
    pub fn subject(&self) -> Subject {
        Subject {
            chain_id: self.chain.suite.app.block_info().chain_id,
            billing: self.contract.to_string(),
            grid: self.chain.suite.grid.to_string(),
            market: None,
            crowdsourcing: None,
        }
    }

    /// Every event of every contract so far.
    pub fn log(&self) -> Vec<LoggedEvent> {
        let log = self.chain.suite.log.iter();
        let own = log.filter(|entry| entry.event.ty.starts_with("wasm"));
        own.map(|entry| {
            let attributes = entry.event.attributes.iter();
            let mut attributes: Vec<(String, String)> = attributes
                .map(|attribute| (attribute.key.clone(), attribute.value.clone()))
                .collect();
            let contract = attributes.remove(0).1;
            LoggedEvent {
                height: entry.height,
                time: entry.time,
                contract,
                kind: entry.event.ty.clone(),
                attributes,
            }
        })
        .collect()
    }

    /// An auditor who has seen all of it.
    ///
    /// # Panics
    /// When an event cannot be read.
    pub fn audited(&self) -> Auditor {
        Auditor::of(self.subject(), &self.log()).expect("the contracts' events can be read")
    }

    /// Asserts that an auditor, from events alone, finds no difference and has what the contract
    /// has.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn assert_audited(&self) {
        let auditor = self.audited();
        assert_eq!(auditor.findings().first, None);
        let ledger = auditor.ledger().expect("it is instantiated");
        assert_eq!(ledger.books(), self.books());
        assert_eq!(ledger.conservation_error(), 0);
        for held in self.accounts() {
            let known = ledger.accounts.get(held.account.as_str());
            let purse = known.map(|known| known.purse).unwrap_or_default();
            let parts = [
                purse.balance,
                purse.collateral,
                purse.receivable,
                purse.arrears,
            ];
            let expected = [held.balance, held.collateral, held.receivable, held.arrears];
            assert_eq!(parts, expected.map(|part| part.u128()), "{}", held.account);
        }
    }
}
