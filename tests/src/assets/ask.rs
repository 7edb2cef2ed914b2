//! Queries, and what must hold whenever they are asked.

use cosmwasm_std::{Addr, StdResult};
use gridweave_types::assets::{
    BooksResponse, ClaimClass, ClaimsResponse, ClassResponse, ClassesResponse, DeliveriesResponse,
    DeliveryResponse, HolderResponse, LockResponse, PermitClass, PermitsResponse, QueryMsg, Side,
};
use serde::de::DeserializeOwned;

use super::{Assets, HORIZON};

impl Assets {
    /// Any query.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn ask<T: DeserializeOwned>(&self, question: &QueryMsg) -> StdResult<T> {
        let suite = &self.billing.chain.suite;
        suite.query(&self.contract, question)
    }

    /// Totals of all books.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn books(&self) -> BooksResponse {
        self.ask(&QueryMsg::Books {}).expect("there are books")
    }

    /// Free money of a holder (µ).
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn money(&self, holder: &Addr) -> u128 {
        let holder = holder.to_string();
        let answer: StdResult<HolderResponse> = self.ask(&QueryMsg::Holder { holder });
        answer.expect("every address has a balance").money.u128()
    }

    /// Free permits of a holder, in the order of the contract (first page).
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn permits(&self, holder: &Addr) -> Vec<(PermitClass, u64)> {
        let answer: StdResult<PermitsResponse> = self.ask(&QueryMsg::Permits {
            holder: holder.to_string(),
            start_after: None,
            limit: Some(100),
        });
        let permits = answer.expect("every address has permits").permits;
        let shown = permits.into_iter();
        shown
            .map(|balance| (balance.class, balance.energy.u64()))
            .collect()
    }

    /// Free energy of one permit (Wh).
    pub fn permit(&self, holder: &Addr, class: PermitClass) -> u64 {
        let permits = self.permits(holder).into_iter();
        let mut own = permits.filter(|(held, _)| *held == class);
        own.next().map_or(0, |(_, energy)| energy)
    }

    /// Claims of a holder (first page).
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn claims(&self, holder: &Addr) -> Vec<(ClaimClass, u64)> {
        let answer: StdResult<ClaimsResponse> = self.ask(&QueryMsg::Claims {
            holder: holder.to_string(),
            start_after: None,
            limit: Some(100),
        });
        let claims = answer.expect("every address has claims").claims;
        let shown = claims.into_iter();
        shown
            .map(|balance| (balance.class, balance.energy.u64()))
            .collect()
    }

    /// What is left in a lock of the market: energy and money.
    pub fn locked(&self, offer: u64) -> Option<(u64, u128)> {
        let answer: StdResult<LockResponse> = self.ask(&QueryMsg::Lock {
            market: self.market.to_string(),
            offer: offer.into(),
        });
        let lock = answer.ok()?;
        Some((lock.energy.u64(), lock.money.u128()))
    }

    /// Totals of a class.
    ///
    /// # Panics
    /// When it has never been used.
    pub fn class(&self, class: PermitClass) -> ClassResponse {
        self.ask(&QueryMsg::Class { class })
            .expect("a class that was issued")
    }

    /// All classes.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn classes(&self) -> Vec<ClassResponse> {
        let mut classes: Vec<ClassResponse> = Vec::new();
        loop {
            let page: ClassesResponse = self
                .ask(&QueryMsg::Classes {
                    start_after: classes.last().map(|last| last.class),
                    limit: Some(100),
                })
                .expect("classes are listed");
            if page.classes.is_empty() {
                return classes;
            }
            classes.extend(page.classes);
        }
    }

    /// Trades and deposits of one side, feeder and interval.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn delivery(&self, class: ClaimClass) -> DeliveryResponse {
        self.ask(&QueryMsg::Delivery { class })
            .expect("every class has totals")
    }

    /// Asserts that no energy and no money was made or lost: every coin is in one book and every
    /// watt-hour in one place, and in every interval as much is sold as bought.
    ///
    /// # Panics
    /// When that is not so.
    #[track_caller]
    pub fn assert_conserved(&self) {
        self.assert_books_balance();
        let consumed: u64 = self
            .classes()
            .iter()
            .map(|class| class.consumed.u64())
            .sum();
        let traded: u64 = (0..HORIZON).map(|t| self.assert_balanced(t)).sum();
        assert_eq!(consumed, traded, "consumed permits and claims");
    }

    /// Asserts that every coin is in one book, and every watt-hour of a permit in one place.
    ///
    /// # Panics
    /// When that is not so.
    #[track_caller]
    pub fn assert_books_balance(&self) {
        let books = self.books();
        let held = (books.free + books.locked + books.deposited).u128();
        assert_eq!(self.billing.coins(&self.contract), held, "{books:?}");
        assert_eq!((books.paid_in - books.paid_out).u128(), held, "{books:?}");
        let free: u128 = self.holders.iter().map(|holder| self.money(holder)).sum();
        assert_eq!(free, books.free.u128(), "sum of the holders' money");
        let mut issued = 0;
        for class in self.classes() {
            let came = class.issued + class.narrowed_in;
            let places = class.free + class.locked + class.consumed;
            let gone = class.expired + class.retired + class.narrowed_out;
            assert_eq!(came, places + gone, "{class:?}");
            issued += class.issued.u64();
        }
        assert_eq!(issued, books.issued.u64(), "issued energy");
    }

    /// Energy sold and bought in an interval (Wh), which are the same.
    #[track_caller]
    fn assert_balanced(&self, interval: u32) -> u64 {
        let answer: DeliveriesResponse = self
            .ask(&QueryMsg::Deliveries {
                interval,
                start_after: None,
                limit: Some(100),
            })
            .expect("every interval has deliveries");
        let mut sides = [0, 0];
        for row in answer.deliveries {
            let places = row.claimed + row.deposited + row.retired;
            assert_eq!(row.traded, places, "{row:?}");
            assert!(row.credited <= row.deposited, "{row:?}");
            sides[usize::from(row.class.side == Side::Buy)] += row.traded.u64();
        }
        assert_eq!(sides[0], sides[1], "sold and bought in {interval}");
        sides[0] + sides[1]
    }
}
