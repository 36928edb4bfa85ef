//! The part of a large document that mistakes are looked for in. A megabyte can hold a million of them,
//! and a schema lists all at once.

use serde_json::Value;

/// Elements of lists that may be wrong beyond those that are right, in one look.
const STEP: usize = 4 * 1024;
/// Parts grow by this factor until one is wrong.
const GROWTH: usize = 4;

/// The document without the elements of lists that are after its first mistakes; `None` if it has
/// none. The first element of each list stays, for an empty list may be a mistake itself.
pub(super) fn first_wrong(value: &Value, is_valid: impl Fn(&Value) -> bool) -> Option<Part> {
    let all = elements(value);
    if all <= STEP {
        return (!is_valid(value)).then(|| Part::of(value, all));
    }
    let wrong = |count: usize| !is_valid(&Part::of(value, count).value);
    let (mut right, mut count) = (0, STEP);
    while count < all && !wrong(count) {
        (right, count) = (count, count.saturating_mul(GROWTH));
    }
    if count >= all {
        count = all;
        if is_valid(value) {
            return None;
        }
    }
    while count - right > STEP {
        let middle = right + (count - right) / 2;
        if wrong(middle) {
            count = middle;
        } else {
            right = middle;
        }
    }
    Some(Part::of(value, count))
}

/// A document that is whole, or lacks the last elements of its lists.
pub(super) struct Part {
    pub(super) value: Value,
    pub(super) is_whole: bool,
}

impl Part {
    /// With about so many elements of lists.
    fn of(value: &Value, elements: usize) -> Self {
        let mut left = elements;
        let mut is_whole = true;
        Self {
            value: cut(value, &mut left, &mut is_whole),
            is_whole,
        }
    }
}

/// How many elements all lists have together.
fn elements(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.len() + items.iter().map(elements).sum::<usize>(),
        Value::Object(map) => map.values().map(elements).sum(),
        _ => 0,
    }
}

fn cut(value: &Value, left: &mut usize, is_whole: &mut bool) -> Value {
    match value {
        Value::Array(items) => {
            let mut kept = Vec::new();
            for item in items {
                if *left == 0 && !kept.is_empty() {
                    *is_whole = false;
                    break;
                }
                *left = left.saturating_sub(1);
                kept.push(cut(item, left, is_whole));
            }
            Value::Array(kept)
        }
        Value::Object(map) => {
            let entries = map.iter();
            let cut = |(key, one): (&String, &Value)| (key.clone(), cut(one, left, is_whole));
            entries.map(cut).collect()
        }
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::contract::part::{STEP, first_wrong};

    fn is_valid(value: &Value) -> bool {
        match value {
            Value::Array(items) => items.iter().all(is_valid),
            Value::Object(map) => map.values().all(is_valid),
            scalar => *scalar != json!("wrong"),
        }
    }

    #[test]
    fn a_mistake_is_found_wherever_it_is_and_little_stands_behind_it() {
        for at in [0, 1, STEP, 3 * STEP + 5, 60_000, 99_999] {
            let mut items = vec![json!("right"); 100_000];
            items[at] = json!("wrong");
            let value = json!({"a": items, "b": ["right", "wrong"]});
            let part = first_wrong(&value, is_valid).expect("it is wrong");
            let kept = part.value["a"].as_array().map_or(0, Vec::len);
            assert!(kept > at && kept <= at + 1 + STEP, "{at}: {kept}");
            assert_eq!(part.value["b"][0], "right");
            assert_eq!(part.is_whole, kept == 100_000);
        }
    }

    #[test]
    fn a_small_document_is_looked_at_whole() {
        let value = json!({"a": ["wrong", "right", []]});
        let part = first_wrong(&value, is_valid).expect("it is wrong");
        assert!(part.is_whole && part.value == value);
        assert!(first_wrong(&json!([1, 2]), is_valid).is_none());
    }
}
