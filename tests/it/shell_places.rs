//! Each place of a value in a script has its verdict, whatever the value is.

use crate::shell_refused::REFUSED;
use crate::shell_table::{ACCEPTED, OPENING, VALUES, render};

/// The value in quotes of this kind.
fn quoted(kind: char, value: &str) -> String {
    let single = value.replace('\'', r"'\''");
    match kind {
        'b' => format!("'{single}'"),
        's' => single,
        'l' => format!("'{single}' 'second' '{single}'"),
        'd' => value
            .chars()
            .flat_map(|c| {
                let escape = "\"\\$`".contains(c).then_some('\\');
                escape.into_iter().chain([c])
            })
            .collect(),
        'c' => value.replace('\n', " "),
        other => panic!("`{other}` is no kind of quotes"),
    }
}

/// The script with the value in its quotes.
fn expected(fragment: &str, kinds: &str, value: &str) -> String {
    let mut out = OPENING.to_owned();
    let text = fragment.replace("{{ list }}", "{{ v }}");
    let mut parts = text.split("{{ v }}");
    out.push_str(parts.next().expect("there is a first part"));
    let mut kinds = kinds.chars();
    for part in parts {
        out.push_str(&quoted(kinds.next().expect("each mark has quotes"), value));
        out.push_str(part);
    }
    assert_eq!(kinds.next(), None, "{fragment}");
    out + "\n"
}

#[test]
fn a_value_gets_the_quotes_of_its_place() {
    for (fragment, kinds, _) in ACCEPTED {
        for value in VALUES {
            let script = render(fragment, value)
                .unwrap_or_else(|report| panic!("{fragment} with {value:?}: {report:?}"));
            // A letter of more than one byte takes other quotes; bash has the last word on them.
            if value.is_ascii() {
                assert_eq!(script, expected(fragment, kinds, value), "{fragment}");
            }
        }
    }
}

#[test]
fn a_place_where_a_value_could_do_harm_is_refused_with_the_reason() {
    let mut wrong = Vec::new();
    for (fragment, why) in REFUSED {
        for value in ["word", "$(touch canary)"] {
            match render(fragment, value) {
                Ok(_) => wrong.push(format!("{fragment}: accepted")),
                Err(report) => {
                    let sorted = report.sorted();
                    let said: Vec<&str> = sorted.iter().map(|one| one.message.as_str()).collect();
                    if !said.iter().any(|one| one.contains(why)) {
                        wrong.push(format!("{fragment}: {said:?} and not {why}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_is_long() {
    assert!(ACCEPTED.len() + REFUSED.len() >= 180);
}
