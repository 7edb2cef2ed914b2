//! The market's rules against their definitions.

mod certificate;
mod ladder;
mod random;
mod superset;
mod violations;
