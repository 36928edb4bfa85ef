//! A scratch folder and a program that runs in it, with nothing of the real environment.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use pullwright::cli::{Exit, Io, run};

use crate::pages::blocks;

/// The smallest config that writes something.
pub(crate) const SMALL: &str = "\
apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata:
  name: sample
spec:
  registries:
    - name: youruniquename
  access:
    - name: sample
      strategy: secret
      registries: [youruniquename]
      namespaces: [default]
      secret: {name: acr-secret, delivery: placeholder}
      workloads:
        - kind: Pod
          name: sample-pod
          containers:
            - name: sample-pod-container
              image: youruniquename.azurecr.io/sample-container:0.0.1
";

/// As `SMALL`, with the value from two variables.
pub(crate) const PLAINTEXT: &str = include_str!("secret-manifest.yaml");

/// A scratch folder.
pub(crate) struct Scratch {
    folder: tempfile::TempDir,
    environment: Vec<(OsString, OsString)>,
    stdin: Vec<u8>,
    terminals: [bool; 3],
    program: PathBuf,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) exit: Exit,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Scratch {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("there is a place for scratch folders"),
            // git is found there, and nothing else is of the real environment.
            environment: std::env::var_os("PATH")
                .map(|path| ("PATH".into(), path))
                .into_iter()
                .collect(),
            stdin: Vec::new(),
            terminals: [false; 3],
            program: PathBuf::from(env!("CARGO_BIN_EXE_pullwright")),
        }
    }

    /// A folder with a config.
    pub(crate) fn with_config(text: &str) -> Self {
        let scratch = Self::new();
        scratch.write("pullwright.yaml", text);
        scratch
    }

    /// Sets a variable.
    #[must_use]
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(key, _)| key != name);
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Says where the program lies, in place of where it does.
    #[must_use]
    pub(crate) fn program(mut self, path: &str) -> Self {
        self.program = path.into();
        self
    }

    /// Sets stdin to what need not be text.
    pub(crate) fn stdin_bytes(mut self, bytes: Vec<u8>) -> Self {
        self.stdin = bytes;
        self
    }

    /// Sets stdin.
    #[must_use]
    pub(crate) fn stdin(mut self, text: &str) -> Self {
        self.set_stdin(text);
        self
    }

    /// Sets stdin of the next runs.
    pub(crate) fn set_stdin(&mut self, text: &str) {
        self.stdin = text.as_bytes().to_owned();
    }

    /// Makes all three streams terminals.
    #[must_use]
    pub(crate) fn on_a_terminal(mut self) -> Self {
        self.terminals = [true; 3];
        self
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, and the folders on its way.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        let parent = path.parent().expect("the file has a folder");
        std::fs::create_dir_all(parent).expect("the folder is ours");
        std::fs::write(path, text).expect("the folder is ours");
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> String {
        let path = self.path().join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Whether a path exists.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.path().join(name).symlink_metadata().is_ok()
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        let mut stdout = Vec::new();
        let mut stderr = Vec::new();
        let io = Io {
            stdin: &mut self.stdin.as_slice(),
            stdout: &mut stdout,
            stderr: &mut stderr,
            terminals: self.terminals,
            folder: self.path().to_owned(),
            program: self.program.clone(),
            environment: self.environment.clone(),
        };
        let all = std::iter::once("pullwright").chain(arguments.iter().copied());
        let exit = run(all.map(OsString::from), io);
        Outcome {
            exit,
            stdout: String::from_utf8(stdout).expect("the output is text"),
            stderr: String::from_utf8(stderr).expect("the output is text"),
        }
    }

    /// Runs the program, which must end so.
    #[track_caller]
    pub(crate) fn expect(&self, arguments: &[&str], exit: Exit) -> Outcome {
        let outcome = self.run(arguments);
        assert_eq!(
            outcome.exit, exit,
            "{arguments:?}\n{}{}",
            outcome.stdout, outcome.stderr
        );
        outcome
    }

    /// All files of the folder with their texts.
    pub(crate) fn snapshot(&self) -> Vec<(PathBuf, Vec<u8>)> {
        files(self.path())
            .into_iter()
            .map(|path| {
                let whole = self.path().join(&path);
                let bytes = match std::fs::read_link(&whole) {
                    Ok(target) => target.as_os_str().as_encoded_bytes().to_owned(),
                    Err(_) => std::fs::read(&whole).expect("the file is there"),
                };
                (path, bytes)
            })
            .collect()
    }
}

/// All files below a folder, relative to it, sorted.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(next)
            .expect("the folder is there")
            .flatten()
        {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                waiting.push(path);
            } else {
                let relative = path.strip_prefix(folder).expect("it lies below");
                found.push(relative.to_owned());
            }
        }
    }
    found.sort();
    found
}

/// The package's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the package.
pub(crate) fn source(name: &str) -> String {
    let path = root().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The top level, `docs` and the examples: whatever people read in the repository or as a site.
pub(crate) fn pages() -> Vec<String> {
    let top = std::fs::read_dir(root()).expect("it is there").flatten();
    let mut all: Vec<String> = top
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        // Generated, and without a page that links to its parts.
        .filter(|name| name.ends_with(".md") && name != "THIRD-PARTY.md")
        .collect();
    for folder in ["docs", "examples"] {
        let below = files(&root().join(folder));
        let below = below
            .iter()
            .filter(|file| file.extension().is_some_and(|one| one == "md"));
        all.extend(below.map(|file| format!("{folder}/{}", file.display()).replace('\\', "/")));
    }
    all.sort();
    assert!(all.len() > 30, "{all:?}");
    all
}

/// The text of the first block of a language in a page that holds some words.
pub(crate) fn block(page: &str, language: &str, words: &str) -> String {
    let blocks = blocks(&source(page));
    let mut fitting = blocks
        .into_iter()
        .filter(|one| one.language == language && one.text.contains(words));
    let found = fitting.next();
    found
        .unwrap_or_else(|| panic!("{page} has no block with `{words}`"))
        .text
}

/// Compares a generated text with a file of the package; with `SNAPSHOTS=overwrite`, writes it.
#[track_caller]
pub(crate) fn fresh(name: &str, text: &str) {
    let file = snapbox::Data::read_from(&root().join(name), Some(snapbox::data::DataFormat::Text));
    snapbox::Assert::new()
        .action_env("SNAPSHOTS")
        .eq(text.to_owned(), file.raw());
}
