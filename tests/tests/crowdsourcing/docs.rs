//! The examples in `docs/crowdsourcing.md` are messages.

use gridweave_types::crowdsourcing::{ExecuteMsg, QueryMsg};

const GUIDE: &str = include_str!("../../../docs/crowdsourcing.md");

#[test]
fn every_example_parses() {
    let blocks = GUIDE.split("```json\n").skip(1);
    let examples: Vec<&str> = blocks
        .filter_map(|block| block.split("```").next())
        .collect();
    assert_eq!(examples.len(), 15, "an example was added or lost");
    for example in examples {
        let action = serde_json::from_str::<ExecuteMsg>(example);
        let question = serde_json::from_str::<QueryMsg>(example);
        assert!(action.is_ok() || question.is_ok(), "{example}: {action:?}");
    }
}
