//! What a history may do next.

use std::collections::BTreeSet;

use gridweave_types::assets::Side;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::claims::feeder_of;
use crate::model::{ACCOUNTS, Claim, Class, HOLDERS, LAST, Lock, MARKETS, Model};

/// Who is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment {
    /// An address.
    Person,
    /// An account.
    Home,
    /// Somebody without an account, who cannot be topped up.
    Stranger,
}

#[derive(Clone, Copy, Debug)]
pub struct Trade {
    pub seller: u64,
    pub buyer: u64,
    pub energy: u64,
    pub payment: u128,
}

/// One operation; intervals are absolute.
#[derive(Clone, Debug)]
pub enum Operation {
    Pass(u64),
    Limit(u32, Option<u64>),
    Issue(Vec<(usize, Class, u64)>),
    Split(usize, Class, Vec<(BTreeSet<u32>, u64)>),
    Expire(usize, Class),
    RetirePermit(usize, Class, u64),
    RetireClaim(usize, Claim, u64),
    Register(usize),
    Remove(usize),
    Lock(usize, u64, Lock),
    Settle(usize, u32, Vec<Trade>),
    Release(usize, Vec<u64>),
    /// Whether the operator calls the claims in.
    Deposit(usize, Vec<(Claim, u64)>, bool),
    Credit(Vec<(usize, u32, i64)>),
    Fund(usize, u128),
    Return(usize, u128),
    Withdraw(usize, u128),
    PayOut(Vec<(Payment, u128)>),
}

/// Energies to issue; now and then one that soon exceeds the range.
fn energy() -> impl Strategy<Value = u64> {
    prop_oneof![40 => 500..9_000u64, 1 => Just(0), 1 => Just(u64::MAX / 4)]
}

/// Part of what is there, or all; now and then nothing or too much.
fn part(held: u64) -> impl Strategy<Value = u64> {
    prop_oneof![
        16 => 1..=held.clamp(1, 4_000),
        4 => Just(held),
        1 => Just(0),
        1 => Just(held + 1)
    ]
}

/// Like [`part`], of money.
fn share(held: u128) -> impl Strategy<Value = u128> {
    let some = 0..=held / 2;
    prop_oneof![16 => some, 2 => Just(held), 1 => Just(0), 1 => Just(held + 1)]
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Sell), Just(Side::Buy)]
}

/// A few intervals around the present, now and then with a gap.
fn set(present: u32) -> impl Strategy<Value = BTreeSet<u32>> {
    let gap = prop_oneof![3 => Just(None), 1 => (0..4u32).prop_map(Some)];
    (0..5u32, 1..8u32, gap).prop_map(move |(ahead, count, gap)| {
        let first = present + ahead;
        let all = (first..first + count).filter(|t| Some(*t - first) != gap || count == 1);
        all.collect()
    })
}

fn class(present: u32) -> impl Strategy<Value = Class> {
    let feeder = prop_oneof![8 => Just(1u32), 4 => Just(2), 1 => Just(77)];
    (side(), feeder, set(present)).prop_map(|(side, feeder, set)| Class { side, feeder, set })
}

/// One of what there is; else, and now and then anyway, any.
fn some_of<T: Clone + std::fmt::Debug + 'static>(
    there: Vec<T>,
    any: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<T> {
    if there.is_empty() {
        return any.boxed();
    }
    prop_oneof![1 => any, 12 => select(there)].boxed()
}

/// Some of a permit that fits.
fn held(model: &Model, fits: impl Fn(&Class) -> bool) -> BoxedStrategy<((usize, Class), u64)> {
    let there = model.permits.iter();
    let there = there.filter(|(key, energy)| **energy > 0 && fits(&key.1));
    let there = there.map(|(key, energy)| (key.clone(), *energy)).collect();
    let any = ((0..HOLDERS, class(model.present())), Just(5u64));
    let permit = some_of(there, any);
    permit
        .prop_flat_map(|(key, energy)| (Just(key), part(energy)))
        .boxed()
}

/// Some of a claim.
fn claimed(model: &Model) -> BoxedStrategy<((usize, Claim), u64)> {
    let there = model.claims.iter().filter(|(_, energy)| **energy > 0);
    let there = there.map(|(key, energy)| (*key, *energy)).collect();
    let any = ((0..HOLDERS, (side(), 1..3u32, 0..LAST)), Just(5u64));
    let claim = some_of(there, any);
    claim
        .prop_flat_map(|(key, energy)| (Just(key), part(energy)))
        .boxed()
}

/// Offers of a market that has locked for them, or any.
fn offer(model: &Model, market: usize) -> BoxedStrategy<u64> {
    let own = model.locks.keys().filter(|key| key.0 == market);
    some_of(own.map(|key| key.1).collect(), 0..40u64)
}

/// Market, interval, seller, buyer, and the locks' energy and money.
type Pair = (usize, u32, [u64; 2], (u64, u128));

/// Pairs of locks that could trade.
fn pairs(model: &Model) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (seller, sold) in &model.locks {
        for (buyer, bought) in &model.locks {
            let sides = (sold.class.side, bought.class.side);
            if sides != (Side::Sell, Side::Buy) || seller.0 != buyer.0 {
                continue;
            }
            let energy = sold.energy.min(bought.energy);
            let both = sold.class.set.intersection(&bought.class.set);
            let both = both.map(|&t| (seller.0, t, [seller.1, buyer.1], (energy, bought.money)));
            pairs.extend(both.filter(|_| energy > 0));
        }
    }
    pairs
}

/// Trades of one pair, or of any two offers.
fn trades(model: &Model) -> BoxedStrategy<Operation> {
    let any = (
        0..MARKETS,
        0..LAST,
        [0..40u64, 0..40u64],
        (0..9u64, 0..9u128),
    );
    let pair = some_of(pairs(model), any);
    let trades = pair.prop_flat_map(|(market, t, [seller, buyer], (energy, money))| {
        let trade = (part(energy), share(money)).prop_map(move |(energy, payment)| Trade {
            seller,
            buyer,
            energy,
            payment,
        });
        vec(trade, 1..3).prop_map(move |trades| Operation::Settle(market, t, trades))
    });
    trades.boxed()
}

/// A lock with some of a permit and of its holder's money.
fn lock(model: &Model) -> BoxedStrategy<Lock> {
    let money = model.money;
    let permit = held(model, |class| !model.over(class));
    let lock = permit.prop_flat_map(move |((holder, class), energy)| {
        share(money[holder]).prop_map(move |money| Lock {
            holder,
            class: class.clone(),
            energy,
            money,
        })
    });
    lock.boxed()
}

/// Parts of a permit, mostly narrower than it.
fn parts(class: &Class, energy: u64) -> impl Strategy<Value = Vec<(BTreeSet<u32>, u64)>> + use<> {
    let all: Vec<u32> = class.set.iter().copied().collect();
    let most = (all.len() - 1).max(1);
    let wide = class.set.iter().map(|t| t + 1).collect::<BTreeSet<u32>>();
    let narrow = proptest::sample::subsequence(all, 1..=most);
    let narrow = narrow.prop_map(|set| set.into_iter().collect());
    vec(
        (prop_oneof![15 => narrow, 1 => Just(wide)], part(energy / 2)),
        1..3,
    )
}

fn permits(model: &Model) -> BoxedStrategy<Operation> {
    use Operation as O;
    let present = model.present();
    let row = (0..HOLDERS, class(present), energy());
    let limit = proptest::option::weighted(0.7, 5_000..60_000u64);
    prop_oneof![
        1 => (1..3u32, limit).prop_map(|(feeder, limit)| O::Limit(feeder, limit)),
        8 => vec(row, 1..4).prop_map(O::Issue),
        4 => held(model, |class| class.set.len() > 1).prop_flat_map(|((holder, class), energy)| {
            parts(&class, energy).prop_map(move |parts| O::Split(holder, class.clone(), parts))
        }),
        1 => held(model, |class| model.over(class))
            .prop_map(|((holder, class), _)| O::Expire(holder, class)),
        1 => held(model, |_| true)
            .prop_map(|((holder, class), energy)| O::RetirePermit(holder, class, energy)),
    ]
    .boxed()
}

fn trading(model: &Model) -> BoxedStrategy<Operation> {
    use Operation as O;
    let market = || prop_oneof![6 => Just(0usize), 1 => 0..MARKETS];
    let offers = market().prop_flat_map({
        let own: Vec<_> = (0..MARKETS).map(|market| offer(model, market)).collect();
        move |market| vec(own[market].clone(), 1..3).prop_map(move |offers| (market, offers))
    });
    prop_oneof![
        9 => (market(), 0..40u64, lock(model))
            .prop_map(|(market, offer, lock)| O::Lock(market, offer, lock)),
        7 => trades(model),
        1 => offers.prop_map(|(market, offers)| O::Release(market, offers)),
        1 => (0..MARKETS).prop_map(O::Register),
        1 => (0..MARKETS).prop_map(O::Remove),
    ]
    .boxed()
}

/// A row that credits all or part of what was deposited somewhere, or anything.
fn row(model: &Model) -> BoxedStrategy<(usize, u32, i64)> {
    let open = model.deliveries.iter().flat_map(|(claim, delivery)| {
        let left = (delivery.deposited - delivery.credited) as i64;
        let signed = if claim.0 == Side::Sell { left } else { -left };
        let accounts = (0..ACCOUNTS).filter(|&account| feeder_of(account) == claim.1);
        accounts.map(move |account| (account, claim.2, signed))
    });
    let open: Vec<_> = open.filter(|row| row.2 != 0).collect();
    let any = (0..ACCOUNTS, 0..LAST, -3_000..3_000i64);
    let share = prop_oneof![2 => Just(1i64), 1 => Just(2), 1 => Just(3)];
    let row = (some_of(open, any), share);
    row.prop_map(|((account, t, energy), share)| (account, t, energy / share))
        .boxed()
}

fn settling(model: &Model) -> BoxedStrategy<Operation> {
    use Operation as O;
    let payee = prop_oneof![
        Just(Payment::Person),
        Just(Payment::Home),
        Just(Payment::Stranger)
    ];
    let pay = (payee, share(model.returned / 2));
    let money = model.money;
    let own =
        move || (0..HOLDERS).prop_flat_map(move |holder| (Just(holder), share(money[holder] / 2)));
    let called = proptest::bool::weighted(0.2);
    prop_oneof![
        6 => (claimed(model), called).prop_map(|(((holder, claim), energy), called)| {
            O::Deposit(holder, vec![(claim, energy)], called)
        }),
        1 => claimed(model)
            .prop_map(|((holder, claim), energy)| O::RetireClaim(holder, claim, energy)),
        6 => vec(row(model), 1..3).prop_map(O::Credit),
        4 => (0..HOLDERS, 1..400_000u128).prop_map(|(holder, amount)| O::Fund(holder, amount)),
        2 => own().prop_map(|(holder, amount)| O::Return(holder, amount)),
        1 => own().prop_map(|(holder, amount)| O::Withdraw(holder, amount)),
        2 => vec(pay, 1..4).prop_map(O::PayOut),
    ]
    .boxed()
}

/// Any operation, on intervals near the present of the model.
pub fn next(model: &Model) -> BoxedStrategy<Operation> {
    let longest: u64 = if model.present() < LAST - 12 { 400 } else { 1 };
    prop_oneof![
        2 => (0..longest).prop_map(Operation::Pass),
        6 => permits(model),
        9 => trading(model),
        7 => settling(model),
    ]
    .boxed()
}
