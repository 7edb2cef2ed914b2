//! Meters that die, that are late, that fall silent, and what the others notice of it: nothing.

mod common;

use std::fs;

use common::Mortal;
use common::metered::{DAY, PROMISED, Street, key};
use gridweave_agents::meter::{Meter, Reporting, Series, Source};
use gridweave_agents::settler::Settler;
use gridweave_agents::{AgentError, ledger};
use gridweave_chain::{Chain, ChainError};
use gridweave_model::MeterOptions;
use gridweave_types::billing::Origin;

/// Intervals after the day until everything in it is final.
const AFTER: u32 = 7;

/// Readings of a day that nobody could mistake for another's.
fn day(home: usize) -> Vec<i64> {
    (1..=i64::from(DAY))
        .map(|interval| PROMISED - 100 * home as i64 - interval)
        .collect()
}

fn prompt(street: &Street) -> Vec<Series> {
    let homes = 0..street.homes.len();
    homes.map(|home| Series::prompt(1, day(home))).collect()
}

/// A series that comes with the fault that `options` make certain.
fn faulty(options: MeterOptions) -> Series {
    let reporting = Reporting {
        options: MeterOptions {
            batch: 4,
            deviation: 0.0,
            ..options
        },
        seed: 1,
        meter: 0,
    };
    Series::reported(1, day(0), &reporting)
}

const SOUND: MeterOptions = MeterOptions {
    batch: 4,
    deviation: 0.0,
    late: 0.0,
    late_intervals: 0,
    outage: 0.0,
    outage_intervals: 0,
};

async fn expect_all_taken(street: &Street) {
    for home in 0..street.homes.len() {
        let expected: Vec<(u32, i64)> = (1..).zip(day(home)).collect();
        assert_eq!(street.taken(home).await, expected, "home {home}");
    }
}

#[tokio::test]
async fn a_meter_that_is_started_again_leaves_no_gap_and_repeats_nothing() {
    for transactions in 0..4 {
        let street = Street::new().await;
        let meters = street.meters(&prompt(&street));
        let mut deaths = 0;
        let mut mortal = Mortal::new(&street.chain, transactions);
        for now in 2..=DAY + 1 {
            street.until(now).await;
            // Everything that it knew dies with it.
            let mut meter = street.concentrator(meters.clone()).await;
            match meter.turn(&mortal).await {
                Ok(progress) => assert_eq!(progress.sent, street.homes.len() * (deaths + 1)),
                Err(AgentError::Chain(ChainError::Stopped)) => {
                    deaths += 1;
                    mortal = Mortal::new(&street.chain, transactions + deaths);
                    continue;
                }
                Err(error) => panic!("{error}"),
            }
            deaths = 0;
        }
        let mut last = street.concentrator(meters).await;
        last.turn(&street.chain).await.unwrap();
        expect_all_taken(&street).await;
    }
}

#[tokio::test]
async fn two_processes_with_the_same_meters_do_no_harm() {
    let street = Street::new().await;
    let meters = street.meters(&prompt(&street));
    let mut one = street.concentrator(meters.clone()).await;
    let mut other = street.concentrator(meters).await;
    for now in 2..=DAY + 1 {
        street.until(now).await;
        one.turn(&street.chain).await.unwrap();
        other.turn(&street.chain).await.unwrap();
    }
    expect_all_taken(&street).await;
}

/// The day with this series at home 0 and prompt ones elsewhere; everything is settled.
async fn lived(series: Series) -> Street {
    let street = Street::new().await;
    let mut all = prompt(&street);
    all[0] = series;
    let mut meters = street.concentrator(street.meters(&all)).await;
    let mut settler = street.settler().await;
    for now in 2..=DAY + AFTER {
        street.until(now).await;
        meters.turn(&street.chain).await.unwrap();
        settler.turn(&street.chain).await.unwrap();
    }
    let billing = &street.contracts.billing;
    let period = ledger::period(&street.chain, billing, 0).await.unwrap();
    let homes = street.homes.len() as u32;
    assert_eq!((period.open, period.reconciled), (true, homes));
    let others = vec![Origin::Meter; DAY as usize];
    assert_eq!(street.origins(1).await, others);
    street
}

#[tokio::test]
async fn a_late_reading_replaces_the_estimate() {
    // On time for 2 intervals, disputed for 1: 4 later it has been settled on an estimate.
    let street = lived(faulty(MeterOptions {
        late: 1.0,
        late_intervals: 2,
        ..SOUND
    }))
    .await;
    let origins = vec![Origin::Meter; DAY as usize];
    assert_eq!(street.origins(0).await, origins);
    assert_eq!(street.taken(0).await.len(), DAY as usize);
    let billing = &street.contracts.billing;
    let statements = ledger::statements(&street.chain, billing, 0).await.unwrap();
    let adjusted: Vec<u32> = statements.iter().map(|row| row.adjusted).collect();
    assert!(adjusted[0] > 0, "{adjusted:?}");
    assert!(
        adjusted[1..].iter().all(|&count| count == 0),
        "{adjusted:?}"
    );
    let metered: i64 = day(0).iter().sum();
    assert_eq!(statements[0].metered.i64(), metered);
}

#[tokio::test]
async fn a_silent_meter_is_held_to_its_promise() {
    // Everything is due when the first four intervals are final already.
    let street = lived(faulty(MeterOptions {
        late: 1.0,
        late_intervals: 7,
        ..SOUND
    }))
    .await;
    let origins = street.origins(0).await;
    let estimated = origins.iter().filter(|o| **o == Origin::Estimate).count();
    assert!((1..DAY as usize).contains(&estimated), "{origins:?}");
    let line = street.line(0, 1).await.unwrap();
    assert_eq!(line.state.origin, Origin::Estimate);
    assert_eq!(line.metered.map(|wh| wh.i64()), Some(PROMISED));
    assert_eq!(line.penalty.i128(), 0);
    // What it passed over is not made up for, and nothing is reported twice.
    let taken = street.taken(0).await;
    assert_eq!(taken.len(), DAY as usize - estimated);
    assert!(taken.windows(2).all(|pair| pair[0].0 < pair[1].0));
}

#[tokio::test]
async fn a_meter_with_a_wrong_key_holds_up_nobody() {
    let street = Street::new().await;
    let mut meters = street.meters(&prompt(&street));
    meters[0].key = key(99);
    let mut concentrator = street.concentrator(meters).await;
    street.until(2).await;
    let progress = concentrator.turn(&street.chain).await.unwrap();
    assert_eq!(progress.sent, street.homes.len() - 1);
    assert_eq!(street.taken(0).await, []);
    assert_eq!(street.taken(1).await.len(), 1);
}

#[tokio::test]
async fn a_file_may_grow_and_must_be_right() {
    let folder = std::env::temp_dir().join(format!("gridweave-meter-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("home.csv");
    let street = Street::new().await;
    let meter = Meter {
        account: street.homes[0].address.clone(),
        key: key(1),
        source: Source::File(file.clone()),
    };
    let mut concentrator = street.concentrator(vec![meter]).await;
    street.until(4).await;
    for (text, taken) in [
        ("interval,energy_wh\n1,-900\n", 1),
        ("interval,energy_wh\n1,-900\n2,-80", 1),
        ("interval,energy_wh\n1,-900\n2,-800\n3,5\n4,7\n", 3),
    ] {
        fs::write(&file, text).unwrap();
        concentrator.turn(&street.chain).await.unwrap();
        assert_eq!(street.taken(0).await.len(), taken, "{text}");
    }
    assert_eq!(street.taken(0).await, [(1, -900), (2, -800), (3, 5)]);
    fs::write(&file, "interval,energy_wh\n1,-900\n1,-800\n").unwrap();
    let error = concentrator.turn(&street.chain).await.unwrap_err();
    let expected = format!("{}, line 3, interval: '1', expected 2", file.display());
    assert_eq!(error.to_string(), expected);
    fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_settler_that_dies_goes_on_and_then_rests() {
    let street = Street::new().await;
    let mut meters = street.concentrator(street.meters(&prompt(&street))).await;
    street.until(DAY + 1).await;
    meters.turn(&street.chain).await.unwrap();
    street.until(DAY + AFTER).await;
    let mut lives = 0;
    loop {
        let mortal = Mortal::new(&street.chain, 3);
        let mut settler: Settler = street.settler().await;
        lives += 1;
        match settler.turn(&mortal).await {
            Ok(finished) => break assert!(finished),
            Err(AgentError::Chain(ChainError::Stopped)) => assert!(lives < 20),
            Err(error) => panic!("{error}"),
        }
    }
    assert!(lives > 2, "{lives}");
    assert_eq!(
        street.events("line_settled").await.len(),
        12 * street.homes.len()
    );
    assert_eq!(street.events("period_opened").await.len(), 1);
    let state = street.chain.state_hash().await.unwrap();
    let height = street.chain.height().await.unwrap();
    assert!(street.settler().await.turn(&street.chain).await.unwrap());
    assert_eq!(street.chain.state_hash().await.unwrap(), state);
    assert_eq!(street.chain.height().await.unwrap(), height);
}
