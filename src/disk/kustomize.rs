//! Builds of kustomizations by the real program, so that an audit sees what a cluster would get.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread::Builder;
use std::time::Duration;

use crate::disk::git::program;
use crate::disk::why;

/// A build that takes longer is given up.
const LIMIT: Duration = Duration::from_secs(120);
/// More of stderr than a message shows is not kept.
const MAX_STDERR: u64 = 16 * 1024;
/// More output than this is not the build of a person's manifests.
const MAX_STDOUT: u64 = 1024 * 1024 * 1024;

/// kustomize, or kubectl, which contains one.
#[derive(Debug, Clone)]
pub struct Kustomize {
    program: PathBuf,
    arguments: &'static [&'static str],
    environment: Vec<(OsString, OsString)>,
}

/// Which files a kustomization may read
/// (<https://kubectl.docs.kubernetes.io/faq/kustomize/#security-file-foo-is-not-in-or-below-bar>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Files {
    /// Those in its directory and below.
    OfDirectory,
    /// Any, as Flux does it.
    Any,
}

/// What the program says of a file that is not in the directory, or below.
pub const IS_OUTSIDE: &str = "is not in or below";

/// Variables that a build needs: those of the user and of the system, but no credential.
const KEPT: &[&str] = &[
    "HOME",
    "LANG",
    "LC_ALL",
    "PATH",
    "TMPDIR",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
];

/// Variables that a download needs besides.
const KEPT_FOR_REMOTE: &[&str] = &[
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSH_AUTH_SOCK",
    "GIT_SSH_COMMAND",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

impl Kustomize {
    /// The first of the two programs in an absolute directory of `PATH`.
    pub fn find(environment: &[(OsString, OsString)], with_remote: bool) -> Option<Self> {
        let named = |name: &str| program::find(environment, name);
        let (program, arguments): (PathBuf, &[&str]) = match named("kustomize") {
            Some(program) => (program, &["build"]),
            None => (named("kubectl")?, &["kustomize"]),
        };
        let kept = environment.iter().filter(|(key, _)| {
            let is = |name: &&str| key.to_str() == Some(name);
            KEPT.iter().any(is) || (with_remote && KEPT_FOR_REMOTE.iter().any(is))
        });
        Some(Self {
            program,
            arguments,
            environment: kept.cloned().collect(),
        })
    }

    /// Builds the kustomization in `directory`. Each object has the annotation
    /// `config.kubernetes.io/origin`, with paths relative to [`Build::base`].
    ///
    /// # Errors
    /// Why it cannot be built, in the words of the program.
    pub fn build(&self, directory: &Path, files: Files) -> Result<Build, String> {
        let system = |error: io::Error| why(&error);
        let scratch = tempfile::tempdir().map_err(system)?;
        let base = fs::canonicalize(scratch.path()).map_err(system)?;
        let target = fs::canonicalize(directory).map_err(system)?;
        let text = format!(
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- {}\nbuildMetadata: [originAnnotations]\n",
            serde_json::Value::from(relative(&base, &target))
        );
        fs::write(base.join("kustomization.yaml"), text).map_err(system)?;
        let mut command = Command::new(&self.program);
        command
            .args(self.arguments)
            .args(match files {
                Files::OfDirectory => [].as_slice(),
                Files::Any => ["--load-restrictor", "LoadRestrictionsNone"].as_slice(),
            })
            .arg(&base)
            .env_clear()
            .envs(self.environment.iter().map(|(key, value)| (key, value)))
            .current_dir(&base);
        let text = run(&mut command).map_err(|said| own_words(&said, &base, &target))?;
        let text = text.replace(&format!("{}/", base.display()), "");
        Ok(Build { text, base })
    }
}

/// What was built.
#[derive(Debug)]
pub struct Build {
    /// The objects, as a stream.
    pub text: String,
    /// The directory that origins are relative to; it is gone.
    pub base: PathBuf,
}

impl Build {
    /// The file that an origin names.
    pub fn file(&self, origin: &str) -> PathBuf {
        let mut path = self.base.clone();
        for part in Path::new(origin).components() {
            match part {
                Component::ParentDir => {
                    path.pop();
                }
                Component::CurDir => {}
                other => path.push(other),
            }
        }
        path
    }
}

/// What the program says about the directory, without what it says about the wrapper around it.
fn own_words(said: &str, base: &Path, target: &Path) -> String {
    let said = of_log(said);
    let whole = target.display().to_string();
    let of_wrapper = format!("recursed accumulation of path '{whole}': ");
    let said = match said.split_once(&of_wrapper) {
        Some((_, own)) => own,
        None => &said,
    };
    said.replace(&relative(base, target), &whole)
        .replace(&format!("{}/", base.display()), "")
}

/// The error of a line of klog, as some versions of kubectl print it: in quotes, or between `<` and `>`
/// (<https://github.com/kubernetes/klog/blob/main/internal/serialize/keyvalues.go>).
fn of_log(said: &str) -> String {
    let Some((_, error)) = said.split_once("\"command failed\" err=") else {
        return said.to_owned();
    };
    let error = error.trim();
    let quoted = serde_json::from_str::<String>(error);
    let between = error.strip_prefix('<').and_then(|it| it.strip_suffix('>'));
    match (quoted, between) {
        (Ok(error), _) => error,
        (Err(_), Some(lines)) => lines.trim().replace("\n\t", "\n"),
        (Err(_), None) => error.to_owned(),
    }
}

/// The way from one directory to another; both are absolute and without links.
fn relative(from: &Path, to: &Path) -> String {
    let from: Vec<_> = from.components().collect();
    let to: Vec<_> = to.components().collect();
    let shared = from
        .iter()
        .zip(&to)
        .take_while(|(one, other)| one == other)
        .count();
    let up = from.iter().skip(shared).map(|_| "..".to_owned());
    let down = to
        .iter()
        .skip(shared)
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = up.chain(down).collect();
    parts.join("/")
}

fn run(command: &mut Command) -> Result<String, String> {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.map_err(|error| why(&error))?;
    let (sender, receiver) = mpsc::channel();
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let errors = Builder::new().spawn(move || {
        let mut text = Vec::new();
        if let Some(mut stderr) = stderr {
            let _ = stderr.by_ref().take(MAX_STDERR).read_to_end(&mut text);
            let _ = io::copy(&mut stderr, &mut io::sink());
        }
        text
    });
    let errors = errors.map_err(|error| why(&error))?;
    let reading = Builder::new().spawn(move || {
        let mut text = Vec::new();
        let read = stdout.map_or(Ok(0), |stdout| {
            stdout.take(MAX_STDOUT).read_to_end(&mut text)
        });
        let _ = sender.send((read.map(|_| text), errors.join().unwrap_or_default()));
    });
    if let Err(error) = reading {
        let _ = child.kill();
        return Err(why(&error));
    }
    let Ok((text, errors)) = receiver.recv_timeout(LIMIT) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(format!("it did not end within {} seconds", LIMIT.as_secs()));
    };
    let status = child.wait().map_err(|error| why(&error))?;
    if !status.success() {
        let said = String::from_utf8_lossy(&errors).trim().to_owned();
        return Err(if said.is_empty() {
            format!("the program failed: {status}")
        } else {
            said
        });
    }
    let text = text.map_err(|error| why(&error))?;
    String::from_utf8(text)
        .map_err(|_| "the program printed something that is not UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::disk::kustomize::{own_words, relative};

    #[test]
    fn the_wrapper_is_not_spoken_of() {
        for (said, want) in [
            (
                "Error: accumulation err='accumulating resources from '../../repository/b': '/repository/b' must resolve to a file': recursed accumulation of path '/repository/b': no such file",
                "no such file",
            ),
            (
                "E1126 09:47:55.455727 2630 run.go:72] \"command failed\" err=\"a \\\"b\\\"\"",
                "a \"b\"",
            ),
            (
                "E1126 09:47:55.455727 2630 run.go:72] \"command failed\" err=<\n\ta: `\n\tb`\n >",
                "a: `\nb`",
            ),
            (
                "Error: in '../../repository/b/x'",
                "Error: in '/repository/b/x'",
            ),
        ] {
            assert_eq!(
                own_words(said, Path::new("/tmp/a"), Path::new("/repository/b")),
                want
            );
        }
    }

    #[test]
    fn the_way_to_a_directory_is_relative() {
        for (from, to, want) in [
            ("/tmp/a", "/repository/b/c", "../../repository/b/c"),
            ("/tmp/a", "/tmp/b", "../b"),
            ("/tmp/a", "/tmp/a/b", "b"),
        ] {
            assert_eq!(relative(Path::new(from), Path::new(to)), want);
        }
    }
}
