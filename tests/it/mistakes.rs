//! One mistake, one message: every key of a config, wrong in every way.

use pullwright::cli::Exit;

use crate::support::Scratch;

/// A config that uses most keys; each line has one.
const CONFIG: &str = include_str!("many-keys.yaml");

/// A line of the config with a key.
struct Key<'a> {
    /// Its number, and that of the first line after what belongs to it.
    line: usize,
    end: usize,
    /// What is before the key, and the column of the key.
    lead: &'a str,
    key: &'a str,
    value: &'a str,
}

fn keys() -> Vec<Key<'static>> {
    let lines: Vec<&str> = CONFIG.lines().collect();
    let key = |(line, text): (usize, &&'static str)| {
        let column = text.len() - text.trim_start_matches([' ', '-']).len();
        let (key, value) = text[column..].split_once(':')?;
        let deeper = lines[line + 1..]
            .iter()
            .take_while(|next| next.len() - next.trim_start().len() > column);
        Some(Key {
            line,
            end: line + 1 + deeper.count(),
            lead: &text[..column],
            key,
            value: value.trim(),
        })
    };
    lines.iter().enumerate().filter_map(key).collect()
}

impl Key<'_> {
    /// The config with the key, and all that belongs to it, replaced.
    fn replaced(&self, with: &str) -> String {
        let lines = CONFIG.lines().enumerate();
        let lines = lines.filter_map(|(number, line)| match number {
            number if number == self.line => Some(format!("{}{with}\n", self.lead)),
            number if number > self.line && number < self.end => None,
            _ => Some(format!("{line}\n")),
        });
        lines.collect()
    }

    fn is_scalar(&self) -> bool {
        !self.value.is_empty() && !self.value.starts_with(['[', '{'])
    }
}

/// The errors of a config, each with its place and what is said about it.
fn errors(text: &str) -> (usize, String) {
    let outcome = Scratch::with_config(text).run(&["validate"]);
    let stderr = outcome.stderr;
    for message in stderr.split("error[").skip(1) {
        let place = message.lines().nth(1).unwrap_or_default();
        assert!(place.contains("--> pullwright.yaml:"), "{stderr}");
    }
    (stderr.matches("error[").count(), stderr)
}

#[test]
fn the_config_is_valid_and_uses_many_keys() {
    Scratch::with_config(CONFIG).expect(&["validate"], Exit::Ok);
    assert!(keys().len() > 50, "{}", keys().len());
}

#[test]
fn a_key_that_is_wrong_in_one_way_has_one_message() {
    for key in keys() {
        let name = key.key;
        let misspelt = format!("{name}x: {}", key.value);
        let rest: Vec<&str> = CONFIG.lines().take(key.end).skip(key.line + 1).collect();
        let misspelt = [&[misspelt.trim_end()][..], &rest].concat().join("\n");
        let mut ways = vec![format!("{name}:"), misspelt];
        if key.is_scalar() {
            ways.push(format!("{name}: {{a: b}}"));
            ways.push(format!("{name}: [a]"));
            ways.push(format!("{name}: ${{VALUE}}"));
            ways.push(format!(
                "{name}: {}\n{}{name}: x",
                key.value,
                " ".repeat(key.lead.len())
            ));
        }
        for way in ways {
            // Any text is a path or a context.
            if way.contains("${") && ["output", "context"].contains(&name) {
                continue;
            }
            let (count, said) = errors(&key.replaced(&way));
            assert_eq!(count, 1, "{way}\n{said}");
        }
    }
}

#[test]
fn no_suggestion_is_made_from_a_wrong_value() {
    for key in keys().iter().filter(|key| key.is_scalar()) {
        for value in [
            format!("https://{}", key.value),
            format!("\" {}\"", key.value),
            format!("{}/", key.value),
            key.value.to_uppercase(),
            "\"\"".to_owned(),
            "5".to_owned(),
        ] {
            let (_, said) = errors(&key.replaced(&format!("{}: {value}", key.key)));
            for line in said
                .lines()
                .filter(|line| line.contains("did you mean") || line.contains("use `"))
            {
                let better = line.split('`').nth(1).unwrap_or_default();
                assert!(
                    !better.contains("https:") && !better.contains("//"),
                    "{said}"
                );
                assert!(!better.is_empty() && better.trim() == better, "{said}");
            }
        }
    }
}

#[test]
fn a_misspelt_key_comes_before_what_is_wrong_with_its_value() {
    let text = CONFIG.replace("      cloud: public\n", "      clodu: 5\n");
    let (count, said) = errors(&text);
    assert_eq!(count, 2, "{said}");
    let [key, value] = ["unknown key `clodu`", "unknown value `5`"].map(|words| said.find(words));
    assert!(key.is_some() && key < value, "{said}");
    // Where both would be told at the key, the key is told first.
    let (count, said) = errors(&CONFIG.replace("      cloud: public\n", "      clodu: {a: b}\n"));
    assert!(count == 1 && said.contains("unknown key `clodu`"), "{said}");
}

/// A mistake below a misspelt key is told at its own place, in the same run.
#[test]
fn mistakes_below_a_misspelt_key_have_their_places() {
    let text = CONFIG
        .replace("  access:\n", "  acces:\n")
        .replace("kind: Pod\n", "kind: Pods\n");
    let (count, said) = errors(&text);
    assert_eq!(count, 2, "{said}");
    assert!(
        said.contains("unknown value `Pods`") && said.contains("kind: Pods\n"),
        "{said}"
    );
}

/// What is in place of a credential stays hidden, however the keys above it are misspelt.
#[test]
fn a_password_below_misspelt_keys_is_not_shown() {
    for (key, misspelt) in [
        ("  access:\n", "  acces:\n"),
        ("spec:\n", "spce:\n"),
        ("          passwordFrom:", "          pasword:"),
        (
            "        credential:\n          type: env",
            "        credentail:\n          type: env",
        ),
        ("          type: env", "          type:"),
        (
            "  access:\n    - name: sample\n",
            "  access:\n    - nmae: sample\n",
        ),
    ] {
        for password in [
            "hunter2-x",
            "12345678",
            "${hunter2}",
            "h\u{443}nter2",
            "[hunter2]",
        ] {
            let text = CONFIG.replacen(key, misspelt, 1);
            assert_ne!(text, CONFIG, "{key}");
            let text = text.replace("C_D", password);
            let (count, said) = errors(&text);
            assert!(count > 0, "{text}");
            let shown = ["hunter2", "12345678", "nter2"]
                .iter()
                .any(|one| said.contains(one));
            assert!(!shown, "{misspelt}{password}\n{said}");
        }
    }
}
