//! Every az call of every script, given to the parser of the real az.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::Stdio;

use crate::scripts::{all_scripts, world_for};
use crate::tools::{program, root};

#[test]
fn the_real_az_takes_every_call_of_every_script() {
    let mut calls: BTreeSet<Vec<String>> = BTreeSet::new();
    for script in all_scripts() {
        let world = world_for(&script);
        for arguments in [
            &["--apply"][..],
            &["--verify"],
            &["--apply"],
            &["--undo", "--apply"],
        ] {
            let (_, made) = world.expect(&script, arguments, 0);
            calls.extend(made.into_iter().filter(|call| call[0] == "az"));
        }
    }
    let commands: BTreeSet<&str> = calls.iter().map(|call| call[2].as_str()).collect();
    assert!(commands.len() > 5, "{commands:?}");
    let mut parser = program("azure-python")
        .arg(root().join("tests/real/az-parse.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python starts");
    let mut stdin = parser.stdin.take().expect("it is piped");
    for call in &calls {
        let line = serde_json::to_string(call).expect("a call is text");
        writeln!(stdin, "{line}").expect("python reads");
    }
    drop(stdin);
    let output = parser.wait_with_output().expect("python ends");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
}
