//! One attribute or event of a market's log is changed, left out or repeated.

use cosmwasm_std::Binary;

use super::{first, history, name};

/// Every number and name of the market's events that books or trades depend on.
const CHECKED: [(&str, &[&str]); 21] = [
    ("permits_issued", &["entries", "energy"]),
    ("asset_added", &["energy"]),
    ("financial_added", &["amount", "money"]),
    (
        "offer_posted",
        &[
            "offer",
            "owner",
            "side",
            "feeder",
            "intervals",
            "energy",
            "money",
        ],
    ),
    ("offer_cancelled", &["offer", "owner", "round"]),
    (
        "locked",
        &[
            "offer",
            "holder",
            "side",
            "feeder",
            "intervals",
            "energy",
            "money",
        ],
    ),
    (
        "solution_accepted",
        &["solution", "round", "objective", "before", "energy"],
    ),
    ("solution_rejected", &["round", "penalty", "bond"]),
    ("solver_registered", &["paid", "bond"]),
    ("finalized", &["from", "next"]),
    (
        "interval_finalized",
        &[
            "interval",
            "solution",
            "trades",
            "energy",
            "objective",
            "void",
        ],
    ),
    ("trades_finalized", &["interval", "from", "trades"]),
    (
        "trades_settled",
        &[
            "interval", "trades", "energy", "payment", "sellers", "buyers", "energies", "payments",
        ],
    ),
    (
        "locks_released",
        &["locks", "energy", "money", "offers", "energies", "amounts"],
    ),
    ("energy_deposited", &["holder"]),
    ("deposits_credited", &["commitments", "billing"]),
    (
        "deposit_credited",
        &["side", "feeder", "interval", "energy", "price"],
    ),
    ("financial_deposited", &["holder", "amount", "money"]),
    ("paid_out", &["rows", "amount"]),
    ("rewards_funded", &["amount", "pool"]),
    ("reward_claimed", &["solver", "amount"]),
];

/// Another value of the same kind.
fn other(value: &str) -> String {
    if let Ok(number) = value.parse::<u64>() {
        return (number + 1).to_string();
    }
    match value {
        "true" => "false".into(),
        "false" => "true".into(),
        "sell" => "buy".into(),
        "buy" => "sell".into(),
        "1-4" => "1-3".into(),
        "1-2" => "1-3".into(),
        _ => match Binary::from_base64(value)
            .ok()
            .filter(|bytes| bytes.len() % 4 == 0)
        {
            Some(bytes) if !value.starts_with("cosmwasm") => {
                let mut bytes = bytes.to_vec();
                bytes[0] ^= 1;
                Binary::from(bytes).to_base64()
            }
            _ => "nobody".into(),
        },
    }
}

#[test]
fn every_changed_number_is_found() {
    let (subject, events) = history();
    let market = subject.market.as_ref().expect("it is a market");
    for (number, event) in events.iter().enumerate() {
        if event.contract != market.assets && event.contract != market.market {
            continue;
        }
        let checked = CHECKED.iter().find(|(wanted, _)| *wanted == name(event));
        let Some((_, keys)) = checked else { continue };
        for (at, (key, value)) in event.attributes.iter().enumerate() {
            if !keys.contains(&key.as_str()) {
                continue;
            }
            let mut changed = events.clone();
            changed[number].attributes[at].1 = other(value);
            let found = first(&changed);
            assert!(found.is_some(), "{}: {key} {value}", name(event));
        }
    }
}

#[test]
fn what_is_checked_is_there() {
    let (_, events) = history();
    for (wanted, keys) in CHECKED {
        let event = events.iter().find(|event| name(event) == wanted);
        let event = event.unwrap_or_else(|| panic!("no {wanted}"));
        for key in keys {
            let there = event.attributes.iter().any(|(known, _)| known == key);
            assert!(there, "{wanted} has no {key}");
        }
    }
}

#[test]
fn every_event_left_out_or_repeated_is_found() {
    let (subject, events) = history();
    let market = subject.market.as_ref().expect("it is a market");
    // What came in for nobody's use yet, and what was taken back, leaves no trace in other events.
    let silent = [
        "market_registered",
        "feeder_limits_set",
        "solution_rejected",
    ];
    for (number, event) in events.iter().enumerate() {
        if event.contract != market.assets && event.contract != market.market {
            continue;
        }
        let mut twice = events.clone();
        twice.insert(number, event.clone());
        let harmless = name(event) == "feeder_limits_set";
        let found = first(&twice);
        assert!(found.is_some() || harmless, "{} twice", name(event));
        // A message that is missing whole may leave no trace in the other events.
        let last = ["rewards_funded", "reward_claimed", "offer_cancelled"];
        if silent.contains(&name(event)) || last.contains(&name(event)) {
            continue;
        }
        let mut without = events.clone();
        without.remove(number);
        let found = first(&without);
        assert!(found.is_some(), "{} left out", name(event));
    }
}
