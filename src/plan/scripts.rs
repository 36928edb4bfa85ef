//! What all scripts of an output directory share: the runtime that they load, and the script that runs them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::artifact::{
    Context, Expect, PlannedFile, RUNNER, ScriptKind, Sharing, Template, runtime,
};
use crate::model::ScriptForm;
use crate::strategy::context::{Load, Opening};

/// A script that runs all scripts of the output directory in their order.
#[derive(Serialize, JsonSchema)]
pub(super) struct Runner<'a> {
    #[serde(flatten)]
    opening: Opening<'a>,
    #[serde(flatten)]
    load: Load,
    /// The scripts, in the order in which they run.
    scripts: Vec<Part<'a>>,
}

impl Template for Runner<'_> {
    const NAME: &'static str = "script/pull-access.sh.j2";
}

/// A script that the runner runs.
#[derive(Serialize, JsonSchema)]
struct Part<'a> {
    /// What the script does.
    kind: ScriptKind,
    /// Path of the script, relative to the output directory.
    path: &'a str,
    /// Name of the cluster that the script acts on.
    cluster: &'a str,
}

/// The scripts of an entry in the order in which they run: cluster by cluster, and what writes a Secret
/// before what refers to it.
pub(super) fn order(files: &[PlannedFile], clusters: &[&str]) -> Vec<PlannedFile> {
    let place = |file: &PlannedFile| {
        let part = part(file)?;
        let cluster = clusters.iter().position(|one| *one == part.cluster);
        Some((cluster, part.kind))
    };
    let mut scripts: Vec<PlannedFile> = files
        .iter()
        .filter(|one| part(one).is_some())
        .cloned()
        .collect();
    scripts.sort_by_key(place);
    scripts
}

/// The runner of these scripts, and the runtime if they load it; nothing without scripts.
pub(super) fn shared(scripts: &[PlannedFile], config: &str, form: ScriptForm) -> Vec<PlannedFile> {
    if scripts.is_empty() {
        return Vec::new();
    }
    let mut files = vec![runner(scripts, config, form)];
    match form {
        ScriptForm::Shared => files.push(library()),
        ScriptForm::Standalone => {}
    }
    files
}

fn runner(scripts: &[PlannedFile], config: &str, form: ScriptForm) -> PlannedFile {
    let context = Runner {
        opening: Opening { config },
        load: Load {
            standalone: form.is_standalone(),
        },
        scripts: scripts.iter().filter_map(part).collect(),
    };
    file(
        RUNNER,
        Runner::NAME,
        Context::of(&context),
        Expect::Runner {
            scripts: scripts.iter().map(|one| one.path.clone()).collect(),
        },
    )
}

fn library() -> PlannedFile {
    let nothing = serde_json::Map::new();
    file(
        runtime::PATH,
        runtime::TEMPLATE,
        Context::of(&nothing),
        Expect::Library,
    )
}

fn file(path: &str, template: &'static str, context: Context, expect: Expect) -> PlannedFile {
    PlannedFile {
        path: path.to_owned(),
        template,
        context,
        own: Vec::new(),
        secrets: Vec::new(),
        access: None,
        expect,
        sharing: Sharing::Own,
    }
}

/// What the runner says of a file, if it is a script.
fn part(file: &PlannedFile) -> Option<Part<'_>> {
    match &file.expect {
        Expect::Script { kind, cluster, .. } => Some(Part {
            kind: *kind,
            path: &file.path,
            cluster,
        }),
        Expect::Object { .. }
        | Expect::Local { .. }
        | Expect::Kustomize { .. }
        | Expect::Runner { .. }
        | Expect::Library
        | Expect::Attributes => None,
    }
}
