//! Whatever program fails inside of a script, and with whatever code: the script's own code is one of
//! those that its help names, and an error names the step.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::scripts::{admin_script, script, world_for};

/// Codes that would say something else if they came through, and odd ones.
const CODES: &[u8] = &[3, 64, 5, 2, 22, 126, 127, 130, 141, 255];

#[test]
fn no_program_decides_the_exit_code_of_a_script() {
    let admin = admin_script();
    let scripts: Vec<PathBuf> = [
        "examples/secret/expected/sample/pull-secret-prod.sh",
        "examples/service-account/expected/sample/pull-secret-prod.sh",
        "examples/attach/expected/sample/attach-prod.sh",
        "examples/attach-create/expected/sample/attach-prod.sh",
        "service-account-default/expected/sample/service-account-prod.sh",
    ]
    .iter()
    .map(|ending| script(ending))
    .chain([admin.1.clone()])
    .collect();
    let (runs, failures) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for script in &scripts {
            let (runs, failures) = (&runs, &failures);
            scope.spawn(move || {
                let world = world_for(script);
                let fresh = world.get();
                world.expect(script, &["--apply"], 0);
                let applied = world.get();
                for (before, arguments) in [
                    (&fresh, &[][..]),
                    (&fresh, &["--apply"]),
                    (&applied, &["--verify"]),
                    (&applied, &["--undo", "--apply"]),
                ] {
                    for program in ["az", "kubectl", "curl", "jq", "tr"] {
                        for (turn, good) in [0, 2, 7].into_iter().enumerate() {
                            let code = CODES[(turn * 4 + program.len() + arguments.len()) % CODES.len()];
                            world.set(before);
                            world.fail(program, good, code);
                            let run = world.watch(script, arguments);
                            runs.fetch_add(1, Ordering::Relaxed);
                            if !world.has_failed() {
                                break;
                            }
                            failures.fetch_add(1, Ordering::Relaxed);
                            let text = String::from_utf8_lossy(&run.output.stderr).into_owned();
                            let what = format!("{} {arguments:?}: call {good} of {program} ended with {code}: {text}", script.display());
                            assert!(matches!(run.code, Some(0 | 1 | 3)), "{:?}: {what}", run.code);
                            if run.code == Some(1) {
                                assert!(text.contains("error: ") || text.contains("FAILED"), "{what}");
                            } else {
                                // `get namespace` alone may be refused: not everybody may look.
                                assert_eq!(program, "kubectl", "{:?}: {what}", run.code);
                            }
                        }
                    }
                }
            });
        }
    });
    let (runs, failures) = (runs.into_inner(), failures.into_inner());
    println!("{runs} runs, {failures} with a failure");
    assert!(failures > 120, "{failures}");
}
