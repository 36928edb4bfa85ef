//! The one way to run git: for a named repository, with nothing on that its config could make it run.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread::Builder;
use std::time::Duration;

use crate::disk::git::program::Program;
use crate::disk::git::repository::Repository;
use crate::disk::git::unanswered::Unanswered;
use crate::disk::why;

/// A pipe in place of a file of the repository keeps git waiting for ever.
const LIMIT: Duration = Duration::from_secs(30);

/// More of stderr than a message shows is not kept.
const MAX_STDERR: u64 = 16 * 1024;

/// Settings that make git run a program, or talk to one. A repository's config may hold them; those
/// given by `-c` win. Filters, textconv and aliases have names of their own and cannot be listed: they
/// are of no use to `rev-parse`, `ls-files` and `check-ignore`, the only commands that are called.
const OFF: &[&str] = &[
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=",
    "core.editor=false",
    "sequence.editor=false",
    "core.askPass=",
    "core.sshCommand=false",
    "core.gitProxy=",
    "core.alternateRefsCommand=false",
    "core.attributesFile=/dev/null",
    "credential.helper=",
    "diff.external=",
    "interactive.diffFilter=",
    "protocol.allow=never",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "gc.auto=0",
    "maintenance.auto=false",
];

/// The same for what only the environment can set.
const ENVIRONMENT: &[(&str, &str)] = &[
    // Nothing is written: the index is not refreshed, so no hook is run for it.
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    // A missing object is not fetched, and if it were: by no protocol. This also overrules
    // `protocol.ext.allow`, which would run a command.
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_ATTR_NOSYSTEM", "1"),
    ("GIT_PAGER", ""),
];

/// One question to git.
pub(super) struct Call<'a> {
    command: Command,
    input: Option<Vec<u8>>,
    good: &'a [i32],
}

impl<'a> Call<'a> {
    /// Asks about a repository, from the top of its work tree.
    pub(super) fn of(program: &Program, repository: &Repository, arguments: &[&str]) -> Self {
        let mut call = Self::bare(program, &repository.top);
        call.command
            .arg(option("--git-dir=", &repository.dir))
            .arg(option("--work-tree=", &repository.top))
            .args(arguments);
        call
    }

    /// Lets git find the repository whose `.git` is in `top`, and nowhere else. git minds who owns
    /// a repository only if it found it itself.
    pub(super) fn found(program: &Program, top: &Path, arguments: &[&str]) -> Self {
        let mut call = Self::bare(program, top);
        if let Some(parent) = top.parent() {
            call.command.env("GIT_CEILING_DIRECTORIES", parent);
        }
        call.command.args(arguments);
        call
    }

    /// Asks about a git directory that the environment names, from the working directory.
    pub(super) fn named(program: &Program, dir: &Path, folder: &Path, arguments: &[&str]) -> Self {
        let mut call = Self::bare(program, folder);
        call.command.arg(option("--git-dir=", dir)).args(arguments);
        call
    }

    fn bare(program: &Program, folder: &Path) -> Self {
        let mut command = Command::new(&program.path);
        command.env_clear();
        let theirs = program.environment.iter();
        command.envs(theirs.map(|(key, value)| (key, value)));
        command.envs(ENVIRONMENT.iter().copied());
        command.current_dir(folder);
        for setting in OFF {
            command.args(["-c", setting]);
        }
        command.arg("--no-pager");
        Self {
            command,
            input: None,
            good: &[0],
        }
    }

    /// Adds a path to the arguments.
    pub(super) fn path(mut self, path: &Path) -> Self {
        self.command.arg(path);
        self
    }

    /// Gives git an index other than the repository's own.
    pub(super) fn index(mut self, index: Option<&Path>) -> Self {
        if let Some(index) = index {
            self.command.env("GIT_INDEX_FILE", index);
        }
        self
    }

    /// What git reads, and the exit codes that are an answer.
    pub(super) fn reads(mut self, input: Vec<u8>, good: &'a [i32]) -> Self {
        self.input = Some(input);
        self.good = good;
        self
    }

    /// What git printed.
    ///
    /// # Errors
    /// It did not start, failed, or gave no answer in time.
    pub(super) fn answer(self) -> Result<Vec<u8>, Unanswered> {
        self.within(LIMIT)
    }

    fn within(mut self, limit: Duration) -> Result<Vec<u8>, Unanswered> {
        let broken = |error: &io::Error| Unanswered::Broken(why(error));
        let input = self.input.take();
        let stdin = if input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        };
        self.command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.command.spawn().map_err(|error| broken(&error))?;
        let heard = listen(&mut child, input)
            .map_err(|error| broken(&error))
            .and_then(|listening| {
                let heard = listening.recv_timeout(limit);
                heard.map_err(|_| Unanswered::Late(limit.as_secs()))
            });
        let heard = match heard {
            Ok(heard) => heard,
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(error);
            }
        };
        let status = child.wait().map_err(|error| broken(&error))?;
        if status.code().is_some_and(|code| self.good.contains(&code)) {
            // A partial question or answer is not valid.
            heard.fed.map_err(|error| broken(&error))?;
            heard.stdout.map_err(|error| broken(&error))
        } else if heard.stderr.is_empty() {
            Err(Unanswered::Broken(ended(status)))
        } else {
            Err(Unanswered::said(&heard.stderr))
        }
    }
}

/// What became of the three streams of a program.
struct Heard {
    fed: io::Result<()>,
    stdout: io::Result<Vec<u8>>,
    stderr: Vec<u8>,
}

/// Feeds and reads on threads: git answers while it reads, and no pipe may fill up.
///
/// # Errors
/// The system gives no thread.
fn listen(child: &mut Child, input: Option<Vec<u8>>) -> io::Result<mpsc::Receiver<Heard>> {
    let (sender, receiver) = mpsc::channel();
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let errors = Builder::new().spawn(move || {
        let mut text = Vec::new();
        if let Some(mut stderr) = stderr {
            let _ = stderr.by_ref().take(MAX_STDERR).read_to_end(&mut text);
            let _ = io::copy(&mut stderr, &mut io::sink());
        }
        text
    })?;
    let feeder = Builder::new().spawn(move || match (stdin, input) {
        (Some(mut stdin), Some(input)) => stdin.write_all(&input),
        _ => Ok(()),
    })?;
    Builder::new().spawn(move || {
        let mut text = Vec::new();
        let read = stdout.map_or(Ok(0), |mut stdout| stdout.read_to_end(&mut text));
        let _ = sender.send(Heard {
            fed: feeder.join().unwrap_or(Ok(())),
            stdout: read.map(|_| text),
            stderr: errors.join().unwrap_or_default(),
        });
    })?;
    Ok(receiver)
}

fn option(name: &str, path: &Path) -> OsString {
    let mut option = OsStr::new(name).to_owned();
    option.push(path);
    option
}

fn ended(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("it ended with exit code {code}"),
        None => "it was killed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::{Duration, Instant};

    use crate::disk::git::call::Call;
    use crate::disk::git::program::Program;
    use crate::disk::git::unanswered::Unanswered;

    fn program() -> Program {
        let path = std::env::var_os("PATH").expect("there is a PATH");
        Program::find(&[("PATH".into(), path)]).expect("git is there")
    }

    #[test]
    fn git_that_does_not_end_is_ended() {
        let begin = Instant::now();
        let program = program();
        let sleep = Call::found(
            &program,
            Path::new("/"),
            &["-c", "alias.x=!exec sleep 60", "x"],
        );
        let late = sleep.within(Duration::from_millis(300));
        assert_eq!(late, Err(Unanswered::Late(0)));
        assert!(begin.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn only_the_exit_codes_asked_for_are_an_answer() {
        let program = program();
        let run = |good: &[i32], code: &str| {
            let alias = format!("alias.x=!echo answer; exit {code}");
            let call = Call::found(&program, Path::new("/"), &["-c", &alias, "x"]);
            call.reads(b"input".repeat(100_000), good).answer()
        };
        assert_eq!(
            run(&[0, 1], "1").map_err(|one| one.why()),
            Err("git cannot be run: broken pipe".to_owned())
        );
        assert!(matches!(run(&[0], "3"), Err(Unanswered::Broken(_))));
        let none = Call::found(&program, Path::new("/"), &["no-such-command"]).answer();
        assert!(matches!(none, Err(Unanswered::Failed(_))), "{none:?}");
    }
}
