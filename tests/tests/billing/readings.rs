//! Readings: signed, in sequence, plausible.

use gridweave_testkit::assert_refused;
use gridweave_testkit::billing::{Billing, CORRECTION, LIMIT, Meter};
use gridweave_types::billing::{
    CorrectionsResponse, ExecuteMsg, MAX_CORRECTIONS, Origin, QueryMsg, SignedReadings,
};

/// A chain at interval 6 whose meters have reported 0 and 1.
fn reported() -> Billing {
    let mut billing = Billing::new(2);
    billing.at(2, 10);
    billing.read(0, 0, &[-100, -200]).expect("in time");
    billing.at(6, 10);
    billing
}

#[track_caller]
fn refused(billing: &mut Billing, signed: SignedReadings, expected: &str) {
    let anyone = billing.chain.suite.address("anyone");
    billing.refuses(&anyone, &ExecuteMsg::SubmitReadings(signed), expected);
}

#[test]
fn readings_continue_where_the_last_ones_ended() {
    let mut billing = reported();
    billing.read(0, 2, &[-300, -400]).expect("the next two");
    billing.read(0, 4, &[-500]).expect("the next");
    assert_eq!(billing.account(0).next_reading, Some(5));
    assert_eq!(billing.account(0).nonce.u64(), 3);
    let metered = billing.line(0, 3).metered.map(|energy| energy.i64());
    assert_eq!(metered, Some(-400));
}

#[test]
fn gaps_and_back_dating_are_refused() {
    let mut billing = reported();
    let home = billing.home(0);
    for from in [0, 1, 3, 4] {
        let expected = format!("from: readings of {home} begin at interval {from}, expected 2");
        let signed = billing.meters[0].clone().next(false, from, &[-1]);
        refused(&mut billing, signed, &expected);
    }
}

#[test]
fn a_message_counts_once() {
    let mut billing = reported();
    let home = billing.home(0);
    let replayed = billing.meters[0].sign(false, 0, &[-100, -200]);
    let expected = format!("nonce: 1 of the meter of {home}, expected 2");
    refused(&mut billing, replayed, &expected);
    billing.meters[0].nonce = 2;
    let skipped = billing.meters[0].next(false, 2, &[-1]);
    let expected = format!("nonce: 3 of the meter of {home}, expected 2");
    refused(&mut billing, skipped, &expected);
}

#[test]
fn only_the_accounts_own_meter_signs_for_it() {
    let mut billing = reported();
    let home = billing.home(0);
    let expected = format!("signature: not made by the meter of {home} for this message");
    let good = billing.meters[0].clone().next(false, 2, &[-1]);
    let chain_id = billing.meters[0].chain_id.clone();
    let contract = billing.contract.to_string();
    let signed_by = |chain_id: &str, contract: &str, seed: u32| {
        let mut meter = Meter::new(chain_id, contract, &home, seed);
        meter.nonce = 1;
        meter.next(false, 2, &[-1])
    };
    let other = billing.chain.suite.address("other contract");
    for forged in [
        signed_by(&chain_id, &contract, 99),
        signed_by("another chain", &contract, 1),
        signed_by(&chain_id, other.as_str(), 1),
        billing.meters[0].clone().next(true, 2, &[-1]),
        SignedReadings {
            from: 3,
            ..good.clone()
        },
        SignedReadings {
            readings: vec![0; 8].into(),
            ..good.clone()
        },
        SignedReadings {
            signature: vec![1; 64].into(),
            ..good.clone()
        },
        SignedReadings {
            signature: vec![1; 3].into(),
            ..good.clone()
        },
    ] {
        refused(&mut billing, forged, &expected);
    }
    let stolen = SignedReadings {
        account: billing.home(1).to_string(),
        nonce: 1u64.into(),
        ..good.clone()
    };
    let expected = expected.replace(home.as_str(), billing.home(1).as_str());
    refused(&mut billing, stolen, &expected);
    billing
        .anyone(&ExecuteMsg::SubmitReadings(good))
        .expect("anyone may carry a good message");
}

#[test]
fn a_replaced_key_no_longer_signs() {
    let mut billing = reported();
    let home = billing.home(0);
    let new = Meter::new("", "", &home, 50).public_key();
    billing
        .chain
        .suite
        .set_meter_key(&home, Some(new))
        .expect("the operator may");
    let expected = format!("signature: not made by the meter of {home} for this message");
    let signed = billing.meters[0].clone().next(false, 2, &[-1]);
    refused(&mut billing, signed.clone(), &expected);
    billing
        .chain
        .suite
        .set_meter_key(&home, None)
        .expect("the operator may");
    let expected = format!("account: {home} has no meter key in grid");
    refused(&mut billing, signed, &expected);
}

#[test]
fn the_future_has_no_readings() {
    let mut billing = reported();
    let (now, ends) = (billing.now(), billing.genesis + 7 * 900);
    let signed = billing.meters[0].clone().next(false, 2, &[0; 5]);
    let expected = format!("readings: interval 6 ends at {ends}, now is {now}");
    refused(&mut billing, signed, &expected);
    billing
        .read(0, 2, &[0; 4])
        .expect("up to the last that ended");
}

#[test]
fn implausible_energies_are_refused() {
    let mut billing = reported();
    let limit = LIMIT as i64;
    for energy in [limit + 1, -limit - 1, i64::MAX, i64::MIN] {
        let signed = billing.meters[0].clone().next(false, 2, &[0, energy]);
        let expected =
            format!("readings: {energy} Wh in interval 3, expected at most {limit} Wh either way");
        refused(&mut billing, signed, &expected);
    }
    billing.read(0, 2, &[limit, -limit]).expect("at the limit");
}

#[test]
fn malformed_batches_are_refused() {
    let mut billing = reported();
    let good = billing.meters[0].clone().next(false, 2, &[0]);
    let cases = [
        (vec![], "number of readings is 0, expected 1 to 200"),
        (
            vec![0; 9],
            "readings is 9 bytes, expected 8 bytes a reading",
        ),
        (
            vec![0; 8 * 201],
            "number of readings is 201, expected 1 to 200",
        ),
    ];
    for (bytes, expected) in cases {
        let signed = SignedReadings {
            readings: bytes.into(),
            ..good.clone()
        };
        refused(&mut billing, signed, expected);
    }
    let last = SignedReadings {
        from: u32::MAX,
        ..good
    };
    let expected = "from is 4294967295, expected at most 4294967294";
    refused(&mut billing, last, expected);
}

#[test]
fn strangers_have_no_meter() {
    let mut billing = reported();
    let stranger = billing.chain.suite.address("stranger");
    let mut meter = Meter::new("", "", &stranger, 1);
    let expected = format!("account: {stranger} is not registered in grid");
    let signed = meter.next(false, 2, &[0]);
    refused(&mut billing, signed, &expected);
}

#[test]
fn a_meter_that_was_off_for_long_goes_on_where_readings_still_count() {
    let mut billing = reported();
    billing.until_final(4);
    let home = billing.home(0);
    // Intervals 2 to 4 are final; 5 is the first that is not.
    let signed = billing.meters[0].clone().next(false, 2, &[0; 4]);
    let expected = format!("from: readings of {home} begin at interval 2, expected 5");
    refused(&mut billing, signed, &expected);
    let response = billing.read(0, 5, &[-5]).expect("the first that counts");
    let mut attributes = response.events.iter().flat_map(|event| &event.attributes);
    let lapsed = attributes.find(|attribute| attribute.key == "lapsed");
    assert_eq!(lapsed.map(|attribute| attribute.value.as_str()), Some("3"));
    assert_eq!(billing.account(0).next_reading, Some(6));
}

#[test]
fn a_new_meter_may_begin_at_any_interval_that_counts() {
    let mut billing = reported();
    billing.until_final(4);
    let home = billing.home(1);
    let signed = billing.meters[1].clone().next(false, 4, &[0]);
    let expected = format!("from: readings of {home} begin at interval 4, expected 5 or later");
    refused(&mut billing, signed, &expected);
    billing.read(1, 8, &[-5]).expect("anything later");
    assert_eq!(billing.account(1).next_reading, Some(9));
}

#[test]
fn corrections_supersede_and_the_history_stays() {
    let mut billing = reported();
    let first = billing.now();
    billing
        .correct(0, 0, &[-150, -250])
        .expect("the window is open");
    billing.at(6, 40);
    billing.correct(0, 1, &[-260]).expect("the window is open");
    let line = billing.line(0, 1);
    assert_eq!(line.metered.map(|energy| energy.i64()), Some(-260));
    assert_eq!(
        (line.state.corrections, line.state.origin),
        (2, Origin::Meter)
    );
    let account = billing.home(0).to_string();
    let history: CorrectionsResponse = billing
        .ask(&QueryMsg::Corrections {
            account,
            interval: 1,
        })
        .expect("a history");
    let old: Vec<_> = history
        .superseded
        .iter()
        .map(|old| (old.metered.i64(), old.received.u64()))
        .collect();
    assert_eq!(old, [(-200, billing.genesis + 2 * 900 + 10), (-250, first)]);
}

#[test]
fn only_what_was_reported_can_be_corrected_and_only_in_time() {
    let mut billing = reported();
    let home = billing.home(0);
    let refused = |billing: &mut Billing, from: u32, expected: String| {
        assert_refused(billing.correct(0, from, &[-1]), &expected);
    };
    refused(&mut billing, 2, format!("interval 2: {home} has no line"));
    billing.until_final(0);
    let (since, now) = (billing.genesis + 900 + u64::from(CORRECTION), billing.now());
    let expected = format!("interval 0 is final since {since}, now is {now}");
    refused(&mut billing, 0, expected);
    billing
        .correct(0, 1, &[-1])
        .expect("a later one is not final");
}

#[test]
fn the_history_of_a_line_is_bounded() {
    let mut billing = reported();
    for round in 0..MAX_CORRECTIONS as i64 {
        billing.correct(0, 0, &[-round]).expect("within the bound");
    }
    let home = billing.home(0);
    let expected = format!("interval 0: the line of {home} takes no more corrections");
    assert_refused(billing.correct(0, 0, &[-99]), &expected);
    billing.read(0, 2, &[-1]).expect("readings go on");
}

#[test]
fn a_correction_is_all_or_nothing() {
    let mut billing = reported();
    let home = billing.home(0);
    let anyone = billing.chain.suite.address("anyone");
    let signed = billing.meters[0].clone().next(true, 0, &[-1, -1, -1]);
    let expected = format!("interval 2: {home} has no line");
    billing.refuses(&anyone, &ExecuteMsg::CorrectReadings(signed), &expected);
    let metered = billing.line(0, 0).metered.map(|energy| energy.i64());
    assert_eq!(metered, Some(-100));
}
