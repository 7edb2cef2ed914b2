//! An auditor with nothing but the events: good histories pass, tampered ones do not.

mod checks;
mod history;
mod tamper;
mod views;
