//! Outputs that no config of a run owns: GitOps goes on deploying them, and nothing else would tell.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::artifact::{below, runtime};
use crate::change::Kind;
use crate::clean;
use crate::cli::args::DEFAULT_CONFIG;
use crate::cli::batch::{self, Inputs, Outcome};
use crate::cli::session::{Look, Session, Target, Turn};
use crate::cli::world::World;
use crate::cli::{drift, misnamed};
use crate::diag::{Code, Diagnostic, Report, Subject};
use crate::disk::{Place, find, input};
use crate::lock::{self, Lock, Owner};

/// Why no config owns an output directory.
pub(super) struct Orphan {
    pub(super) diagnostic: Diagnostic,
    /// Whether no config can want the outputs any more.
    pub(super) is_certain: bool,
    /// How many directories of the outputs may be left empty.
    pub(super) levels: usize,
}

/// What a run knows of its configs.
struct Run<'a> {
    /// How the command names them: "`.`", for a command that people copy.
    names: String,
    /// The configs, whether or not they are valid, without links.
    configs: BTreeSet<PathBuf>,
    /// Those that could be compared, and where they write.
    targets: Vec<(&'a Path, &'a Target)>,
    world: World<'a>,
}

/// Looks at the directories of locks that no config of the run owns. Locks that belong to no config in
/// particular were rendered by hand to where they are.
pub(super) fn find(
    inputs: &Inputs,
    names: &[PathBuf],
    outcomes: &[Outcome<Look>],
    turn: Turn,
    world: World<'_>,
) -> Vec<Outcome<Look>> {
    let looks = outcomes.iter().filter_map(|one| one.result.as_ref().ok());
    let names = names
        .iter()
        .map(|name| batch::argument(&name.display().to_string()));
    let run = Run {
        names: names.collect::<Vec<String>>().join(" "),
        configs: inputs.configs.clone(),
        targets: looks
            .filter_map(|look| Some((look.claim.config.as_deref()?, &look.target)))
            .collect(),
        world,
    };
    let mut seen: BTreeSet<PathBuf> = run
        .targets
        .iter()
        .map(|(_, target)| input::real(&target.path))
        .collect();
    let mut found = Vec::new();
    for shown in &inputs.locks {
        let path = input::normal(&world.folder.join(shown));
        let Some(folder) = path.parent().map(Path::to_owned) else {
            continue;
        };
        if !seen.insert(input::real(&folder)) {
            continue;
        }
        let result = run.look(folder, shown, turn);
        found.extend(result.transpose().map(|result| Outcome {
            shown: shown.display().to_string(),
            result,
        }));
    }
    found
}

impl Run<'_> {
    /// A look at a directory with a lock, if no config owns it.
    fn look(&self, folder: PathBuf, lock: &Path, turn: Turn) -> Result<Option<Look>, Report> {
        let shown = match lock.parent().map(|parent| parent.display().to_string()) {
            Some(shown) if !shown.is_empty() => shown,
            Some(_) | None => ".".to_owned(),
        };
        let place = Place::named(&folder, &shown)?;
        let target = Target {
            path: folder,
            shown,
        };
        let found = match place.folder() {
            Some(there) => match there.read_lock() {
                Ok(found) => found,
                // The message about the config that writes there says the same.
                Err(_) if self.is_written_to(&target) => return Ok(None),
                Err(error) => return Err(error.into()),
            },
            None => return Ok(None),
        };
        match self.orphan(&target, &found.lock) {
            Some(orphan) => {
                let mut look = Look::of_orphan(target, (place, orphan), turn, self.world)?;
                let help = self.removal(&look);
                if let Some(orphan) = look.orphan.as_mut().filter(|one| one.is_certain) {
                    orphan.diagnostic.help.extend(help);
                }
                Ok(Some(look))
            }
            None => Ok(None),
        }
    }

    /// How to remove outputs of no config, scripts included.
    fn removal(&self, look: &Look) -> Vec<String> {
        let shown = &look.target.shown;
        let scripts = look.stale_scripts();
        let scripts = scripts.filter(|script| script.path != runtime::PATH);
        let scripts = scripts.take(MOST_SCRIPTS);
        let undo = scripts.map(|script| drift::removal(look, script, &self.names));
        let undo: Vec<String> = undo.collect();
        if !undo.is_empty() {
            return undo;
        }
        let edited = look.comparison.changes.iter();
        let edited = edited.filter(|change| change.kind == Kind::StaleEdited);
        let edited = edited.take(MOST_SCRIPTS).map(|change| {
            let file = clean::path(&below(shown, &change.path));
            format!("move your edits elsewhere, then remove the file with `rm {file}`")
        });
        let mut all: Vec<String> = edited.collect();
        let flag = look.stale_scripts().next().map(drift::prune_flag);
        all.push(format!(
            "remove it with `pullwright render {} {}`",
            flag.unwrap_or("--prune"),
            self.names
        ));
        all
    }

    /// Why no config owns a directory, if none does.
    fn orphan(&self, target: &Target, lock: &Lock) -> Option<Orphan> {
        let shown = &target.shown;
        let (why, help, is_certain) = match &lock.config {
            Some(Owner::Shared) => return None,
            Some(Owner::Config(path)) => {
                let config = input::normal(&target.path.join(path));
                let name = self.name(&config);
                let real = input::real(&config);
                let now = self.targets.iter().find(|(config, _)| **config == real);
                if let Some((_, elsewhere)) = now {
                    let now = &elsewhere.shown;
                    let why = format!("was rendered by `{name}`, which writes to `{now}` now");
                    (why, Vec::new(), true)
                } else if self.configs.contains(&real) {
                    // The messages about the config come first.
                    return None;
                } else if find::exists(&config) {
                    let why = format!("belongs to `{name}`, which is not part of this run");
                    (why, self.pass(&config), false)
                } else {
                    let others = self.others(target);
                    let why = format!("was rendered by `{name}`, which does not exist");
                    match others.as_slice() {
                        [] => (why, Vec::new(), true),
                        others => (
                            why,
                            others.iter().flat_map(|one| self.pass(one)).collect(),
                            false,
                        ),
                    }
                }
            }
            None => {
                let why = "was rendered by a config that is not part of this run".to_owned();
                let mut help: Vec<String> = self
                    .others(target)
                    .iter()
                    .flat_map(|one| self.pass(one))
                    .collect();
                if help.is_empty() {
                    let folder = clean::path(shown);
                    help.push(format!(
                        "pass its config as well, or remove the directory with `rm -r {folder}`"
                    ));
                }
                (why, help, false)
            }
        };
        let file = below(shown, lock::NAME);
        let diagnostic = Diagnostic::new(Code::OutputOrphaned, format!("`{shown}` {why}"));
        let diagnostic = diagnostic.about(Subject::file(file));
        Some(Orphan {
            diagnostic: help.into_iter().fold(diagnostic, Diagnostic::help),
            is_certain,
            levels: lock.config.as_ref().map_or(0, Owner::levels),
        })
    }

    /// Configs that are not part of the run, lie beside the directory or above it, and may write to it.
    fn others(&self, target: &Target) -> Vec<PathBuf> {
        let within = |folder: &&Path| folder.starts_with(self.world.folder);
        let folders = target.path.ancestors().take_while(within).take(MOST_ABOVE);
        let files = folders.flat_map(misnamed::beside);
        let is_other = |file: &PathBuf| {
            !self.configs.contains(&input::real(file)) && self.may_write_to(file, target)
        };
        files.filter(is_other).collect()
    }

    /// Whether a config of the run writes to the directory.
    fn is_written_to(&self, target: &Target) -> bool {
        let mut configs = self.configs.iter();
        configs.any(|config| self.may_write_to(config, target))
    }

    /// Whether a config writes to the directory; of one that is not valid that is not known.
    fn may_write_to(&self, config: &Path, target: &Target) -> bool {
        let job = batch::Job {
            shown: self.name(config),
            path: config.to_owned(),
            text: None,
        };
        match Session::open(&job, self.world.folder).map(|session| session.own_target()) {
            Ok(path) => path == target.path,
            Err(_) => true,
        }
    }

    /// How to make a config part of the run.
    fn pass(&self, config: &Path) -> Vec<String> {
        let name = self.name(config);
        let argument = batch::argument(&name);
        let pass = format!(
            "pass `{name}` as well: `pullwright render {} {argument}`",
            self.names
        );
        let is_default = config
            .file_name()
            .is_some_and(|name| name == DEFAULT_CONFIG);
        vec![if is_default {
            format!("{pass}; git ignores it, or it is not below these directories")
        } else {
            format!("{pass}; or rename it to `{DEFAULT_CONFIG}`")
        }]
    }

    fn name(&self, config: &Path) -> String {
        let name = config.strip_prefix(self.world.folder).unwrap_or(config);
        name.display().to_string()
    }
}

/// More scripts than that are not listed.
const MOST_SCRIPTS: usize = 10;
/// No output directory is so far below its config.
const MOST_ABOVE: usize = 16;
