//! Whoever changes one attribute is found out.

use cosmwasm_std::Binary;
use gridweave_audit::{Auditor, LoggedEvent, TAKEN_AS_GIVEN};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::history;

/// What is done to an attribute.
#[derive(Clone, Debug)]
enum Tampering {
    Removed,
    Repeated,
    /// Another text altogether.
    Garbled(String),
    /// Another value of the same kind.
    Changed {
        by: i64,
        place: Index,
    },
}

fn tampering() -> impl Strategy<Value = Tampering> {
    let by = prop_oneof![1_000..1_000_000i64, -1_000_000..-1_000i64];
    prop_oneof![
        1 => Just(Tampering::Removed),
        1 => Just(Tampering::Repeated),
        1 => "[ -~µ]{0,12}".prop_map(Tampering::Garbled),
        6 => (by, any::<Index>()).prop_map(|(by, place)| Tampering::Changed { by, place }),
    ]
}

/// The action or event, as the tables name it.
fn name(event: &LoggedEvent) -> &str {
    let mut attributes = event.attributes.iter();
    let action = attributes.find(|(key, _)| key == "action");
    let own = event.kind.strip_prefix("wasm-");
    own.or(action.map(|(_, name)| name.as_str())).unwrap_or("")
}

/// Attributes that an audit must vouch for: event and attribute by position.
fn checked() -> Vec<(usize, usize)> {
    let (subject, events) = history();
    let mut places = Vec::new();
    for (number, event) in events.iter().enumerate() {
        let keys = event.contract == subject.grid && name(event) == "meter_key_set";
        if !keys && event.contract != subject.billing {
            continue;
        }
        for (index, (key, _)) in event.attributes.iter().enumerate() {
            let given = TAKEN_AS_GIVEN.contains(&(name(event), key.as_str()));
            // A register may say anything else, too, and be of no interest.
            if !(given || keys && key == "action") {
                places.push((number, index));
            }
        }
    }
    places
}

/// Another value of the same kind.
fn changed(key: &str, value: &str, by: i64, place: Index) -> String {
    if let Ok(number) = value.parse::<i128>() {
        return (number + i128::from(by)).to_string();
    }
    let width = match key {
        "intervals" => Some(4),
        "energies" | "prices" | "readings" => Some(8),
        "signature" | "meter_key" => Some(1),
        _ => None,
    };
    if let Some(width) = width {
        let mut bytes = Binary::from_base64(value).expect("it is packed").to_vec();
        let start = place.index(bytes.len() / width) * width;
        let mut word = [0; 8];
        word[..width].copy_from_slice(&bytes[start..start + width]);
        let by = by.wrapping_mul(2) + 1;
        let sum = i64::from_le_bytes(word).wrapping_add(by).to_le_bytes();
        bytes[start..start + width].copy_from_slice(&sum[..width]);
        return Binary::from(bytes).to_base64();
    }
    match value {
        "true" => "false".into(),
        "false" => "true".into(),
        "meter" => "estimate".into(),
        "estimate" | "operator" => "meter".into(),
        "sessions" => "recorder".into(),
        "recorder" => "sessions".into(),
        "late" => "price".into(),
        _ => another_address(value, place),
    }
}

/// Another account or contract of the history, or what nobody is called.
fn another_address(value: &str, place: Index) -> String {
    let (_, events) = history();
    let attributes = events.iter().flat_map(|event| &event.attributes);
    let mut known: Vec<&str> = attributes
        .filter(|(key, other)| key == "account" && other != value)
        .map(|(_, other)| other.as_str())
        .collect();
    known.push("nobody");
    known[place.index(known.len())].into()
}

fn tamper(event: &mut LoggedEvent, index: usize, tampering: &Tampering) -> bool {
    let (key, value) = event.attributes[index].clone();
    let other = match tampering {
        Tampering::Removed => {
            event.attributes.remove(index);
            return true;
        }
        Tampering::Repeated => {
            event.attributes.push((key, value));
            return true;
        }
        Tampering::Garbled(text) => text.clone(),
        Tampering::Changed { by, place } => changed(&key, &value, *by, *place),
    };
    let differs = other != value;
    event.attributes[index].1 = other;
    differs
}

/// Whether an audit of these events finds anything.
fn is_found(events: &[LoggedEvent]) -> bool {
    let (subject, _) = history();
    match Auditor::of(subject.clone(), events) {
        Err(_) => true,
        Ok(auditor) => auditor.findings().differences > 0,
    }
}

#[test]
fn an_honest_history_has_no_difference() {
    let (subject, events) = history();
    let auditor = Auditor::of(subject.clone(), events).expect("it can be read");
    assert_eq!(auditor.findings().first, None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_changed_attribute_is_found(place in any::<Index>(), tampering in tampering()) {
        let mut events = history().1.clone();
        let places = checked();
        let (number, index) = places[place.index(places.len())];
        let before = events[number].clone();
        prop_assume!(tamper(&mut events[number], index, &tampering));
        prop_assert!(is_found(&events), "{before:?} became {:?}", events[number]);
    }

    /// A message that is missing whole shows in the contract's books, not in the other events.
    #[test]
    fn one_event_too_few_or_too_many_is_found(place in any::<Index>(), twice in any::<bool>()) {
        let (subject, history) = history();
        let mut events = history.clone();
        let own: Vec<usize> = (0..events.len())
            .filter(|&number| events[number].contract == subject.billing)
            .filter(|&number| twice || events[number].kind != "wasm")
            .filter(|&number| name(&events[number]) != "tariff_set")
            .collect();
        let number = own[place.index(own.len())];
        if twice {
            let again = events[number].clone();
            events.insert(number, again);
        } else {
            events.remove(number);
        }
        let event = &history[number];
        prop_assert!(is_found(&events), "{} at {}", name(event), event.height);
    }

    #[test]
    fn numbers_at_their_limits_do_not_panic(
        places in proptest::collection::vec((any::<Index>(), 0..EXTREMES.len()), 1..8),
    ) {
        let (subject, mut events) = history().clone();
        let numbers: Vec<(usize, usize)> = checked()
            .into_iter()
            .filter(|&(number, index)| events[number].attributes[index].1.parse::<i128>().is_ok())
            .collect();
        for (place, extreme) in places {
            let (number, index) = numbers[place.index(numbers.len())];
            events[number].attributes[index].1 = EXTREMES[extreme].into();
        }
        let unchanged = events == history().1;
        if let Ok(auditor) = Auditor::of(subject, &events) {
            prop_assert!(unchanged || auditor.findings().differences > 0);
        }
    }

    #[test]
    fn whatever_events_say_nothing_panics(
        places in proptest::collection::vec((any::<Index>(), any::<Index>(), ".{0,40}"), 1..20),
    ) {
        let (subject, mut events) = history().clone();
        for (place, attribute, text) in places {
            let number = place.index(events.len());
            let attributes = &mut events[number].attributes;
            let index = attribute.index(attributes.len());
            attributes[index].1 = text;
        }
        if let Ok(auditor) = Auditor::of(subject, &events) {
            let found = auditor.report().map(|report| report.to_string());
            prop_assert!(found.is_ok());
        }
    }
}

/// The ends of every type of number that events have.
const EXTREMES: [&str; 10] = [
    "0",
    "4294967294",
    "4294967295",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "170141183460469231731687303715884105727",
    "-170141183460469231731687303715884105728",
    "340282366920938463463374607431768211455",
    "-1",
];
