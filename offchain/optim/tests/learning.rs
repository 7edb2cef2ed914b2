//! Thirty days of crowds under three ways of setting incentives.

use gridweave_model::Scenario;
use gridweave_optim::crowdsourcing::simulation::{FixedRule, LearnedRule, Obtained, Setting};
use gridweave_optim::solve_central;

/// Currency per MWh of a micro-currency unit per kWh; the shipped day has hours and a base of 1 MVA.
const MICRO: f64 = 1e-3;
/// A third of the way to the cap, and further in steps of as much.
const FIXED: FixedRule = FixedRule {
    start: 50.0,
    step: 50.0,
};

/// What fixed rule, learned rule and clearing price obtain from the crowd of `seed`.
fn compare(seed: u64, days: u32) -> [Obtained; 3] {
    let scenario = Scenario::shipped("ces-56").unwrap().with_seed(seed);
    let instance = scenario.build().unwrap();
    let mut crowd = scenario.crowd(&instance).unwrap().unwrap();
    // Prices are compared, so no budget shall bind.
    for feeder in &mut crowd.feeders {
        feeder.budget.fill(1e3);
    }
    let solution = solve_central(&instance).unwrap();
    let setting = Setting::new(&instance, &crowd, &solution);
    let mut fixed = FIXED;
    let cap = crowd.terms.incentive_cap;
    let mut learned = LearnedRule::new(crowd.crowdsourcees.len(), cap, crowd.terms.raises, MICRO);
    [
        setting.run(&mut fixed, 0, days).unwrap(),
        setting.run(&mut learned, 0, days).unwrap(),
        setting.run_clearing(0, days),
    ]
}

fn check(obtained: &Obtained) {
    let Obtained {
        shortage,
        energy,
        supplemented,
        spent,
        ..
    } = *obtained;
    assert!(shortage > 0.0 && energy > 0.0 && spent >= 0.0);
    assert!((energy + supplemented - shortage).abs() < 1e-6 * shortage);
}

#[test]
fn every_shortage_is_met_by_crowd_or_supplement() {
    let [fixed, learned, clearing] = compare(1, 2);
    for obtained in [&fixed, &learned, &clearing] {
        check(obtained);
    }
    assert_eq!(fixed.shortage, learned.shortage);
    assert!(fixed.first + fixed.raised <= fixed.offers);
}

/// Prints what the decision page quotes:
/// `cargo test --workspace --test learning -- --ignored --nocapture`.
#[test]
#[ignore = "30 days of five crowds"]
fn thirty_days_of_held_out_crowds() {
    println!(
        "crowd  rule      MWh from crowd  share  currency/MWh  with supplement  first  raised  offers"
    );
    let mut sums = [Obtained::default(); 3];
    for seed in 101..106 {
        for ((name, obtained), sum) in ["fixed", "learned", "clearing"]
            .iter()
            .zip(compare(seed, 30))
            .zip(&mut sums)
        {
            check(&obtained);
            print_row(&seed.to_string(), name, &obtained);
            sum.shortage += obtained.shortage;
            sum.energy += obtained.energy;
            sum.spent += obtained.spent;
            sum.premium += obtained.premium;
            sum.supplemented += obtained.supplemented;
        }
    }
    for (name, sum) in ["fixed", "learned", "clearing"].iter().zip(&sums) {
        print_row("all", name, sum);
    }
}

fn print_row(crowd: &str, name: &str, obtained: &Obtained) {
    println!(
        "{crowd:5}  {name:8}  {:14.2}  {:4.1}%  {:12.2}  {:15.2}  {:5}  {:6}  {:6}",
        obtained.energy,
        100.0 * obtained.energy / obtained.shortage,
        obtained.per_energy(),
        obtained.per_shortage(),
        obtained.first,
        obtained.raised,
        obtained.offers,
    );
}
