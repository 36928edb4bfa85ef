//! Scripts in the environment of any caller, with answers and messages that hold anything.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::scripts::{admin_script, all_scripts, runtime, script, world_for};
use crate::world::World;

/// All names that a script gives a value to.
fn assigned(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let is_name = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    for line in text.lines() {
        let line = line
            .trim()
            .trim_start_matches("if ! ")
            .trim_start_matches("if ");
        let words: Vec<&str> = line.split(' ').collect();
        let declares = matches!(words[0], "local" | "readonly");
        let reads = line.starts_with("while ") || words.contains(&"read");
        for (at, word) in words.iter().enumerate() {
            let name = word.split(['=', '+']).next().unwrap_or_default();
            let assigns = word.contains('=') && at == 0;
            let loops = at == 1 && words[0] == "for";
            if is_name(name) && (assigns || loops || declares && at > 0 || reads && at > 2) {
                names.push(name.to_owned());
            }
        }
    }
    names.retain(|name| {
        ![
            "IFS",
            "LC_ALL",
            "POSIXLY_CORRECT",
            "PATH",
            "_",
            "read",
            "local",
            "readonly",
        ]
        .contains(&name.as_str())
    });
    names.sort();
    names.dedup();
    names
}

#[test]
fn nothing_of_the_callers_environment_reaches_a_script_or_gets_its_secrets() {
    let mut scripts = all_scripts();
    let admin = admin_script();
    scripts.push(admin.1.clone());
    for script in scripts {
        let mut world = world_for(&script);
        let canary = world.path().join("ran");
        let run = format!("touch {}", canary.display());
        let text = std::fs::read_to_string(runtime()).expect("it is there");
        let names = assigned(&text);
        assert!(names.len() > 20, "{names:?}");
        for name in &names {
            world.export(name, "the caller's");
        }
        world.export("STAND_IN_WATCH", &names.join(" "));
        for name in [
            "az", "kubectl", "curl", "jq", "tr", "printf", "read", "builtin", "command", "declare",
            "unset", "set", "export", "shopt", "trap", "exit", "local", "say", "die", "run", "[",
            "type",
        ] {
            world.export(&format!("BASH_FUNC_{name}%%"), &format!("() {{ {run}; }}"));
        }
        for (name, value) in [
            (
                "SHELLOPTS",
                "allexport:keyword:verbose:noclobber:xtrace:nounset",
            ),
            ("BASHOPTS", "nocasematch:extglob:nullglob:lastpipe:xpg_echo"),
            ("PS4", "+canary"),
            ("IFS", "aeiou"),
            ("CDPATH", "/"),
            ("GLOBIGNORE", "*"),
            ("TMOUT", "1"),
            ("EXECIGNORE", "*az*"),
            ("FUNCNEST", "2"),
            ("LC_ALL", "tr_TR.UTF-8"),
        ] {
            world.export(name, value);
        }
        // A trace, of which only the first command is seen, would show secrets.
        let (text, _) = world.expect(&script, &["--apply"], 0);
        assert!(text.contains("done:"), "{text}");
        world.expect(&script, &["--apply"], 0);
        world.expect(&script, &["--verify"], 0);
        world.expect(&script, &["--undo"], 3);
        assert!(
            !canary.exists(),
            "a function of the caller ran in {}",
            script.display()
        );
    }
}

#[test]
fn a_bash_env_that_traces_and_exports_everything_shows_no_secret() {
    for ending in [
        "examples/secret/expected/sample/pull-secret-prod.sh",
        "examples/service-account/expected/sample/pull-secret-prod.sh",
        "examples/attach/expected/sample/attach-prod.sh",
    ] {
        let script = script(ending);
        let mut world = world_for(&script);
        let file = world.path().join("env.sh");
        std::fs::write(&file, "set -axvE\nshopt -s nocasematch expand_aliases\nalias say=false\njq() { false; }\nexport -f jq\ndeclare -i right wrong held=0\n").expect("the folder is ours");
        world.export("BASH_ENV", &file.display().to_string());
        world.expect(&script, &["--apply"], 0);
        world.expect(&script, &["--verify"], 0);
    }
}

/// Puts a text wherever a script reads a name, an ID, a time or a condition.
fn spoil(all: &mut Value, text: &str) {
    all["assignments"] = json!([{
        "id": text, "condition": text, "principalId": all["kubelet"],
        "role": "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        "scope": all["registries"]["youruniquename"]["id"],
    }]);
    let mut spoil = |pointer: &str, spoil: &dyn Fn(&mut Value)| {
        let children = all.pointer_mut(pointer).expect("the world has it");
        match children {
            Value::Object(map) => map.values_mut().for_each(spoil),
            Value::Array(items) => items.iter_mut().for_each(spoil),
            _ => {}
        }
    };
    spoil("/registries/youruniquename/scopeMaps", &|map| {
        map["actions"] = json!([format!("repositories/{text}/content/read"), text]);
    });
    spoil("/registries/youruniquename/tokens", &|token| {
        token["credentials"]["passwords"][0]["creationTime"] = json!(text);
        token["credentials"]["passwords"][0]["expiry"] = json!(text);
    });
    spoil("/principals", &|one| {
        for key in one["keys"].as_array_mut().into_iter().flatten() {
            key["keyId"] = json!(text);
        }
    });
    spoil("/secrets", &|secret| {
        secret["metadata"] = json!({
            "annotations": {"pullwright.dev/credentials": text},
            "labels": {"app.kubernetes.io/managed-by": text},
        });
    });
    spoil("/serviceaccounts", &|account| {
        account["imagePullSecrets"] = json!([{"name": text}])
    });
}

/// Runs a script in a hostile world: nothing of it is run, and none becomes an option or a file.
fn survives(world: &World, script: &Path, arguments: &[&str], what: &str) {
    let (output, calls) = world.run(script, arguments);
    let what = format!("{} {arguments:?}: {what}", script.display());
    assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{what}");
    assert!(!world.path().join("ran").exists(), "it ran: {what}");
    for call in calls {
        let odd = |word: &&String| {
            word.starts_with('@')
                || word.contains("=@")
                || word.contains("touch")
                || ["--debug", "-x", "*", "x"].contains(&word.as_str())
        };
        assert_eq!(call.iter().find(odd), None, "{what}: {call:?}");
    }
}

#[test]
fn answers_are_neither_evaluated_nor_split_nor_taken_for_options() {
    let texts = [
        "a[$(touch ran)]",
        "`touch ran` *",
        "x y",
        "@/etc/passwd",
        "--ids=@/etc/passwd",
        "--debug",
        "a\n-x",
    ];
    // What az answers in place of what it is asked for.
    let values: [Value; 4] = [
        json!("a[$(touch ran)]"),
        json!({"id": "@/etc/passwd", "kubelet": "--debug", "client": "-x", "appId": "@/etc/passwd"}),
        json!([{"id": "@/etc/passwd", "appId": "a' or 'a' eq 'a", "keyId": "--debug", "name": {}, "scope": []}]),
        json!(null),
    ];
    std::thread::scope(|scope| {
        for ending in [
            "examples/secret/expected/sample/pull-secret-prod.sh",
            "examples/service-account/expected/sample/pull-secret-prod.sh",
            "examples/attach-create/expected/sample/attach-prod.sh",
            "examples/attach/expected/sample/attach-prod.sh",
            "service-account-default/expected/sample/service-account-prod.sh",
        ] {
            let (texts, values) = (&texts, &values);
            scope.spawn(move || {
                let script = script(ending);
                let world = world_for(&script);
                let (_, calls) = world.expect(&script, &["--apply"], 0);
                let applied = world.get();
                for text in texts {
                    for arguments in [&["--apply"][..], &["--undo", "--apply"]] {
                        let mut all = applied.clone();
                        spoil(&mut all, text);
                        world.set(&all);
                        survives(&world, &script, arguments, text);
                    }
                }
                let commands: BTreeSet<String> = calls
                    .iter()
                    .filter(|call| call[0] == "az")
                    .map(|call| {
                        let words = call[1..].iter().take_while(|word| !word.starts_with('-'));
                        words.cloned().collect::<Vec<_>>().join(" ")
                    })
                    .collect();
                for command in &commands {
                    for value in values {
                        let mut all = applied.clone();
                        all["answers"] = json!({command: value});
                        world.set(&all);
                        survives(
                            &world,
                            &script,
                            &["--apply"],
                            &format!("{command}: {value}"),
                        );
                    }
                }
            });
        }
    });
}

#[test]
fn what_programs_and_events_say_is_cleaned_and_forms_no_command() {
    let mut noise = String::from(
        "a\u{1b}]0;title\u{7}\u{9b}31m\u{85}b\u{202e}c\u{2066}d\u{2028}e\u{2029}f\u{200f}g\u{61c}h\u{feff}i\u{ad}j\u{7f}k\rl\u{e0041}",
    );
    for line in [
        "::error::x",
        "  ::set-output name=a::b",
        "\u{a0}\u{2003}::warning::x",
        "##vso[task.setvariable variable=a]b",
        "x ###vso[task.complete result=Succeeded;]",
        "##VsO[x]",
        "##[command]x",
        "###[group]x",
        ":::add-mask::x",
    ] {
        let _ = write!(noise, "\n{line}");
    }
    let mut runs = 0;
    for script in all_scripts() {
        let world = world_for(&script);
        world.change("/noise", json!(noise));
        world.change("/eventMessage", json!(noise));
        for arguments in [
            &[][..],
            &["--apply"],
            &["--verify"],
            &["--undo"],
            &[noise.replace('\0', "").as_str()],
        ] {
            let (output, _) = world.run(&script, arguments);
            runs += 1;
            let text = String::from_utf8(output.stderr).expect("it is text");
            let hidden = |c: char| {
                c != '\n' && c.is_control()
                    || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
            };
            assert_eq!(text.chars().find(|c| hidden(*c)), None, "{text:?}");
            let lower = text.to_lowercase();
            assert!(
                !lower.contains("##vso[") && !lower.contains("##["),
                "{text}"
            );
            assert!(
                !text.lines().any(|line| line.trim_start().starts_with("::")),
                "{text}"
            );
        }
    }
    assert!(runs > 30);
}
