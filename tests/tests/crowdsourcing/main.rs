//! The `crowdsourcing` contract.

mod agreements;
mod answers;
mod audited;
mod docs;
mod enrolment;
mod offers;
mod preferences;
mod programmes;
mod queries;
mod raises;
mod reconcile;
mod setup;
mod supplements;
mod sweep;
mod withdraw;
