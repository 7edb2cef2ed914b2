//! Purses and the pool: cash is conserved and claims are exact, whatever the order.

use gridweave_rules::settlement::{
    Pool, Purse, SettlementError, collect, credit, debit, deposit, draw, withdraw,
};
use proptest::prelude::*;

/// Collateral required of each account.
const REQUIRED: u128 = 100;

fn purse(balance: u128, collateral: u128, receivable: u128, arrears: u128) -> Purse {
    Purse {
        balance,
        collateral,
        receivable,
        arrears,
    }
}

#[test]
fn a_debit_takes_balance_then_collateral_then_runs_into_arrears() -> Result<(), SettlementError> {
    let (mut home, mut pool) = (purse(50, 100, 0, 0), Pool::default());
    debit(&mut home, &mut pool, 40)?;
    assert_eq!((home, pool.cash), (purse(10, 100, 0, 0), 40));
    debit(&mut home, &mut pool, 60)?;
    assert_eq!((home, pool.cash), (purse(0, 50, 0, 0), 100));
    debit(&mut home, &mut pool, 80)?;
    assert_eq!((home, pool.cash), (purse(0, 0, 0, 30), 150));
    Ok(())
}

#[test]
fn money_that_comes_pays_arrears_then_refills_the_collateral() -> Result<(), SettlementError> {
    let (mut home, mut pool) = (purse(0, 0, 0, 30), Pool { cash: 150, dust: 0 });
    deposit(&mut home, &mut pool, 50, REQUIRED)?;
    assert_eq!((home, pool.cash), (purse(0, 20, 0, 0), 180));
    credit(&mut home, &mut pool, 90, REQUIRED)?;
    assert_eq!((home, pool.cash), (purse(10, 100, 0, 0), 90));
    Ok(())
}

#[test]
fn what_the_pool_cannot_pay_stays_owed_by_the_grid() -> Result<(), SettlementError> {
    let (mut home, mut pool) = (purse(0, 100, 0, 0), Pool { cash: 25, dust: 5 });
    credit(&mut home, &mut pool, 60, REQUIRED)?;
    assert_eq!(home, purse(20, 100, 40, 0));
    assert_eq!((pool.available(), pool.reserve()), (0, 5));
    assert_eq!(collect(&mut home, &mut pool, REQUIRED)?, 0);
    pool.cash += 30;
    assert_eq!(collect(&mut home, &mut pool, REQUIRED)?, 30);
    assert_eq!(home, purse(50, 100, 10, 0));
    debit(&mut home, &mut pool, 15)?;
    assert_eq!((home, pool.cash), (purse(45, 100, 0, 0), 10));
    Ok(())
}

#[test]
fn nobody_takes_out_more_than_there_is() {
    let mut home = purse(50, 100, 10, 0);
    let error = withdraw(&mut home, 51).unwrap_err();
    assert_eq!(error.to_string(), "balance: asked for 51 µ, 50 µ are there");
    assert_eq!(home, purse(50, 100, 10, 0));
    let mut pool = Pool { cash: 90, dust: 7 };
    let error = draw(&mut pool, 4, 80).unwrap_err();
    let expected = "grid account: asked for 4 µ, 3 µ are there";
    assert_eq!(error.to_string(), expected);
    assert_eq!(draw(&mut pool, 3, 80), Ok(()));
    assert_eq!(pool.cash, 87);
}

#[test]
fn the_limits_are_refused_and_change_nothing() {
    let full = purse(u128::MAX, REQUIRED, 0, 0);
    let (mut home, mut pool) = (full, Pool { cash: 9, dust: 0 });
    assert!(deposit(&mut home, &mut pool, 1, REQUIRED).is_err());
    assert!(credit(&mut home, &mut pool, 1, REQUIRED).is_err());
    assert!(debit(&mut home, &mut pool, u128::MAX).is_err());
    assert_eq!((home, pool.cash), (full, 9));
}

/// One step of a random history over a few purses.
#[derive(Clone, Copy, Debug)]
enum Step {
    Deposit(usize, u128),
    Book(usize, i64),
    Collect(usize),
    Withdraw(usize, u128),
    Draw(u128),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (who, amount) = (0..3usize, 0..500u128);
    let step = prop_oneof![
        (who.clone(), amount.clone()).prop_map(|(w, a)| Step::Deposit(w, a)),
        (who.clone(), -500..500i64).prop_map(|(w, a)| Step::Book(w, a)),
        who.clone().prop_map(Step::Collect),
        (who, amount.clone()).prop_map(|(w, a)| Step::Withdraw(w, a)),
        amount.prop_map(Step::Draw),
    ];
    proptest::collection::vec(step, 1..60)
}

fn book(purse: &mut Purse, pool: &mut Pool, amount: i64) -> Result<(), SettlementError> {
    let size = u128::from(amount.unsigned_abs());
    if amount < 0 {
        debit(purse, pool, size)
    } else {
        credit(purse, pool, size, REQUIRED)
    }
}

/// `balance + collateral + receivable − arrears`.
fn net(purse: &Purse) -> i128 {
    let claims = purse.receivable as i128 - purse.arrears as i128;
    purse.balance as i128 + purse.collateral as i128 + claims
}

proptest! {
    #[test]
    fn cash_is_conserved_and_claims_are_exact(steps in steps()) {
        let (mut purses, mut pool) = ([Purse::default(); 3], Pool::default());
        let (mut cash, mut nets) = (0i128, [0i128; 3]);
        for step in steps {
            match step {
                Step::Deposit(who, amount) => {
                    deposit(&mut purses[who], &mut pool, amount, REQUIRED).unwrap();
                    cash += amount as i128;
                    nets[who] += amount as i128;
                }
                Step::Book(who, amount) => {
                    book(&mut purses[who], &mut pool, amount).unwrap();
                    nets[who] += i128::from(amount);
                }
                Step::Collect(who) => {
                    collect(&mut purses[who], &mut pool, REQUIRED).unwrap();
                }
                Step::Withdraw(who, amount) => {
                    if withdraw(&mut purses[who], amount).is_ok() {
                        cash -= amount as i128;
                        nets[who] -= amount as i128;
                    }
                }
                Step::Draw(amount) => {
                    if draw(&mut pool, amount, 50).is_ok() {
                        cash -= amount as i128;
                    }
                }
            }
            let held: u128 = purses.iter().map(|purse| purse.balance + purse.collateral).sum();
            prop_assert_eq!((held + pool.cash) as i128, cash);
            for (purse, expected) in purses.iter().zip(nets) {
                prop_assert_eq!(net(purse), expected);
                prop_assert!(purse.arrears == 0 || purse.receivable == 0);
                prop_assert!(purse.arrears == 0 || purse.balance + purse.collateral == 0);
                prop_assert!(purse.balance == 0 || purse.collateral >= REQUIRED);
            }
        }
    }
}
