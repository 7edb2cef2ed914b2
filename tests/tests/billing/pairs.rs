//! Trades between pairs become commitments that cancel, in energy and in money.

use cosmwasm_std::{Binary, Event};
use gridweave_testkit::billing::{Billing, COLLATERAL, attribute, events};
use gridweave_testkit::coordinator::{Coordinator, consensus_config};
use gridweave_types::billing::ExecuteMsg;
use gridweave_types::coordinator::{GroupInput, Mode, Projection, SessionConfig};
use gridweave_units::Fx;
use proptest::collection::vec;
use proptest::prelude::*;

const HOMES: usize = 3;
const T: usize = 3;
const FIRST: u32 = 2;
/// Numbers of a home: with two partners.
const NUMBERS: usize = (HOMES - 1) * T;

/// Answers (raw) by round and home.
type Answers = Vec<Vec<Vec<i64>>>;

/// A session in which every home trades with every other and answers so; home `silent` leaves out the
/// last round.
fn traded(answers: &Answers, silent: Option<usize>) -> (Coordinator, u64) {
    let mut chain = Coordinator::new(HOMES as u32);
    let mut config: SessionConfig = consensus_config();
    config.first_interval = u64::from(FIRST).into();
    config.max_rounds = answers.len() as u32;
    // Any answers will do.
    config.monotonicity_tolerance = None;
    if let Mode::Consensus(mode) = &mut config.mode {
        mode.rho = Fx::ratio(3, 7);
    }
    let participants = (0..HOMES).map(|number| chain.sharing(number, NUMBERS));
    let participants = participants.collect();
    let pair = |i: u32, j: u32| GroupInput {
        size: T as u32,
        projection: Projection::Opposite,
        members: vec![i, j],
    };
    let session = chain.open(
        config,
        participants,
        vec![pair(0, 1), pair(0, 2), pair(1, 2)],
    );
    for (round, sent) in (1..).zip(answers) {
        for (number, numbers) in sent.iter().enumerate() {
            if round == answers.len() as u32 && silent == Some(number) {
                continue;
            }
            let payload: Vec<Fx> = numbers.iter().map(|&bits| Fx::from_bits(bits)).collect();
            let taken = chain.submit(session, number, round, &payload, &[]);
            taken.expect("in bounds");
        }
    }
    if silent.is_some() {
        chain
            .advance(session, Vec::new())
            .expect("the deadline has passed");
    }
    (chain, session)
}

fn beside(chain: Coordinator, funded: &[usize]) -> Billing {
    let mut billing = Billing::with(chain, |_| {});
    for &number in funded {
        billing.top_up(number, 100 * COLLATERAL).expect("coins");
    }
    billing
}

/// Records all pages; the events of recorded commitments.
fn record(billing: &mut Billing, session: u64) -> Vec<Event> {
    let message = ExecuteMsg::RecordSession {
        coordinator: billing.chain.contract.to_string(),
        session,
        limit: None,
    };
    let mut recorded = Vec::new();
    for _ in 0..HOMES {
        let response = billing.anyone(&message).expect("the session has ended");
        let own = events(&response, "commitments_recorded");
        // The response's own attributes have no account.
        let own = own.into_iter().filter(|event| {
            let mut attributes = event.attributes.iter();
            attributes.any(|attribute| attribute.key == "account")
        });
        recorded.extend(own.cloned());
    }
    recorded
}

fn longs(event: &Event, key: &str) -> Vec<i64> {
    let bytes = Binary::from_base64(attribute(event, key)).expect("packed");
    let (chunks, _) = bytes.as_chunks::<8>();
    chunks
        .iter()
        .map(|&chunk| i64::from_le_bytes(chunk))
        .collect()
}

fn answers(rounds: usize) -> impl Strategy<Value = Answers> {
    // What billing takes at most is 1 per unit.
    let most = (1i64 << 32) * 9 / 10;
    vec(vec(vec(-most..most, NUMBERS), HOMES), rounds)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn energy_and_money_cancel_exactly(answers in (1..4usize).prop_flat_map(answers)) {
        let (chain, session) = traded(&answers, None);
        let mut billing = beside(chain, &[0, 1, 2]);
        let recorded = record(&mut billing, session);
        prop_assert_eq!(recorded.len(), HOMES);
        let (mut traded, mut value) = (0, 0i128);
        for event in &recorded {
            let (energies, prices) = (longs(event, "energies"), longs(event, "prices"));
            prop_assert_eq!((energies.len(), prices.len()), (NUMBERS, NUMBERS));
            traded += energies.iter().map(|energy| energy.abs()).sum::<i64>();
            let pairs = energies.iter().zip(&prices);
            value += pairs.map(|(&e, &p)| i128::from(e) * i128::from(p)).sum::<i128>();
        }
        prop_assert!(traded > 0);
        prop_assert_eq!(value, 0);
        for t in 0..T as u32 {
            let lines = (0..HOMES).map(|number| billing.line(number, FIRST + t).energy.i64());
            prop_assert_eq!(lines.sum::<i64>(), 0);
        }
        billing.assert_books_balance();
        billing.assert_audited();
    }
}

fn fixed() -> Answers {
    let tenths = |home: i64, k: i64| ((home * 7 + k * 3) % 11 - 5) * ((1i64 << 32) / 10);
    let round =
        |_| (0..HOMES as i64).map(|home| (0..NUMBERS as i64).map(|k| tenths(home, k)).collect());
    (0..2).map(|n| round(n).collect()).collect()
}

#[test]
fn a_suspended_home_leaves_its_partners_their_trades() {
    let (chain, session) = traded(&fixed(), None);
    let mut billing = beside(chain, &[0, 1]);
    let recorded = record(&mut billing, session);
    assert_eq!(recorded.len(), 2);
    billing.assert_books_balance();
    billing.assert_audited();
}

#[test]
fn a_silent_home_is_billed_for_what_its_last_answer_cleared() {
    let (chain, session) = traded(&fixed(), Some(2));
    let mut billing = beside(chain, &[0, 1, 2]);
    let recorded = record(&mut billing, session);
    let energies = recorded.iter().flat_map(|event| longs(event, "energies"));
    assert_eq!(energies.sum::<i64>(), 0);
    assert_eq!(recorded.len(), HOMES);
    billing.assert_audited();
}
