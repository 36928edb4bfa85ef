//! What `init` has to know: from flags, and for the rest from answers on a terminal.

use std::path::PathBuf;

use crate::adopt::draft::DraftCluster;
use crate::adopt::{Server, label};
use crate::cli::args::Init;
use crate::cli::init::questions::{self, Place, registry, whole};
use crate::cli::page::{Page, Stop};
use crate::diag::{Code, Diagnostic};
use crate::disk::input;
use crate::names::{
    ClusterName, EntryName, Fault, Namespace, RegistryName, ResourceGroup, Rule, SecretName,
    ServiceAccountName,
};
use crate::strategy::capability::StrategyKind;

/// The name, where none is given.
const NAME: &str = "sample";
/// The image, where none is given.
pub(super) const IMAGE: &str = "sample-container:0.0.1";

/// Where the workload is.
#[derive(Debug)]
pub(super) enum Workload {
    /// pullwright makes it.
    New(Box<NewWorkload>),
    /// It is in these files and directories.
    Existing(Vec<PathBuf>),
}

/// A workload that pullwright makes.
#[derive(Debug)]
pub(super) struct NewWorkload {
    pub(super) server: Server,
    pub(super) image: String,
    pub(super) account: Option<ServiceAccountName>,
}

/// The answers.
#[derive(Debug)]
pub(super) struct Answers {
    pub(super) name: String,
    pub(super) namespace: Option<Namespace>,
    pub(super) cluster: Option<DraftCluster>,
    /// The strategy, if one is chosen.
    pub(super) strategy: Option<StrategyKind>,
    pub(super) secret: Option<SecretName>,
    pub(super) workload: Workload,
}

/// Checks the flags, and asks for what is missing.
pub(super) fn complete(args: &Init, page: &mut Page<'_, '_>) -> Result<Answers, Stop> {
    let is_given = args.registry.is_some() || !args.from.is_empty();
    if !is_given && !page.io.terminals[0] {
        let message = "--registry or --from is required without a terminal";
        return Err(Diagnostic::new(Code::Usage, message)
            .help("for a new workload run `pullwright init --registry youruniquename --image sample-container:0.0.1`")
            .help("for manifests that exist run `pullwright init --from DIR`")
            .into());
    }
    let mut answers = of_flags(args, page)?;
    if !is_given {
        ask(args, &mut answers, page)?;
    }
    Ok(answers)
}

/// A flag, checked by the rule of its name.
fn flag<T>(
    value: Option<&String>,
    rule: &Rule,
    read: impl Fn(&str) -> Result<T, Fault>,
) -> Result<Option<T>, Diagnostic> {
    let Some(value) = value else {
        return Ok(None);
    };
    read(value).map(Some).map_err(|fault| {
        let message = format!("`{value}` is not a valid {}: {}", rule.noun, fault.why);
        let diagnostic = Diagnostic::new(Code::InvalidName, message);
        match fault.suggestion {
            Some(better) => diagnostic.help(format!("did you mean `{better}`?")),
            None => diagnostic,
        }
    })
}

fn of_flags(args: &Init, page: &Page<'_, '_>) -> Result<Answers, Diagnostic> {
    let name = flag(args.name.as_ref(), &EntryName::RULE, EntryName::parse)?;
    let group = args.resource_group.as_ref();
    let group = flag(group, &ResourceGroup::RULE, ResourceGroup::parse)?;
    let cluster = flag(
        args.cluster.as_ref(),
        &ClusterName::RULE,
        ClusterName::parse,
    )?;
    let account = args.service_account.as_ref();
    let account = flag(
        account,
        &ServiceAccountName::RULE,
        ServiceAccountName::parse,
    )?;
    let workload = match flag(args.registry.as_ref(), &RegistryName::RULE, registry)? {
        None => Workload::Existing(args.from.clone()),
        Some(server) => Workload::New(Box::new(NewWorkload {
            image: whole(&server, args.image.as_deref().unwrap_or(IMAGE)),
            server,
            account,
        })),
    };
    let fallback = || match &workload {
        Workload::New(_) => NAME.to_owned(),
        Workload::Existing(_) => directory_name(args, page),
    };
    Ok(Answers {
        name: name.map_or_else(fallback, |name| name.to_string()),
        namespace: flag(args.namespace.as_ref(), &Namespace::RULE, Namespace::parse)?,
        cluster: cluster.map(|name| DraftCluster {
            name,
            resource_group: group,
        }),
        strategy: args.strategy,
        secret: flag(args.secret.as_ref(), &SecretName::RULE, SecretName::parse)?,
        workload,
    })
}

/// The name of the directory that the config is in.
fn directory_name(args: &Init, page: &Page<'_, '_>) -> String {
    let path = page.io.folder.join(&args.file);
    let parent = path.parent().map(input::real).unwrap_or_default();
    let name = parent.file_name().map(|name| name.to_string_lossy());
    label(&name.unwrap_or_default())
}

fn ask(args: &Init, answers: &mut Answers, page: &mut Page<'_, '_>) -> Result<(), Stop> {
    let place = questions::place(page)?;
    if args.name.is_none() {
        answers.name = questions::name(&directory_name(args, page), page)?;
    }
    let server = match place {
        Place::Mine => {
            answers.workload = Workload::Existing(vec![questions::path(page)?]);
            None
        }
        Place::New => Some(questions::server(page)?),
    };
    if answers.cluster.is_none() {
        answers.cluster = questions::cluster(page)?;
    }
    let Some(server) = server else {
        return Ok(());
    };
    if answers.strategy.is_none() {
        answers.strategy = Some(questions::strategy(answers.cluster.as_ref(), page)?);
    }
    let image = match &args.image {
        Some(image) => whole(&server, image),
        None => questions::image(&server, page)?,
    };
    if answers.namespace.is_none() {
        answers.namespace = Some(questions::namespace(page)?);
    }
    let account = args.service_account.as_ref();
    answers.workload = Workload::New(Box::new(NewWorkload {
        account: flag(
            account,
            &ServiceAccountName::RULE,
            ServiceAccountName::parse,
        )?,
        server,
        image,
    }));
    Ok(())
}
