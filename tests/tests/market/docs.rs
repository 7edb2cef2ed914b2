//! The examples in `docs/market.md` are messages.

use gridweave_types::market::{ExecuteMsg, InstantiateMsg, QueryMsg};

const GUIDE: &str = include_str!("../../../docs/market.md");

#[test]
fn every_example_parses() {
    let blocks = GUIDE.split("```json\n").skip(1);
    let examples: Vec<&str> = blocks
        .filter_map(|block| block.split("```").next())
        .collect();
    assert_eq!(examples.len(), 21, "an example was added or lost");
    for example in examples {
        let start = serde_json::from_str::<InstantiateMsg>(example);
        let action = serde_json::from_str::<ExecuteMsg>(example);
        let question = serde_json::from_str::<QueryMsg>(example);
        let parses = start.is_ok() || action.is_ok() || question.is_ok();
        assert!(parses, "{example}: {start:?} {action:?}");
    }
}
