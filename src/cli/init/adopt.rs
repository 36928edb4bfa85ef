//! A config for manifests that exist: read as `audit` reads them, served, and judged again with the config.

use std::path::PathBuf;

use crate::adopt::{Adoption, Draft, Options, Outcome, WithoutSecret, adopt};
use crate::audit;
use crate::audit::resolve::World;
use crate::cli::args::{Init, Reading, SCHEMA_FILE};
use crate::cli::audit::{Gathered, now};
use crate::cli::init::answers::Answers;
use crate::cli::init::{checked, new, report};
use crate::cli::page::{Page, Stop};
use crate::diag::{Code, Diagnostic};
use crate::disk::find;
use crate::mask;
use crate::names::Namespace;
use crate::strategy::capability::StrategyKind;

/// The namespace of objects that set none, where none is given.
const NAMESPACE: &str = "default";
/// The default output directory.
const USUAL: &str = "k8s";
/// The output directory, where the default one holds something else.
const OUTPUT: &str = "pull-access";

pub(super) fn draft(
    args: &Init,
    answers: &Answers,
    paths: &[PathBuf],
    page: &mut Page<'_, '_>,
) -> Result<Draft, Stop> {
    let options = options(answers)?;
    let reading = Reading {
        namespace: args.namespace.clone(),
        target: None,
        policy: None,
        remote: false,
    };
    let mut gathered = Gathered::read(paths, &reading, page)?;
    let adoption = {
        let facts = &gathered.inputs.facts;
        let world = World::new(facts, now());
        let judged = audit::verdicts(facts, &world, &gathered.knowledge);
        adopt(facts, &judged, &world, &gathered.knowledge, &options)
    };
    let from: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let from = format!("`{}`", from.join("`, `"));
    if adoption.entries.is_empty() {
        report::unserved(&gathered, &adoption.outcomes, page)?;
        return Err(nothing(&adoption.outcomes, &from).into());
    }
    let draft = draft_of(args, answers, &from, &adoption, page);
    gathered.add_config(&args.file, &checked(&draft)?, &page.io.folder);
    report::all(&gathered, &adoption, &options, page)?;
    Ok(draft)
}

/// What decides about pods that reference no Secret: the cluster, unless a strategy is given.
fn options(answers: &Answers) -> Result<Options, Diagnostic> {
    let is_aks = new::can_attach(answers).is_ok();
    let without_secret = match answers.strategy {
        None if is_aks => WithoutSecret::Attach,
        None => WithoutSecret::Account,
        Some(StrategyKind::Attach) => {
            new::can_attach(answers)?;
            WithoutSecret::AttachAll
        }
        Some(kind @ (StrategyKind::Secret | StrategyKind::ServiceAccount)) => {
            let message = format!(
                "--from chooses between `{}` and other strategies by what the pods reference",
                kind.word()
            );
            let help =
                "remove --strategy, or pass `--strategy attach` to let the nodes pull everything";
            return Err(Diagnostic::new(Code::Usage, message).help(help));
        }
    };
    let namespace = answers.namespace.clone();
    Ok(Options {
        name: answers.name.clone(),
        namespace: match namespace.map_or_else(|| Namespace::parse(NAMESPACE), Ok) {
            Ok(namespace) => namespace,
            Err(fault) => return Err(Diagnostic::new(Code::InvalidName, fault.why)),
        },
        secret: answers.secret.clone(),
        delivery: new::delivery(answers),
        without_secret,
    })
}

/// Why there is no config to write.
fn nothing(outcomes: &[Outcome], from: &str) -> Diagnostic {
    let is_protected = |one: &&Outcome| !matches!(one, Outcome::NotProtected);
    let is_left = |one: &&Outcome| matches!(one, Outcome::Left(_));
    let protected = outcomes.iter().filter(is_protected).count();
    let left: Vec<&Outcome> = outcomes.iter().filter(is_left).collect();
    let diagnostic = |message: String| Diagnostic::new(Code::NoConfig, message);
    match left.first() {
        _ if protected == 0 => diagnostic(format!(
            "no pod in {from} has an image of an Azure container registry"
        ))
        .help("pass the files with your Deployments, or pipe the output of `helm template` or `kubectl get`"),
        Some(Outcome::Left(why)) if left.len() == protected => diagnostic(format!(
            "no pod in {from} needs an access entry: {why}"
        ))
        .help(format!("run `pullwright audit {}` to see how each image is pulled", from.replace('`', ""))),
        _ => diagnostic(format!("no access entry can serve the pods in {from}"))
            .help("fix what is reported above, and run `pullwright init` again"),
    }
}

fn draft_of(
    args: &Init,
    answers: &Answers,
    from: &str,
    adoption: &Adoption,
    page: &Page<'_, '_>,
) -> Draft {
    let mut access = adoption.entries.clone();
    for comment in access.iter_mut().flat_map(|entry| &mut entry.comments) {
        *comment = mask::names(comment);
    }
    let comments = [
        format!(
            "Serves the manifests in {}. They stay as they are: no entry has `workloads`.",
            mask::names(from)
        ),
        "Check it with `pullwright audit`, which reads the manifests together with this config."
            .to_owned(),
    ];
    Draft {
        schema: SCHEMA_FILE.to_owned(),
        comments: comments.to_vec(),
        name: answers.name.clone(),
        output: output(args, page),
        registries: adoption.servers.clone(),
        cluster: answers.cluster.clone(),
        access,
    }
}

/// An output directory that holds nothing else.
fn output(args: &Init, page: &Page<'_, '_>) -> Option<String> {
    let config = page.io.folder.join(&args.file);
    let parent = config.parent()?;
    if !find::exists(&parent.join(USUAL)) {
        return None;
    }
    let numbered = (2..).map(|at| format!("{OUTPUT}-{at}"));
    let mut all = std::iter::once(OUTPUT.to_owned()).chain(numbered);
    all.find(|name| !find::exists(&parent.join(name)))
}
