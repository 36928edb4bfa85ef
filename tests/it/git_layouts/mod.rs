//! Hostile layouts of git: whatever lies in a repository or stands in the environment, git runs none of
//! it, and the verdict is that of the repository.

mod trials;

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use pullwright::cli::Exit;

use crate::git::{git, program};
use crate::git_layouts::trials::Trial;
use crate::support::{PLAINTEXT, Scratch, files};

/// What `render` makes of the Secret.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Secret {
    Refused,
    Unanswered,
    Written,
}

/// A repository whose outputs are tracked but for the Secret, which no pattern ignores.
struct Ground {
    scratch: Scratch,
}

impl Ground {
    /// A copy of one that was made once.
    fn new() -> Self {
        static FIRST: OnceLock<Ground> = OnceLock::new();
        let first = FIRST.get_or_init(Self::first);
        let ground = Self::empty();
        for file in files(first.scratch.path()) {
            let path = ground.scratch.path().join(&file);
            let parent = path.parent().expect("it has a folder");
            std::fs::create_dir_all(parent).expect("it is ours");
            std::fs::copy(first.scratch.path().join(&file), path).expect("it is ours");
        }
        ground
    }

    fn empty() -> Self {
        let scratch = Scratch::new()
            .variable("ACR_USERNAME", "sample-pull")
            .variable("ACR_PASSWORD", "hunter2");
        Self { scratch }
    }

    fn first() -> Self {
        let ground = Self::empty();
        ground.scratch.write("app/pullwright.yaml", PLAINTEXT);
        let arguments = ["render", "app/pullwright.yaml", "--allow-plaintext"];
        ground.scratch.expect(&arguments, Exit::Ok);
        ground.git(".", "init -q --template=");
        ground.git(".", "add app/k8s :(exclude)*secret.yaml");
        ground.git(".", "commit -qm all");
        ground
    }

    fn git(&self, folder: &str, arguments: &str) {
        let always = ["-c", "protocol.file.allow=always"];
        let arguments: Vec<&str> = always.into_iter().chain(arguments.split(' ')).collect();
        git(&self.path(folder), &arguments);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// Lays out one thing. `@` stands for the folder, `%` for a command that leaves a trace.
    fn step(mut self, step: &str) -> Self {
        let folder = self.scratch.path().display().to_string();
        let canary = format!("touch {folder}/canary; false");
        let step = step.replace('%', &canary).replace('@', &folder);
        let (word, rest) = step.split_once(' ').unwrap_or((&step, ""));
        let (name, text) = rest.split_once(' ').unwrap_or((rest, ""));
        let path = self.path(name);
        match word {
            "bare" => self.bare(name, &canary),
            "folder" => std::fs::create_dir_all(path).expect("it is ours"),
            "in" => self.git(name, text),
            "link" => symlink(name, self.path(text)).expect("it is ours"),
            "move" => std::fs::rename(path, self.path(text)).expect("it is ours"),
            "program" => program(&self.scratch, name, &canary),
            "promisor" => self.promisor(),
            "remove" if path.is_dir() => std::fs::remove_dir_all(path).expect("it is ours"),
            "remove" => std::fs::remove_file(path).expect("it is ours"),
            "set" => git(self.scratch.path(), &["config", name, text]),
            "socket" => drop(UnixListener::bind(path).expect("it is ours")),
            "stranger" => self = self.stranger(),
            "submodule" => self.submodule(),
            "variable" => {
                let (key, value) = rest.split_once('=').expect("it has a value");
                self.scratch = self.scratch.variable(key, value);
            }
            // A section of a config has a line of its own.
            "write" => self.scratch.write(name, text.replace("] ", "]\n\t") + "\n"),
            _ => panic!("unknown step {step}"),
        }
        self
    }

    /// What git takes for a bare repository, with a command in its config.
    fn bare(&self, folder: &str, canary: &str) {
        let tree = self.path(folder).display().to_string();
        let config = format!(
            "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = {tree}\n\tfsmonitor = \"{canary}\"\n"
        );
        for (name, text) in [
            ("HEAD", "ref: refs/heads/main\n"),
            ("config", &config),
            ("objects/x", ""),
            ("refs/x", ""),
            ("info/exclude", "*\n"),
        ] {
            self.scratch.write(&format!("{folder}/{name}"), text);
        }
    }

    /// The folder of the config as a submodule, its git folder among those of the outer repository.
    fn submodule(&self) {
        self.git(".", "rm -rq --cached app");
        self.git(".", "commit -qm gone");
        self.git("app", "init -q");
        self.git("app", "add k8s :(exclude)*secret.yaml");
        self.git("app", "commit -qm all");
        self.git(".", "submodule --quiet add ./app app");
        self.git(".", "submodule --quiet absorbgitdirs app");
    }

    /// A list of patterns that is neither in the work tree nor among the objects: git would fetch it,
    /// by a transport that is a command.
    fn promisor(&self) {
        self.scratch.write("app/.gitignore", "nothing\n");
        self.git(".", "add app/.gitignore");
        self.git(".", "update-index --skip-worktree app/.gitignore");
        let object = ".git/objects/9d/afe9be2099a3b02b618c673bcf865a1ffb4f9d";
        for name in ["app/.gitignore", object] {
            std::fs::remove_file(self.path(name)).expect("it is there");
        }
        let command = format!("ext::touch {}", self.path("canary").display());
        for (key, value) in [
            ("core.repositoryFormatVersion", "1"),
            ("extensions.partialClone", "evil"),
            ("remote.evil.promisor", "true"),
            ("remote.evil.url", &command),
            ("protocol.ext.allow", "always"),
        ] {
            git(self.scratch.path(), &["config", key, value]);
        }
    }

    /// git that takes every repository for one of another user.
    fn stranger(self) -> Self {
        let path = std::env::var_os("PATH").expect("there is a PATH");
        let mut real = std::env::split_paths(&path).map(|one| one.join("git"));
        let real = real.find(|one| one.is_file()).expect("git is there");
        let text = format!(
            "GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec {} \"$@\"",
            real.display()
        );
        program(&self.scratch, "bin/git", &text);
        self.step("variable PATH=@/bin")
    }
}

/// Runs one trial; what is not as it should be.
fn problems(trial: &Trial) -> Vec<String> {
    let steps = trial.steps.iter();
    let ground = steps.fold(Ground::new(), |ground, step| ground.step(step));
    let canary = ground.path("canary");
    let _ = std::fs::remove_file(&canary);
    let mut problems = Vec::new();
    let mut run = |arguments: &[&str], exit: Exit, code: &str| {
        let outcome = ground.scratch.run(arguments);
        let is_right = exit == outcome.exit && outcome.stderr.contains(code);
        // What git says itself never gets to the user's eyes unasked.
        if !is_right || outcome.stderr.contains("fatal:") {
            problems.push(format!("{}: {arguments:?} {outcome:?}", trial.name));
        }
        if canary.exists() {
            problems.push(format!("{}: {arguments:?} ran a command", trial.name));
            let _ = std::fs::remove_file(&canary);
        }
    };
    let code = match trial.check {
        Exit::Ok => "",
        Exit::Differs => "error[untracked]",
        Exit::Failed => "error[git-unanswered]",
    };
    run(
        &["check", "app/pullwright.yaml", "--tracked"],
        trial.check,
        code,
    );
    let (exit, code) = match trial.secret {
        Secret::Refused => (Exit::Failed, "error[plaintext-tracked]"),
        Secret::Unanswered => (Exit::Failed, "error[git-unanswered]"),
        Secret::Written => (Exit::Ok, ""),
    };
    run(&["render", "."], exit, code);
    run(&["diff", "app/*.yaml"], Exit::Ok, "");
    problems
}

#[test]
fn git_runs_nothing_of_a_repository_and_the_verdict_is_right() {
    let problems: Vec<String> = std::thread::scope(|scope| {
        let parts = trials::ALL.chunks(trials::ALL.len().div_ceil(2));
        let running = parts.map(|part| scope.spawn(|| part.iter().flat_map(problems).collect()));
        let running: Vec<_> = running.collect();
        let done = running.into_iter().map(|one| one.join().expect("it ends"));
        done.flat_map(|one: Vec<String>| one).collect()
    });
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(trials::ALL.len() >= 100, "{}", trials::ALL.len());
}

/// The trap works: git itself, asked without care, runs what lies there.
#[test]
fn the_canary_would_sing() {
    for (step, arguments) in [
        ("bare app/k8s", &["ls-files", "--others"][..]),
        ("set core.fsmonitor %", &["ls-files"]),
        ("promisor", &["check-ignore", "x"]),
    ] {
        let ground = Ground::new().step(step);
        let mut command = Command::new("git");
        command.args(arguments).current_dir(ground.path("app/k8s"));
        command.output().expect("git starts");
        assert!(ground.path("canary").exists(), "{step}");
    }
}
