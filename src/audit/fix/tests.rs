//! Repairs of texts of all forms.

use std::sync::Arc;

use crate::audit::facts::{Spot, TextId};
use crate::audit::fix::{Action, Maker, Repair, repaired};
use crate::manifest::Kinds;
use crate::pointer::Pointer;
use crate::span::{Source, Span};

fn fixed(text: &str, action: Action) -> Option<String> {
    let source = Arc::new(Source::new("a.yaml", text));
    let start = text.find("web")?;
    let object = Spot {
        text: TextId(0),
        span: Span::new(start..start + 3),
    };
    let repair = Repair { object, action };
    let kinds = Kinds::with(Vec::new());
    let fix = Maker::new(&source, &kinds).fix(&repair)?;
    // A fix that is there twice is made once.
    let repaired = repaired(&source, &[&fix, &fix])?;
    assert_eq!(repaired.count, 1);
    let again = Arc::new(Source::new("a.yaml", repaired.text.clone()));
    if matches!(repair.action, Action::Shape(_)) {
        assert!(Maker::new(&again, &kinds).fix(&repair).is_none(), "{text}");
    }
    Some(repaired.text)
}

fn list() -> Pointer {
    Pointer::root().key("spec").key("imagePullSecrets")
}

#[test]
fn pull_secrets_get_their_shape_and_nothing_else_changes() {
    let pod = |spec: &str| {
        format!(
            "# first\n---\nkind: Pod\napiVersion: v1\nmetadata: {{name: web}} # name\nspec:\n  # why\n{spec}  containers: []\n---\na: 1\n"
        )
    };
    let singular = Pointer::root().key("spec").key("imagePullSecret");
    for (at, before, after) in [
        (
            singular.clone(),
            "  imagePullSecret: acr # c\n",
            "  imagePullSecrets: [{name: acr}] # c\n",
        ),
        (
            singular.clone(),
            "  imagePullSecret: \"acr\"\r\n",
            "  imagePullSecrets: [{name: \"acr\"}]\r\n",
        ),
        (
            list().index(0),
            "  imagePullSecrets: [acr, 'b']\n",
            "  imagePullSecrets: [{name: acr}, {name: 'b'}]\n",
        ),
        (
            list().index(1),
            "  imagePullSecrets:\n  - name: a\n  - acr # c\n",
            "  imagePullSecrets:\n  - name: a\n  - name: acr # c\n",
        ),
        (
            list(),
            "  imagePullSecrets: {name: acr}\n",
            "  imagePullSecrets: [{name: acr}]\n",
        ),
        (
            list(),
            "  imagePullSecrets:\n    name: acr\n",
            "  imagePullSecrets:\n    - name: acr\n",
        ),
        (
            list(),
            "  imagePullSecrets: acr\n",
            "  imagePullSecrets: [{name: acr}]\n",
        ),
    ] {
        let out = fixed(&pod(before), Action::Shape(at));
        assert_eq!(out, Some(pod(after)), "{before}");
    }
    for (at, before) in [
        (singular, "  imagePullSecret: acr\n  imagePullSecrets: []\n"),
        (list(), "  imagePullSecrets: 7\n"),
        (list(), "  imagePullSecrets: {name: a, b: c}\n"),
    ] {
        assert_eq!(fixed(&pod(before), Action::Shape(at)), None, "{before}");
    }
}

#[test]
fn a_secret_is_added_to_the_object_that_is_meant() {
    let text = "kind: List\nitems:\n- kind: Pod\n  apiVersion: v1\n  metadata: {name: a}\n  spec: {}\n- kind: Pod\n  apiVersion: v1\n  metadata: {name: web}\n  spec:\n    containers: []\n";
    let action = Action::AddSecret {
        list: list(),
        secret: "acr".to_owned(),
    };
    let want = format!("{text}    imagePullSecrets:\n    - name: acr\n");
    let out = fixed(text, action.clone()).expect("it fits");
    assert!(
        out == want || out == want.replace("    - name", "      - name"),
        "{out}"
    );
    // A line of blanks is a part of the text before it.
    let blanks =
        "kind: Pod\napiVersion: v1\nmetadata: {name: web}\nspec:\n  a:\n    - |\n      b\n   ";
    assert_eq!(fixed(blanks, action.clone()), None);
    let shared =
        "kind: Pod\napiVersion: v1\nmetadata: {name: web}\nspec: &a {containers: []}\nother: *a\n";
    assert_eq!(fixed(shared, action), None);
}

#[test]
fn json_stays_json() {
    let pod = |spec: &str| {
        format!(
            "{{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {{\"name\": \"web\"}}, \"spec\": {{{spec}, \"containers\": []}}}}"
        )
    };
    let singular = Pointer::root().key("spec").key("imagePullSecret");
    let want = pod("\"imagePullSecrets\": [{\"name\": \"acr\"}]");
    let object = |text: &str| text.find("\"web\"").unwrap_or_default();
    for (at, before) in [
        (singular, "\"imagePullSecret\": \"acr\""),
        (list().index(0), "\"imagePullSecrets\": [\"acr\"]"),
        (list(), "\"imagePullSecrets\": {\"name\": \"acr\"}"),
    ] {
        let text = pod(before);
        let source = Arc::new(Source::new("a.json", text.clone()));
        let start = object(&text);
        let repair = Repair {
            object: Spot {
                text: TextId(0),
                span: Span::new(start..start + 5),
            },
            action: Action::Shape(at),
        };
        let kinds = Kinds::with(Vec::new());
        let fix = Maker::new(&source, &kinds).fix(&repair).expect(before);
        let fixed = repaired(&source, &[&fix]).expect(before).text;
        assert_eq!(fixed, want);
        serde_json::from_str::<serde_json::Value>(&fixed).expect("it is JSON");
    }
}

#[test]
fn another_name_keeps_its_quotes_and_its_anchor_is_left() {
    for (before, after) in [
        ("acr-secert", Some("acr-secret")),
        ("'acr-secert'", Some("'acr-secret'")),
        ("&a acr-secert\n  hostname: *a", None),
    ] {
        let text = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  serviceAccountName: {before}\n"
        );
        let start = before.find("acr").unwrap_or_default();
        let quotes = usize::from(before.starts_with('\''));
        let start = text.find("acr-").expect("it is there") - quotes.min(start);
        let at = Spot {
            text: TextId(0),
            span: Span::new(start..start + 10 + 2 * quotes),
        };
        let action = Action::Rename {
            at,
            to: "acr-secret".to_owned(),
        };
        let want = after.map(|after| text.replace(before, after));
        assert_eq!(fixed(&text, action), want, "{before}");
    }
}

#[test]
fn fixes_that_touch_each_other_are_made_one_after_the_other() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: []\n";
    let source = Arc::new(Source::new("a.yaml", text));
    let kinds = Kinds::with(Vec::new());
    let start = text.find("web").expect("it is there");
    let add = |secret: &str| Repair {
        object: Spot {
            text: TextId(0),
            span: Span::new(start..start + 3),
        },
        action: Action::AddSecret {
            list: list(),
            secret: secret.to_owned(),
        },
    };
    let mut maker = Maker::new(&source, &kinds);
    let (one, two) = (maker.fix(&add("a")), maker.fix(&add("b")));
    let (one, two) = (one.expect("it fits"), two.expect("it fits"));
    let first = repaired(&source, &[&one, &two]).expect("it fits");
    assert_eq!((first.count, first.text.contains("name: b")), (1, false));
    let source = Arc::new(Source::new("a.yaml", first.text));
    let two = Maker::new(&source, &kinds).fix(&add("b")).expect("it fits");
    let both = repaired(&source, &[&two]).expect("it fits").text;
    let secrets: Vec<&str> = both.lines().skip(6).map(str::trim).collect();
    assert_eq!(secrets, ["- name: a", "- name: b"]);
}
