//! Every az call of every script, given to the parser of the real az.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::Stdio;

use serde_json::json;

use crate::scripts::{all_scripts, world_for};
use crate::tools::{program, root};
use crate::world::World;

#[test]
fn the_real_az_takes_every_call_of_every_script() {
    let mut calls: BTreeSet<Vec<String>> = BTreeSet::new();
    for script in all_scripts() {
        let world = world_for(&script);
        let mut run = |arguments: &[&str]| {
            let (_, made) = world.expect(&script, arguments, 0);
            calls.extend(made.into_iter().filter(|call| call[0] == "az"));
        };
        run(&["--apply"]);
        run(&["--verify"]);
        drift(&world);
        run(&["--apply"]);
        if script.to_string_lossy().contains("/pull-secret-") {
            run(&["--apply", "--rotate"]);
            run(&["--apply", "--rotate"]);
        }
        run(&["--undo", "--apply"]);
    }
    let admin = crate::scripts::admin_script();
    let world = world_for(&admin.1);
    for arguments in [&["--apply"][..], &["--verify"], &["--undo", "--apply"]] {
        let (_, made) = world.expect(&admin.1, arguments, 0);
        calls.extend(made.into_iter().filter(|call| call[0] == "az"));
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

/// Changes behind the script's back whatever a script mends.
fn drift(world: &World) {
    let mut all = world.get();
    for registry in all["registries"].as_object_mut().into_iter().flatten() {
        for map in registry.1["scopeMaps"]
            .as_object_mut()
            .into_iter()
            .flatten()
        {
            map.1["actions"] = json!(["repositories/other/thing/content/write"]);
        }
        for token in registry.1["tokens"].as_object_mut().into_iter().flatten() {
            token.1["status"] = json!("disabled");
        }
    }
    for assignment in all["assignments"].as_array_mut().into_iter().flatten() {
        assignment["condition"] = json!("another");
    }
    world.set(&all);
}
