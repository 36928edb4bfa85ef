//! Starts pullwright a second time, with bounds, for what others wrote.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

/// The first argument of the second one; no command, and nothing for people.
pub const ARGUMENT: &str = "--run-templates";
/// What the second one may have, in MiB; with the first one, a run stays below 256.
const MEMORY: u64 = 192;
/// Texts that may be made in one second of computing; the built-in templates make more than twice as
/// many on a slow machine.
const TEXTS: usize = 5_000;
/// Bytes that all answers of a run may have.
const ANSWERS: u64 = 64 * 1024 * 1024;

/// Sends a line and returns the answer, or the reason why there is no answer.
pub type Talk = Box<dyn FnMut(&str) -> Result<String, String>>;

/// Computing time for so many texts, in seconds.
fn seconds(texts: usize) -> u64 {
    1 + (texts / TEXTS) as u64
}

/// Starts `program` bounded for so many texts, and is its end of the talk.
///
/// # Errors
/// It does not start.
pub fn start(program: &Path, texts: usize) -> Result<Talk, String> {
    let started = Command::new(program)
        .args([ARGUMENT, &texts.to_string()])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut process = started.map_err(|error| format!("its process failed to start: {error}"))?;
    let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
        return Err("cannot communicate with its process".to_owned());
    };
    let mut second = Second {
        process,
        input,
        output: BufReader::new(output),
        seconds: seconds(texts),
        room: ANSWERS,
    };
    Ok(Box::new(move |line| second.ask(line)))
}

/// The second one, from outside.
struct Second {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    seconds: u64,
    /// Bytes that it may still say.
    room: u64,
}

impl Second {
    fn ask(&mut self, line: &str) -> Result<String, String> {
        let said = self
            .input
            .write_all(line.as_bytes())
            .and_then(|()| self.input.write_all(b"\n"));
        let mut answer = String::new();
        let read = said.and_then(|()| {
            let mut output = self.output.by_ref().take(self.room);
            output.read_line(&mut answer)
        });
        let read = read.unwrap_or_default() as u64;
        self.room = self.room.saturating_sub(read);
        if answer.ends_with('\n') {
            answer.pop();
            return Ok(answer);
        }
        if self.room == 0 {
            let most = ANSWERS / 1024 / 1024;
            return Err(format!("all templates together print more than {most} MiB"));
        }
        // It has ended, or its answer is not valid.
        let _ = self.process.kill();
        let status = self.process.wait().map_err(|error| error.to_string())?;
        Err(match signal(status) {
            Some(SIGXCPU) => format!("it takes more than {} s of CPU time", self.seconds),
            Some(_) => format!("it requires more than {MEMORY} MiB of memory, or nests too deeply"),
            None => "its process failed".to_owned(),
        })
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        // It may be busy or may have ended; neither has to be reported.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(unix)]
const SIGXCPU: i32 = rustix::process::Signal::XCPU.as_raw();
#[cfg(not(unix))]
const SIGXCPU: i32 = 0;

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

/// Bounds this process, the second one, for so many texts, for good: memory, computing time, no file
/// written and no picture of its memory left behind. Its stack is bounded anyway.
///
/// # Errors
/// The system refuses.
#[cfg(unix)]
pub fn confine(texts: usize) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let bounds = [
        (Resource::As, MEMORY * 1024 * 1024, 0),
        // With a second more, the signal says which bound it was.
        (Resource::Cpu, seconds(texts), 1),
        (Resource::Core, 0, 0),
        (Resource::Fsize, 0, 0),
    ];
    for (resource, most, more) in bounds {
        let there = getrlimit(resource);
        let least = |one: Option<u64>, most: u64| Some(one.map_or(most, |one| one.min(most)));
        let bounded = setrlimit(
            resource,
            Rlimit {
                current: least(there.maximum, most).and_then(|hard| least(there.current, hard)),
                maximum: least(there.maximum, most + more),
            },
        );
        // Some systems know no bound of addresses.
        if resource != Resource::As || cfg!(target_os = "linux") {
            bounded?;
        }
    }
    Ok(())
}

/// As on Unix; here, the engine's own count of steps is the bound.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn confine(_: usize) -> io::Result<()> {
    Ok(())
}
