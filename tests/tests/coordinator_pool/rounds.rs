//! Honest sessions: prices, plans, certificate, side payments.

use gridweave_rules::pool::{Share, balanced, price_step, relaxed, settlement_price};
use gridweave_testkit::coordinator::{announced, attribute, numbers, pool_config};
use gridweave_testkit::pool::{Home, Pool, pool_part, three};
use gridweave_types::coordinator::{BusPrices, Mode, Phase, QueryMsg, StopReason};
use gridweave_units::{Acc, Fx};

/// The same session in memory, number by number.
struct Reference {
    homes: Vec<Home>,
    price: Vec<Fx>,
    copies: Vec<Vec<Fx>>,
    rho: Fx,
    round: u32,
}

impl Reference {
    /// Answers of a round, and what follows from them: settlement price and plans.
    fn step(&mut self, answers: &[Vec<Fx>]) -> (Vec<Fx>, Vec<Vec<Fx>>) {
        let relaxation = if self.round == 1 {
            Fx::ONE
        } else {
            Fx::ratio(3, 2)
        };
        let all: Fx = self.homes.iter().map(|home| home.mobility).sum();
        let share = |at: usize| Share::of(self.homes[at].mobility, all);
        let pairs = answers.iter().zip(&self.copies);
        let moved: Vec<Vec<Fx>> = pairs.map(|(x, z)| relaxed(x, z, relaxation)).collect();
        let (total, excess) = (sum(answers), sum(&moved));
        let plans = answers.iter().enumerate();
        let plans = plans
            .map(|(at, x)| balanced(x, &total, share(at)))
            .collect();
        let next = price_step(&self.price, &excess, self.rho, all);
        let settlement = settlement_price(&self.price, &next);
        let copies = moved.iter().enumerate();
        self.copies = copies
            .map(|(at, w)| balanced(w, &excess, share(at)))
            .collect();
        (self.price, self.rho) = (next, self.rho * Fx::ratio(13, 10));
        self.round += 1;
        (settlement, plans)
    }
}

fn sum(rows: &[Vec<Fx>]) -> Vec<Fx> {
    let columns = 0..rows[0].len();
    columns
        .map(|t| rows.iter().map(|row| row[t]).sum())
        .collect()
}

#[test]
fn every_number_is_that_of_the_rule() {
    let mut pool = Pool::open(three(), pool_config());
    let mut reference = Reference {
        homes: three(),
        price: [3, 1, 2].map(|tenths| Fx::ratio(tenths, 10)).to_vec(),
        copies: vec![vec![Fx::ZERO; 3]; 3],
        rho: Fx::ratio(1, 10),
        round: 1,
    };
    for round in 1..=5 {
        let mut answers = Vec::new();
        // Whoever answers first or last.
        let order = if round % 2 == 0 { [2, 0, 1] } else { [0, 1, 2] };
        for number in 0..3 {
            let asked = pool.asked(number);
            assert_eq!(numbers(&asked.centres), reference.copies[number]);
            assert_eq!(numbers(&asked.prices), reference.price);
            assert_eq!(asked.rho, [reference.rho]);
            answers.push(pool.homes[number].answer(&asked));
        }
        order.iter().for_each(|&number| drop(pool.answer(number)));
        let (settlement, plans) = reference.step(&answers);
        for (number, plan) in plans.iter().enumerate() {
            let asked = pool.asked(number);
            assert_eq!(numbers(&pool_part(&asked).plan), *plan);
            assert_eq!(numbers(&pool_part(&asked).settlement), settlement);
        }
    }
}

#[test]
fn a_session_ends_with_a_certified_plan_that_all_confirmed() {
    let mut pool = Pool::open(three(), pool_config());
    pool.run();
    let status = pool.chain.session(pool.session);
    assert_eq!(status.phase, Phase::Converged);
    assert_eq!(status.stop_reason, Some(StopReason::Certificate));
    let certificate = pool.chain.certificate(pool.session);
    assert!(
        certificate
            .gap
            .is_some_and(|gap| gap <= Fx::ratio(1, 1_000))
    );
    assert_eq!(status.cost, Some(certificate.cost));
    assert!(certificate.cost < pool.alone());
    // The plan is the one that was confirmed, and what it costs is what the homes say.
    let rows = pool.rows();
    let costs = rows.iter().zip(&pool.homes);
    let cost: Fx = costs
        .map(|(row, home)| home.cost(&numbers(&row.injection)))
        .sum();
    assert_eq!(cost, certificate.cost);
    pool.assert_balanced();
    assert_eq!(pool.totals().plan_round, certificate.round);
}

/// With quadratic costs that no limit binds, `goal + price/curvature` balances.
#[test]
fn the_price_is_that_of_the_optimum() {
    let mut config = pool_config();
    config.stop.gap = Some(Fx::ratio(1, 1_000_000));
    config.max_rounds = 60;
    let mut pool = Pool::open(three(), config);
    pool.run();
    let prices: BusPrices = pool
        .chain
        .ask(&QueryMsg::PricesOf {
            session: pool.session,
            bus: 3,
        })
        .unwrap();
    let price = numbers(&prices.energy);
    assert_eq!(prices.energy, pool.totals().settlement);
    assert!(
        numbers(&prices.loss)
            .iter()
            .chain(&numbers(&prices.voltage))
            .all(|p| p.is_zero())
    );
    let slopes: Fx = pool.homes.iter().map(|home| Fx::ONE / home.curvature).sum();
    for t in 0..3 {
        let goals: Fx = pool.homes.iter().map(|home| home.goal[t]).sum();
        let optimum = -goals / slopes;
        let error = (price[t] - optimum).abs();
        assert!(error < Fx::ratio(1, 500), "{} is not {optimum}", price[t]);
    }
}

#[test]
fn nobody_is_worse_off_than_alone() {
    for rounds in 2..8 {
        let mut config = pool_config();
        config.max_rounds = rounds;
        let mut pool = Pool::open(three(), config);
        pool.run();
        let (totals, rows) = (pool.totals(), pool.rows());
        let price = numbers(&totals.settlement);
        let mut paid = 0;
        for (row, home) in rows.iter().zip(&pool.homes) {
            let plan = numbers(&row.injection);
            let mut gain = Acc::dot(&price, &plan);
            gain.add(Acc::from_fx(home.alone() - home.cost(&plan)));
            let micro = (gain.to_bits() * 1_000_000) >> 64;
            assert!(
                micro + i128::from(row.side_payment.i64()) >= 0,
                "{rounds} rounds: {row:?}"
            );
            paid += row.side_payment.i64();
        }
        assert!((-3..=0).contains(&paid), "{paid}");
        assert!(totals.lost <= totals.gained);
    }
}

#[test]
fn the_last_round_confirms_and_asks_for_no_answer() {
    let mut config = pool_config();
    (config.max_rounds, config.stop.gap) = (3, Some(Fx::ZERO));
    let mut pool = Pool::open(three(), config);
    pool.round();
    pool.round();
    assert!(pool_part(&pool.asked(0)).closing);
    let before = pool.chain.certificate(pool.session).cost;
    let plans: Vec<_> = (0..3)
        .map(|number| pool_part(&pool.asked(number)).plan.clone())
        .collect();
    pool.round();
    let status = pool.chain.session(pool.session);
    assert_eq!((status.phase, status.round), (Phase::Exhausted, 3));
    assert_eq!(pool.totals().plan_round, 2);
    assert!(pool.chain.certificate(pool.session).cost < before);
    let rows = pool.rows();
    let found: Vec<_> = rows.iter().map(|row| row.injection.clone()).collect();
    assert_eq!(found, plans);
}

#[test]
fn a_confirmation_is_announced_and_so_is_the_plan() {
    let mut pool = Pool::open(three(), pool_config());
    let first = pool.answer(0);
    assert_eq!(attribute(&first, "confirmed"), None);
    (1..3).for_each(|number| drop(pool.answer(number)));
    let second = pool.answer(0);
    assert_eq!(attribute(&second, "confirmed").as_deref(), Some("true"));
    assert_eq!(pool.totals().confirmed, 1);
    pool.answer(1);
    let last = pool.answer(2);
    assert!(announced(&last, "plan_confirmed"));
    let history = pool.chain.history(pool.session);
    assert_eq!(history[0].cost, Some(pool.alone()));
    assert!(history[1].cost < history[0].cost);
    assert!(history[1].bound >= history[0].bound && history[1].gap.is_some());
}

/// Without a gap limit the session stops on the imbalance of the answers and the move of the price.
#[test]
fn residuals_end_a_session_too() {
    let mut config = pool_config();
    config.stop.gap = None;
    (config.stop.primal, config.stop.dual) = (Fx::ratio(1, 100), Fx::ratio(1, 100));
    config.max_rounds = 60;
    let mut pool = Pool::open(three(), config);
    pool.run();
    let status = pool.chain.session(pool.session);
    assert_eq!(status.stop_reason, Some(StopReason::Residuals));
    let last = pool.chain.history(pool.session).pop().unwrap();
    assert!(last.primal <= Fx::ratio(1, 100) && last.dual <= Fx::ratio(1, 100));
    assert!(matches!(status.config.mode, Mode::Pool(_)));
}

#[test]
fn cleared_sessions_keep_schedule_prices_and_certificate() {
    let mut pool = Pool::open(three(), pool_config());
    pool.run();
    let (rows, totals) = (pool.rows(), pool.totals());
    let certificate = pool.chain.certificate(pool.session);
    let message = gridweave_types::coordinator::ExecuteMsg::Close {
        session: pool.session,
        limit: 10,
    };
    let anyone = pool.chain.suite.address("anyone");
    pool.chain.send(&anyone, &message, &[]).unwrap();
    assert_eq!((pool.rows(), pool.totals()), (rows, totals));
    assert_eq!(pool.chain.certificate(pool.session), certificate);
}
