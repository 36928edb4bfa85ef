//! What is said of a panic: where, and nothing of what was being worked on.

use std::ffi::OsString;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::CommandFactory;

use crate::cli::Exit;
use crate::cli::args::Args;
use crate::cores;

/// Makes every panic of the process, on whichever thread, a short message on stderr. The panic's own
/// words are left out, for they may hold a value of the config or a secret. `arguments` are those of
/// the process: the message names the command among them.
pub fn report_panics(arguments: &[OsString]) {
    let command = command_of(arguments);
    // One thread takes others along: their messages add nothing.
    let is_said = AtomicBool::new(false);
    panic::set_hook(Box::new(move |info| {
        if std::thread::current().name() == Some(cores::GUARDED) {
            return;
        }
        if !is_said.swap(true, Ordering::Relaxed) {
            let text = message(info.location(), &command);
            // A failure of stderr cannot be reported.
            let _ = io::stderr().write_all(text.as_bytes());
        }
    }));
}

/// What `work` returns; of a panic, that it failed.
pub(super) fn caught(work: impl FnOnce() -> Exit) -> Exit {
    // After a panic, nothing that `work` used is read again.
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or(Exit::Failed)
}

/// The command's name; another argument is left out of the message.
fn command_of(arguments: &[OsString]) -> String {
    let args = Args::command();
    let mut words = arguments.iter().skip(1).filter_map(|word| word.to_str());
    let found = words.find_map(|word| args.find_subcommand(word));
    found.map_or_else(String::new, |command| format!(" {}", command.get_name()))
}

fn message(location: Option<&Location<'_>>, command: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let place = location.map_or_else(
        || "an unknown location".to_owned(),
        |at| format!("{}:{}:{}", source(at.file()), at.line(), at.column()),
    );
    format!(
        "error: internal error in `pullwright{command}` {version} at {place}\n  \
         = help: this is a bug in pullwright: report the line above; it contains nothing from your files\n"
    )
}

/// A source file, without where it lay on the machine that built the program.
fn source(file: &str) -> &str {
    let from = |mark: &str| file.rfind(mark).map(|at| &file[at + mark.len()..]);
    let registry = from("/registry/src/").and_then(|path| path.split_once('/'));
    let standard = || {
        file.starts_with("/rustc/")
            .then(|| from("/library/"))
            .flatten()
    };
    registry
        .map(|(_, path)| path)
        .or_else(standard)
        .unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::panic::panic_any;

    use rayon::prelude::*;

    use crate::cli::Exit;
    use crate::cli::crash::{caught, command_of, report_panics, source};
    use crate::cores;

    /// What no message may hold.
    const CANARY: &str = "canary-in-a-payload";

    /// The ways in which code of ours may panic.
    const WAYS: &[(&str, fn())] = &[
        ("panic-by-text", || panic!("{CANARY}")),
        ("panic-by-value", || panic_any(vec![CANARY])),
        ("panic-by-index", || {
            let text = format!("é{CANARY}");
            let _ = &text[1..];
        }),
        ("panic-by-option", || {
            let number: Result<u8, _> = CANARY.parse();
            number.expect(CANARY);
        }),
        ("panic-by-scope", || {
            std::thread::scope(|scope| {
                scope.spawn(|| panic!("{CANARY}"));
                scope.spawn(|| panic!("{CANARY}"));
            });
        }),
        ("panic-by-rayon", || {
            let all = (0..1_000).into_par_iter();
            all.for_each(|number| assert!(number < 500, "{CANARY}"));
        }),
        ("panic-by-guarded", || {
            let named = std::thread::Builder::new().name(cores::GUARDED.to_owned());
            let started = named.spawn(|| panic!("{CANARY}"));
            assert!(started.expect("there is a thread").join().is_err());
        }),
    ];

    /// Does nothing but in the processes that the tests below start, which name a way: a hook is for a
    /// whole process, and so is its exit code.
    #[test]
    fn child() {
        let mut arguments = std::env::args();
        let way = arguments.find_map(|one| WAYS.iter().find(|(name, _)| *name == one));
        let Some((_, work)) = way else {
            return;
        };
        report_panics(&[OsString::new(), "--color=never".into(), "check".into()]);
        let exit = caught(|| {
            work();
            Exit::Ok
        });
        #[expect(clippy::exit, reason = "the parent asks for the exit code")]
        std::process::exit(exit as i32);
    }

    /// The exit code of the child that panics in this way, and all that it prints.
    #[expect(
        clippy::disallowed_methods,
        reason = "a hook needs a process of its own"
    )]
    fn run_child(way: &str) -> (Option<i32>, String) {
        let program = std::env::current_exe().expect("this is a program");
        let output = std::process::Command::new(program)
            .args(["--exact", "cli::crash::tests::child"])
            .arg("--nocapture")
            // A filter that matches nothing: the child finds its way by it.
            .args(["--skip", way])
            .env("RUST_BACKTRACE", "full")
            .output()
            .expect("this program starts again");
        let both = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
        (output.status.code(), both.concat())
    }

    #[test]
    fn a_panic_says_where_and_exits_2_and_shows_no_payload() {
        for (way, _) in WAYS.iter().filter(|(way, _)| *way != "panic-by-guarded") {
            let (code, shown) = run_child(way);
            assert_eq!(code, Some(2), "{way}: {shown}");
            assert!(!shown.contains(CANARY), "{way}: {shown}");
            let said = "error: internal error in `pullwright check` ";
            assert_eq!(shown.matches(said).count(), 1, "{way}: {shown}");
            assert!(shown.contains("src/cli/crash.rs:"), "{way}: {shown}");
        }
    }

    #[test]
    fn a_panic_that_somebody_else_tells_of_is_not_told_twice() {
        let (code, shown) = run_child("panic-by-guarded");
        assert_eq!(code, Some(0), "{shown}");
        assert!(
            !shown.contains("internal error") && !shown.contains(CANARY),
            "{shown}"
        );
    }

    #[test]
    fn a_message_names_no_folder_of_the_building_machine_and_no_argument() {
        for (file, want) in [
            ("src/cli/page.rs", "src/cli/page.rs"),
            (
                "/home/x/.cargo/registry/src/index-1/clap-4.6.0/src/lib.rs",
                "clap-4.6.0/src/lib.rs",
            ),
            (
                "/rustc/1159e78/library/core/src/str/mod.rs",
                "core/src/str/mod.rs",
            ),
        ] {
            assert_eq!(source(file), want);
        }
        let words = |all: &[&str]| all.iter().map(OsString::from).collect::<Vec<_>>();
        assert_eq!(
            command_of(&words(&["x", CANARY, "render", "diff"])),
            " render"
        );
        assert_eq!(command_of(&words(&["render", CANARY])), "");
    }
}
