//! What `validate`, `render`, `diff` and `check` do with one config: read, planned, rendered, compared.

mod prepared;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::change::{Change, Prune};
use crate::clean;
use crate::cli::args::DEFAULT_CONFIG;
use crate::cli::attributes;
use crate::cli::batch::{self, Job};
use crate::cli::claims::Claim;
use crate::cli::comparison::Comparison;
use crate::cli::include::Files;
use crate::cli::orphans::Orphan;
use crate::cli::world::{Credentials, World};
use crate::config::Access;
use crate::config::load::{self, Loaded};
use crate::diag::{Code, Diagnostic, Report};
use crate::disk::{self, Folder, Place, apart, input};
use crate::lock::{Lock, Owner};
use crate::mask::{self, Known};
use crate::plan;
use crate::render::{Renderer, Templates};
use crate::span;

pub(super) use crate::cli::session::prepared::Prepared;

/// A valid config and where it is.
pub(super) struct Session {
    pub(super) loaded: Loaded,
    /// Where it is, without links; stdin has no place.
    config: Option<PathBuf>,
    /// The directory that the config's own paths are relative to.
    folder: PathBuf,
    /// How the first comment of each output names the config.
    name: String,
}

/// Where the files go.
pub(super) struct Target {
    pub(super) path: PathBuf,
    /// How messages name it.
    pub(super) shown: String,
}

/// A config, and its output directory compared with it.
pub(super) struct Look {
    /// The config; outputs that no config owns have none.
    pub(super) loaded: Option<Loaded>,
    pub(super) prepared: Prepared,
    pub(super) target: Target,
    pub(super) comparison: Comparison,
    /// What makes a command that people copy one about this config and this directory.
    pub(super) argument: String,
    pub(super) claim: Claim,
    /// Why no config owns the directory, if none does.
    pub(super) orphan: Option<Orphan>,
    /// The output directory, held for the write; `None` if nothing is written after the look.
    pub(super) place: Option<Place>,
    /// Outputs that a commit would leave out, if they were requested.
    pub(super) untracked: Report,
    /// Secrets in clear text that a commit leaves out, as it should.
    pub(super) exempt: Vec<String>,
}

impl Look {
    /// A look at the outputs in `folder` that no config owns: none of them is to be made.
    pub(super) fn of_orphan(
        target: Target,
        found: (Place, Orphan),
        turn: Turn,
        world: World<'_>,
    ) -> Result<Self, Report> {
        let (place, orphan) = found;
        let prepared = Prepared {
            planned: Vec::new(),
            renderer: world.built_in(),
            warnings: Report::default(),
            known: Arc::default(),
        };
        let claim = Claim::default();
        let comparison = prepared.compare(prepared.look(place.folder())?, &claim)?;
        Ok(Self {
            loaded: None,
            prepared,
            target,
            comparison,
            argument: String::new(),
            claim,
            orphan: Some(orphan),
            place: (turn == Turn::Own).then_some(place),
            untracked: Report::default(),
            exempt: Vec::new(),
        })
    }

    /// Which stale files a run removes that is to remove `prune`: what a config may still want stays.
    pub(super) fn prune(&self, prune: Prune) -> Prune {
        match &self.orphan {
            Some(orphan) if !orphan.is_certain => Prune::Nothing,
            // There is nothing to keep.
            Some(_) | None
                if prune == Prune::Manifests && self.stale_scripts().next().is_none() =>
            {
                Prune::All
            }
            Some(_) | None => prune,
        }
    }

    /// The scripts that the config no longer generates.
    pub(super) fn stale_scripts(&self) -> impl Iterator<Item = &Change> {
        let changes = self.comparison.changes.iter();
        changes.filter(|change| change.is_stale_script())
    }

    /// Whether the directory does not match the config, or has none.
    pub(super) fn differs(&self) -> bool {
        self.orphan.is_some() || self.comparison.differs()
    }

    /// The lock after such a run; `None` if all that it records is gone, and wanted by no config.
    pub(super) fn next_lock(&self, prune: Prune) -> Option<Lock> {
        let prune = self.prune(prune);
        let mut next = self.comparison.next_lock(prune);
        if self.orphan.is_some() {
            next.config.clone_from(&self.comparison.lock.config);
        }
        let is_gone = self.orphan.is_some() && prune != Prune::Nothing && next.files.is_empty();
        (!is_gone).then_some(next)
    }
}

/// Whether another run may change the directory while it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It may: nothing is written after the look.
    Any,
    /// It waits.
    Own,
}

impl Look {
    /// Reads a config and looks at its output directory.
    pub(super) fn at(
        job: &Job,
        out: Option<&Path>,
        turn: Turn,
        world: World<'_>,
    ) -> Result<Self, Report> {
        let session = Session::open(job, world.folder)?;
        let (target, claim, place) = session.target(out, world)?;
        if turn == Turn::Own && place.folder().is_some() {
            place.lock()?;
        }
        let looked = session.look(place.folder(), &claim, turn, world);
        place.unlock();
        let (prepared, comparison) = looked?;
        Ok(Self {
            loaded: Some(session.loaded),
            prepared,
            target,
            comparison,
            argument: match out {
                Some(out) => {
                    let out = clean::path(&out.display().to_string());
                    format!("--out {out} {}", batch::argument(&job.shown))
                }
                None => batch::argument(&job.shown),
            },
            claim,
            orphan: None,
            place: (turn == Turn::Own).then_some(place),
            untracked: Report::default(),
            exempt: Vec::new(),
        })
    }
}

impl Session {
    /// Reads and checks a config, in a run that has `here` as its working directory.
    pub(super) fn open(job: &Job, here: &Path) -> Result<Self, Report> {
        let text = match &job.text {
            Some(text) => text.clone(),
            None => input::read_text(&job.path, &job.shown)?,
        };
        let name = match job.path.file_name() {
            // The bytes of the outputs must not tell which way a config came in.
            Some(name) => name.to_string_lossy().into_owned(),
            None => DEFAULT_CONFIG.to_owned(),
        };
        let folder = job.path.parent().unwrap_or(&job.path).to_owned();
        let source = span::Source::new(&job.shown, text);
        // It may be no config at all.
        let files = Files::of(&folder, here);
        let loaded = load::load(source, &files).map_err(mask::guarded)?;
        let config = job.text.is_none().then(|| input::real(&job.path));
        Ok(Self {
            loaded,
            config,
            folder,
            name,
        })
    }

    /// A config that was read elsewhere, with its own paths relative to `folder`.
    pub(super) fn of(loaded: Loaded, folder: PathBuf) -> Self {
        Self {
            loaded,
            config: None,
            folder,
            name: DEFAULT_CONFIG.to_owned(),
        }
    }

    /// The directory that the config sets.
    fn output(&self) -> &str {
        let own = self.loaded.config.spec.output.as_ref();
        own.map_or("k8s", |output| output.as_str())
            .trim_end_matches('/')
    }

    /// Where that directory is.
    pub(super) fn own_target(&self) -> PathBuf {
        input::normal(&self.folder.join(self.output()))
    }

    /// The output directory: `--out`, else the config's own, else `k8s`, the latter two beside the
    /// config and not behind links.
    fn target(
        &self,
        out: Option<&Path>,
        world: World<'_>,
    ) -> Result<(Target, Claim, Place), Diagnostic> {
        let relative = self.output();
        let path = self.own_target();
        let claim = |folder: &Path| {
            let parts = relative.split('/');
            let levels = parts.filter(|part| !matches!(*part, "" | ".")).count();
            Claim {
                own: (folder == path && self.config.is_some())
                    .then(|| Owner::above(levels, &self.name))
                    .flatten(),
                config: self.config.clone(),
                folder: folder.to_owned(),
            }
        };
        if let Some(out) = out {
            let path = input::normal(&world.folder.join(out));
            let shown = out.display().to_string();
            let place = Place::named(&path, &shown)?;
            let claim = claim(&path);
            return Ok((Target { path, shown }, claim, place));
        }
        let shown = path.strip_prefix(world.folder).unwrap_or(&path);
        let shown = match shown.to_string_lossy() {
            here if here.is_empty() => ".".to_owned(),
            shown => shown.into_owned(),
        };
        let place = Place::below(&self.folder, relative, &shown)?;
        let claim = claim(&path);
        Ok((Target { path, shown }, claim, place))
    }

    /// What is to be made, against what is in the directory. A run that writes clears away first what one
    /// that was killed has left: secrets may be in it, and this one may be refused.
    fn look(
        &self,
        folder: Option<Folder<'_>>,
        claim: &Claim,
        turn: Turn,
        world: World<'_>,
    ) -> Result<(Prepared, Comparison), Report> {
        if let (Some(folder), Turn::Own) = (folder, turn) {
            disk::tidy(folder);
        }
        let mut prepared = self.prepare(world)?;
        let seen = prepared.look(folder)?;
        let shown = folder.map_or("", |folder| folder.shown());
        let warning = attributes::warning(&prepared.planned, &seen.existing, shown);
        prepared.warnings.extend(warning.into_iter().collect());
        let comparison = prepared.compare(seen, claim)?;
        Ok((prepared, comparison))
    }

    /// What is to be made, and with which templates.
    pub(super) fn prepare(&self, world: World<'_>) -> Result<Prepared, Report> {
        let (renderer, mut warnings) = self.renderer(world)?;
        let credentials = self.credentials(world);
        let planned = plan::plan(&self.loaded, &self.name, &credentials, world.max_files)?;
        let secrets = planned.iter().flat_map(|file| &file.secrets);
        let known = Known::new(secrets.map(|(_, secret)| secret));
        warnings = known.hidden(warnings);
        Ok(Prepared {
            planned,
            renderer,
            warnings,
            known: Arc::new(known),
        })
    }

    /// The scripts of an entry, each with all that it needs, and what renders them. No credential is read.
    pub(super) fn prepare_scripts(
        &self,
        entry: &Access,
        world: World<'_>,
    ) -> Result<Prepared, Report> {
        let (renderer, warnings) = self.renderer(world)?;
        let credentials = self.credentials(world);
        Ok(Prepared {
            planned: plan::standalone_scripts(&self.loaded, entry, &self.name, &credentials),
            renderer,
            warnings,
            known: Arc::default(),
        })
    }

    fn credentials<'a>(&'a self, world: World<'a>) -> Credentials<'a> {
        Credentials {
            environment: world.environment,
            folder: &self.folder,
        }
    }

    /// What renders with the templates of the config, and the warnings about both.
    fn renderer(&self, world: World<'_>) -> Result<(Arc<Renderer>, Report), Report> {
        let mut warnings = self.loaded.warnings.clone();
        let renderer = match &self.loaded.config.spec.templates {
            None => world.built_in(),
            Some(folder) => {
                let own = disk::read_templates(&self.folder, folder.as_str(), world.folder)?;
                let path = input::normal(&self.folder.join(folder.as_str()));
                let shown = path.strip_prefix(world.folder).unwrap_or(&path);
                let templates = Templates::with(own).in_folder(shown.display().to_string());
                for name in templates.unused() {
                    let message =
                        format!("`{folder}/{name}` is not a template that pullwright uses");
                    warnings.push(
                        Diagnostic::new(Code::TemplateUnused, message)
                            .help("list the names with `pullwright templates list`"),
                    );
                }
                for name in templates.outdated() {
                    let message = format!(
                        "built-in template `{name}` has changed since `{folder}/{name}` was copied"
                    );
                    let from = clean::path(&shown.display().to_string());
                    warnings.push(Diagnostic::new(Code::TemplateOutdated, message).help(format!(
                        "take over what has changed (`pullwright templates diff {name} --from {from}`), then replace the first line by that of `pullwright templates eject {name} --to -`"
                    )));
                }
                let program = world.program.to_owned();
                let start = move |texts| apart::start(&program, texts);
                Arc::new(Renderer::apart(templates, Box::new(start)))
            }
        };
        Ok((renderer, warnings))
    }
}
