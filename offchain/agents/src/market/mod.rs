//! Actors of a market: [`dso`] gives permits and money to fresh addresses, [`trader`] posts offers,
//! [`solver`] finds trades, [`keeper`] finalizes. [`book`] follows the contract's events, [`terms`]
//! says what a market is like.

pub mod terms;
