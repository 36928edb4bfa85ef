//! Any string goes into a script, and bash prints the same string; no value ever runs.

use std::path::Path;
use std::process::{Command, Output};

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use pullwright::clean;

use crate::shell_table::{ACCEPTED, OPENING, VALUES, render};
use crate::tools::program;

/// Where a script runs that may do anything.
struct Cell {
    folder: tempfile::TempDir,
}

impl Cell {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is a place for scratch files");
        Self { folder }
    }

    fn canary(&self) -> bool {
        self.folder.path().join("canary").exists()
    }

    /// Runs a script for five seconds at most.
    fn run(&self, script: &str) -> Output {
        let path = self.folder.path().join("test.sh");
        std::fs::write(&path, script).expect("the file is ours");
        bash(&path, self.folder.path())
            .output()
            .expect("bash starts")
    }
}

fn bash(script: &Path, folder: &Path) -> Command {
    let mut command = program("timeout");
    command
        .args(["--kill-after=1", "5", "bash"])
        .arg(script)
        .current_dir(folder)
        .stdin(std::process::Stdio::null())
        .env("LC_ALL", "C.UTF-8");
    command
}

#[test]
fn bash_prints_what_went_in_wherever_it_stood() {
    let mut runs = 0;
    for (fragment, _, prints) in ACCEPTED {
        for value in VALUES {
            let cell = Cell::new();
            let script = render(fragment, value).expect("the place is on the list");
            let output = cell.run(&script);
            let printed = String::from_utf8_lossy(&output.stdout).into_owned();
            let have: Vec<&str> = printed.split_terminator('\0').collect();
            let want: Vec<String> = prints
                .iter()
                .flat_map(|one| match *one {
                    "{list}" => vec![
                        (*value).to_owned(),
                        "second".to_owned(),
                        (*value).to_owned(),
                    ],
                    one => vec![one.replace("{}", value)],
                })
                .collect();
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(have, want, "{script}\n{stderr}");
            assert!(!cell.canary(), "{script}");
            runs += 1;
        }
    }
    println!("{runs} runs of {} places", ACCEPTED.len());
}

/// One value at every kind of place where a script may hold one.
const TEMPLATE: &str = r#"# {{ v }}
set -Eeuo pipefail
readonly BARE={{ v }}
show "${BARE}" {{ v }} x{{ v }}y "in double {{ v }} quotes" 'in single {{ v }} quotes'
show "$(printf '%s.' {{ v }})" "${BARE}$(printf '%s.' "nested {{ v }}")" # {{ v }}
words=({{ list }})
show "${words[@]}"
if [[ "${BARE}" == {{ v }} ]]; then
  show same
fi
"#;

fn strings() -> impl Strategy<Value = String> {
    let nasty = "[-'\"\\\\$`!#~*?\\[\\]{}()<>|&; \t\n\r=:%@^,a-cé\u{2028}]{0,12}";
    let any = any::<String>().prop_map(|text| text.replace('\0', ""));
    prop_oneof![nasty, any, Just("$(id)".to_owned()), Just("-n".to_owned())]
        .prop_filter("private use", |text| {
            !text.contains(['\u{e000}', '\u{e001}'])
        })
}

#[test]
fn bash_prints_any_string_that_went_in() {
    let config = ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let result = TestRunner::new(config).run(&strings(), |value| {
        let cell = Cell::new();
        let output = cell.run(&render(TEMPLATE, &value).expect("every string has a place"));
        let want = [
            value.clone(),
            value.clone(),
            format!("x{value}y"),
            format!("in double {value} quotes"),
            format!("in single {value} quotes"),
            format!("{value}."),
            format!("{value}nested {value}."),
            value.clone(),
            "second".to_owned(),
            value.clone(),
            "same".to_owned(),
        ];
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let have: Vec<&str> = printed.split_terminator('\0').collect();
        let stderr = String::from_utf8_lossy(&output.stderr);
        prop_assert!(output.status.success(), "{:?}: {}", value, stderr);
        prop_assert_eq!(have, want, "{}", stderr);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// Places that are refused, with a value in single quotes, or as it is where `'{}'` is not there.
const HARMFUL: &[(&str, &str)] = &[
    ("eval '{}'", "$(touch canary)"),
    ("let '{}'", "a[$(touch canary)]=1"),
    ("read '{}' <<< 1", "a[$(touch canary)]"),
    ("mapfile -C '{}' -c 1 x <<< 1", "touch canary;"),
    ("trap '{}' EXIT", "touch canary"),
    ("declare '{}'", "a[$(touch canary)]=1"),
    ("typeset '{}'", "a[$(touch canary)]=1"),
    ("f() { local '{}'; }; f", "a[$(touch canary)]=1"),
    ("a=(1); unset '{}'", "a[$(touch canary)]"),
    ("declare -i n='{}'", "a[$(touch canary)]"),
    ("declare -i n; n='{}'", "a[$(touch canary)]"),
    ("declare -n n='{}'; n=1", "a[$(touch canary)]"),
    ("declare -a x='{}'", "($(touch canary))"),
    ("declare -A x='{}'", "([0]=$(touch canary))"),
    ("x=(1); declare x='{}'", "($(touch canary))"),
    ("RANDOM='{}'", "a[$(touch canary)]"),
    ("PS4='{}'; set -x; :", "$(touch canary)"),
    ("export BASH_ENV='{}'; bash -c :", "$(touch canary)"),
    ("printf -v '{}' x", "a[$(touch canary)]"),
    ("[[ '{}' -eq 1 ]]", "a[$(touch canary)]"),
    ("[[ -v '{}' ]]", "a[$(touch canary)]"),
    ("[ -v '{}' ]", "a[$(touch canary)]"),
    ("test -v '{}'", "a[$(touch canary)]"),
    ("a['{}']=1", "$(touch canary)"),
    ("a[1 + '{}' ]=1", "a[$(touch canary)]"),
    ("bash -c '{}'", "touch canary"),
    ("env '{}' bash -c :", "BASH_ENV=$(touch canary)"),
    ("echo canary | xargs '{}'", "touch"),
    ("awk '{}'", "BEGIN { system(\"touch canary\") }"),
    ("sed '{}' test.sh", "e touch canary"),
    ("find . -name test.sh '{}' touch canary \\;", "-exec"),
    ("x='a' '{}'", "./hostile"),
    ("cat <<EOF\n{}\nEOF", "$(touch canary)"),
    ("cat <<'EOF'\n{}\nEOF", "EOF\ntouch canary"),
    ("((show '{}'; show b))", "a[$(touch canary)]"),
    ("show \"${x:-{}}\"", "$(touch canary)"),
    ("show `echo '{}'`", "'; touch canary; '"),
    ("show $'{}'", "'; touch canary; '"),
    ("show \"\\{}\"", "\\\"; touch canary; #"),
    ("x=$(case a in a) show \"{}\" ;; esac)", "$(touch canary)"),
    ("'{}' canary", "touch"),
    ("coproc '{}' canary; wait", "touch"),
];

#[test]
fn what_is_refused_would_run_or_be_changed() {
    let mut silent = Vec::new();
    for (place, value) in HARMFUL {
        let cell = Cell::new();
        let hostile = cell.folder.path().join("hostile");
        std::fs::write(&hostile, "touch canary\n").expect("the file is ours");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&hostile, mode).expect("the file is ours");
        cell.run(&format!("{OPENING}{}\n", place.replace("{}", value)));
        if !cell.canary() {
            silent.push(*place);
        }
        let place = place.replace("'{}'", "{{ v }}").replace("{}", "{{ v }}");
        if place != "x='a' {{ v }}" {
            assert!(render(&place, value).is_err(), "{place} is accepted");
        }
    }
    assert_eq!(silent, [""; 0], "these do no harm");
    println!("{} places where bash runs a value", HARMFUL.len());
}

/// Pieces of scripts, sound and broken ones.
const SHARDS: &[&str] = &[
    "show ",
    "{{ v }}",
    "{{ v }}",
    "{{ v }}",
    "{{ list }}",
    " ",
    "\n",
    "\"",
    "'",
    "$(",
    ")",
    "(",
    "((",
    "))",
    "`",
    "${x",
    "${x:-",
    "}",
    "{ ",
    "; }",
    "[[ ",
    " ]]",
    " == ",
    " -eq ",
    "#",
    " # ",
    "\\",
    "\\\n",
    "$",
    "<<EOF\n",
    "\nEOF\n",
    "<<'EOF'\n",
    "<<-EOF\n",
    "<<<",
    "<(",
    "> out ",
    ">&",
    "2>&1 ",
    "x=",
    "x=(",
    "a[",
    "]=",
    "+=",
    "case x in ",
    "x) ",
    " ;; esac",
    "in ",
    "if ",
    "; then ",
    "; fi",
    "for i in ",
    "; do ",
    "; done",
    "; ",
    " && ",
    " | ",
    "&",
    "!",
    "!(",
    "@(",
    "$'",
    "$\"",
    "$((",
    "$[",
    "~",
    "*",
    "{a,",
    "it's ",
    "eval ",
    "printf ",
    "test ",
    "-v ",
    "declare ",
    "local ",
    "export ",
    "f() ",
    "function ",
    "time ",
    "echo ",
    "\t",
    "\u{a0}",
    "\u{c}",
    "<<",
    "=~ ",
    "1",
    "esac",
    "read ",
    "let ",
    "[ ",
    " ]",
];

/// Scripts of a few shards, some of them around a whole that bash takes.
fn scripts() -> impl Strategy<Value = String> {
    let shard = || proptest::sample::select(SHARDS);
    let whole = proptest::sample::select(
        ACCEPTED
            .iter()
            .map(|(fragment, ..)| *fragment)
            .collect::<Vec<_>>(),
    );
    let shards = |range| proptest::collection::vec(shard(), range).prop_map(|parts| parts.concat());
    prop_oneof![
        shards(1..14),
        (shards(0..5), whole.clone(), shards(0..5)).prop_map(|(a, b, c)| format!("{a}{b}{c}")),
        (whole.clone(), shards(0..4), whole, shards(0..3))
            .prop_map(|(a, b, c, d)| format!("{a}{b}{c}{d}")),
    ]
}

#[test]
fn whatever_script_is_accepted_never_runs_a_value() {
    // `PROPTEST_CASES=5000 cargo test --test real -- quoting::whatever` tries others.
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    let config = ProptestConfig {
        cases: cases.unwrap_or(1_000),
        failure_persistence: None,
        max_global_rejects: 1_000_000,
        ..ProptestConfig::default()
    };
    let accepted = std::cell::Cell::new(0);
    let runs = std::cell::Cell::new(0);
    // The same scripts each time, so that a red run is about the change; others when more are asked for.
    let mut runner = match cases {
        Some(_) => TestRunner::new(config),
        None => {
            let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
            TestRunner::new_with_rng(config, rng)
        }
    };
    let result = runner.run(&scripts(), |fragment| {
        // The script itself may not touch the canary or wait for ever, and `{#` belongs to templates.
        prop_assume!(fragment.contains("{{") && !fragment.contains("{#"));
        if render(&fragment, "word").is_err() {
            return Ok(());
        }
        accepted.set(accepted.get() + 1);
        for value in VALUES.iter().filter(|value| value.contains("canary")) {
            let Ok(script) = render(&fragment, value) else {
                continue;
            };
            let cell = Cell::new();
            cell.run(&script);
            runs.set(runs.get() + 1);
            prop_assert!(!cell.canary(), "{:?} ran in {}", value, script);
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let (accepted, runs) = (accepted.get(), runs.get());
    println!("{accepted} scripts accepted, {runs} runs");
    assert!(accepted > 50, "only {accepted} scripts were accepted");
}

#[test]
fn a_command_to_copy_means_the_text_it_was_made_from() {
    let check = |text: String| {
        let command = format!("printf '%s' {}", clean::argument(&text));
        assert_eq!(
            clean::line(&command),
            command,
            "a message shows it as it is"
        );
        let output = program("bash")
            .args(["--norc", "-c", &command])
            .output()
            .expect("bash starts");
        assert_eq!(String::from_utf8_lossy(&output.stdout), text, "{command}");
        Ok(())
    };
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(512)
    };
    let tried = TestRunner::new(config).run(&strings(), check);
    tried.expect("every string is one word");
}
