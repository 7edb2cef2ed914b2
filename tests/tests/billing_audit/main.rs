//! An auditor with nothing but the events: good histories pass, tampered ones do not.

mod checks;
mod market;
mod tamper;
mod views;

use std::sync::OnceLock;

use gridweave_audit::{LoggedEvent, Subject};
use gridweave_testkit::billing::two_periods;

/// The events of [`two_periods`], and whose they are.
fn history() -> &'static (Subject, Vec<LoggedEvent>) {
    static HISTORY: OnceLock<(Subject, Vec<LoggedEvent>)> = OnceLock::new();
    HISTORY.get_or_init(|| {
        let billing = two_periods();
        (billing.subject(), billing.log())
    })
}
