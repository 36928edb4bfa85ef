//! How an audit reads: the flags, and the policies of the paths.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::audit::judge::Target;
use crate::audit::policy::load::{Loaded, load};
use crate::audit::policy::paths::Paths;
use crate::audit::policy::{FILE, Policy};
use crate::cli::args::{Reading, RunsOn};
use crate::cli::audit::files::shown;
use crate::cli::page::{Page, Stop};
use crate::diag::{Code, Diagnostic, Report};
use crate::disk::{find, input};
use crate::manifest::{Kind, PodKind};
use crate::mask;
use crate::span::Source;

/// The flags, and what the policies say where no flag does.
pub(in crate::cli) struct Settings {
    pub(in crate::cli) namespace: Option<String>,
    pub(in crate::cli) target: Target,
    pub(in crate::cli) remote: bool,
    pub(in crate::cli) policies: Vec<Located>,
    /// The working directory, without links.
    folder: PathBuf,
}

/// A policy and the directory that its globs begin in.
pub(in crate::cli) struct Located {
    pub(in crate::cli) loaded: Loaded,
    /// How messages name it.
    pub(in crate::cli) shown: String,
    folder: PathBuf,
    exclude: Paths,
}

impl Settings {
    /// Reads the policy of the flag, else those in the roots of the paths.
    pub(in crate::cli) fn read(
        paths: &[PathBuf],
        reading: &Reading,
        page: &Page<'_, '_>,
    ) -> Result<Self, Stop> {
        let folder = &page.io.folder;
        let files = match &reading.policy {
            Some(file) => vec![file.clone()],
            None => in_roots(folder, paths),
        };
        let mut policies = Vec::new();
        let mut report = Report::default();
        for file in &files {
            match located(folder, file) {
                Ok(policy) => policies.push(policy),
                Err(errors) => report.extend(errors),
            }
        }
        if report.has_errors() {
            return Err(report.into());
        }
        let namespace = one(&policies, "namespace", "--namespace", |policy| {
            policy.namespace.as_ref().map(ToString::to_string)
        });
        let target = one(&policies, "target", "--target", |policy| policy.target);
        Ok(Self {
            namespace: match &reading.namespace {
                Some(namespace) => Some(namespace.clone()),
                None => namespace?,
            },
            target: match reading.target {
                Some(target) => target.into(),
                None => target?.unwrap_or_default(),
            },
            remote: reading.remote,
            policies,
            folder: input::real(folder),
        })
    }

    /// The kinds that the policies declare.
    pub(in crate::cli) fn kinds(&self) -> Vec<Kind> {
        let policies = self.policies.iter().map(|one| &one.loaded.policy);
        let kinds = policies.flat_map(|policy| &policy.kinds);
        kinds.map(PodKind::model).collect()
    }

    /// Whether a policy excludes a file, which may be relative to the working directory.
    pub(in crate::cli) fn excludes(&self, path: &Path) -> bool {
        let mut excluding = self.policies.iter().filter(|one| !one.exclude.is_empty());
        excluding.any(|one| {
            let whole = input::real(&self.folder.join(path));
            one.exclude.has(&self.path_of(one, &whole))
        })
    }

    /// The path that the globs of a policy see: from its directory, or from the working directory if the
    /// file is not below it. `whole` is without links.
    pub(in crate::cli) fn path_of(&self, policy: &Located, whole: &Path) -> String {
        let below = whole.strip_prefix(&policy.folder);
        let below = below.or_else(|_| whole.strip_prefix(&self.folder));
        shown(below.unwrap_or(whole))
    }
}

/// The policies in the roots of the paths, each once; a stream belongs to the working directory.
fn in_roots(folder: &Path, paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut seen = BTreeSet::new();
    let mut files = Vec::new();
    for path in paths {
        let root = match path.to_str() {
            Some("-" | ".") => Path::new(""),
            _ => path.as_path(),
        };
        let file = root.join(FILE);
        let whole = folder.join(&file);
        if find::exists(&whole) && seen.insert(input::real(&whole)) {
            files.push(file);
        }
    }
    files
}

fn located(folder: &Path, file: &Path) -> Result<Located, Report> {
    let name = shown(file);
    let whole = folder.join(file);
    let text = input::read_policy(&whole, &name)?;
    let loaded = load(Source::new(name.as_str(), text)).map_err(mask::named)?;
    let parent = input::real(&whole).parent().map(Path::to_owned);
    Ok(Located {
        exclude: Paths::new(&loaded.policy.exclude),
        loaded,
        shown: name,
        folder: parent.unwrap_or_default(),
    })
}

/// What the policies say, which must be one thing.
fn one<T: PartialEq>(
    policies: &[Located],
    key: &str,
    flag: &str,
    value: impl Fn(&Policy) -> Option<T>,
) -> Result<Option<T>, Diagnostic> {
    let mut found: Option<(T, &str)> = None;
    for policy in policies {
        let Some(value) = value(&policy.loaded.policy) else {
            continue;
        };
        match &found {
            Some((first, at)) if *first != value => {
                let message = format!(
                    "`{at}` and `{}` set different values of `{key}`",
                    policy.shown
                );
                return Err(Diagnostic::new(Code::Usage, message)
                    .help(format!("pass {flag}, or audit the directories one by one")));
            }
            Some(_) => {}
            None => found = Some((value, &policy.shown)),
        }
    }
    Ok(found.map(|(value, _)| value))
}

impl From<RunsOn> for Target {
    fn from(runs_on: RunsOn) -> Self {
        match runs_on {
            RunsOn::Aks => Self::Aks,
            RunsOn::AksVirtualNode => Self::AksVirtualNode,
            RunsOn::Other => Self::Other,
        }
    }
}
