//! `init`: a small config from flags, or from answers on a terminal.

use std::fmt::Write as _;

use crate::clean;
use crate::cli::Exit;
use crate::cli::args::Init;
use crate::cli::page::{Ending, Page, Paint, Stop};
use crate::config::{load, schema};
use crate::diag::{Code, Diagnostic};
use crate::disk::input;
use crate::document::quote::string;
use crate::span::Source;
use crate::strategy::capability::StrategyKind;

/// The strategy, where none is given.
const DEFAULT: StrategyKind = StrategyKind::Secret;
/// The schema beside the config, for editors.
const SCHEMA_FILE: &str = "pullwright.schema.json";

pub(super) fn run(args: &Init, page: &mut Page<'_, '_>) -> Ending {
    let args = complete(args.clone(), page)?;
    let text = config(&args);
    load::load(Source::new("the new config", &text))?;
    if args.file.as_os_str() == "-" {
        page.data(&text)?;
        return Ok(Exit::Ok);
    }
    let path = page.io.folder.join(&args.file);
    let shown = args.file.display().to_string();
    input::write_new(&path, &shown, &text, args.force)?;
    page.note(Paint::Green, "created", &shown)?;
    let beside = path.with_file_name(SCHEMA_FILE);
    let beside_shown = args.file.with_file_name(SCHEMA_FILE).display().to_string();
    if input::write_new(&beside, &beside_shown, schema::TEXT, false).is_ok() {
        page.note(
            Paint::Green,
            "created",
            &format!("{beside_shown} (for editors)"),
        )?;
    }
    page.note(
        Paint::Bold,
        "next:",
        &format!("pullwright render {}", clean::path(&shown)),
    )?;
    Ok(Exit::Ok)
}

/// Asks for what is missing.
fn complete(mut args: Init, page: &mut Page<'_, '_>) -> Result<Init, Stop> {
    if args.registry.is_some() {
        return Ok(args);
    }
    if !page.io.terminals[0] {
        let diagnostic = Diagnostic::new(Code::Usage, "--registry is required without a terminal");
        return Err(diagnostic
            .help("for example `pullwright init --registry youruniquename --image sample-container:0.0.1`")
            .into());
    }
    args.registry = Some(ask(page, "name of the registry", "youruniquename")?);
    if args.strategy.is_none() {
        let words: Vec<&str> = StrategyKind::ALL.iter().map(|one| one.word()).collect();
        let question = format!("strategy ({})", words.join(", "));
        args.strategy = Some(loop {
            let answer = ask(page, &question, DEFAULT.word())?;
            match StrategyKind::ALL.iter().find(|one| one.word() == answer) {
                Some(strategy) => break *strategy,
                None => page.note(
                    Paint::Yellow,
                    "note:",
                    &format!("answer with one of {}", words.join(", ")),
                )?,
            }
        });
    }
    if args.image.is_none() {
        args.image = Some(ask(page, "image", "sample-container:0.0.1")?);
    }
    if args.namespace.is_none() {
        args.namespace = Some(ask(page, "namespace", "default")?);
    }
    if args.cluster.is_none() {
        args.cluster = Some(ask(page, "cluster", "prod")?);
    }
    if args.resource_group.is_none() {
        let answer = ask(
            page,
            "resource group of the AKS cluster (- if not AKS)",
            "rg-prod",
        )?;
        args.resource_group = (answer != "-").then_some(answer);
    }
    Ok(args)
}

/// One question on stderr, one line of stdin; an empty line is the default.
fn ask(page: &mut Page<'_, '_>, question: &str, default: &str) -> Result<String, Stop> {
    page.question(&format!("{question} [{default}]: "))?;
    let mut line = Vec::new();
    let mut byte = [0];
    while page.io.stdin.read(&mut byte)? == 1 && byte[0] != b'\n' && line.len() < 10_000 {
        line.push(byte[0]);
    }
    let answer = String::from_utf8_lossy(&line).trim().to_owned();
    Ok(if answer.is_empty() {
        default.to_owned()
    } else {
        answer
    })
}

/// The config's text. Values are quoted, so whatever a flag holds reads back as itself.
fn config(args: &Init) -> String {
    let value = |flag: &Option<String>, default: &str| string(flag.as_deref().unwrap_or(default));
    let registry = args.registry.as_deref().unwrap_or_default();
    let strategy = args.strategy.unwrap_or(DEFAULT);
    let name = value(&args.name, "sample");
    let image = args.image.as_deref().unwrap_or("sample-container:0.0.1");
    let has_host = image
        .split('/')
        .next()
        .is_some_and(|first| first.contains(['.', ':']) && image.contains('/'));
    let image = if has_host {
        image.to_owned()
    } else {
        format!("{registry}.azurecr.io/{image}")
    };
    let path = image.split_once('/').map_or("", |(_, path)| path);
    let repository = path.split(['@', ':']).next().unwrap_or_default();
    let mut out = String::new();
    let _ = write!(
        out,
        "# yaml-language-server: $schema={SCHEMA_FILE}\n\
         apiVersion: pullwright.dev/v1alpha1\n\
         kind: PullAccess\n\
         metadata:\n  name: {name}\n\
         spec:\n  registries:\n    - name: {}\n",
        string(registry),
    );
    let _ = writeln!(
        out,
        "  clusters:\n    - name: {}",
        value(&args.cluster, "prod")
    );
    match (&args.resource_group, strategy) {
        (None, StrategyKind::Secret | StrategyKind::ServiceAccount) => {
            out.push_str("      kind: generic\n")
        }
        (group, StrategyKind::Secret | StrategyKind::ServiceAccount | StrategyKind::Attach) => {
            let _ = writeln!(
                out,
                "      kind: aks\n      resourceGroup: {}",
                value(group, "rg-prod")
            );
        }
    }
    let word = strategy.word();
    let _ = write!(
        out,
        "  access:\n    - name: {name}\n      strategy: {word}\n      registries: [{}]\n      namespaces: [{}]\n",
        string(registry),
        value(&args.namespace, "default"),
    );
    let secret = || {
        format!(
            "      secret:\n        name: {}\n        delivery: script\n        credential:\n          type: token\n          name: sample-pull\n          repositories: [{}]\n          expiresInDays: 90\n",
            value(&args.secret, "acr-secret"),
            string(repository),
        )
    };
    out.push_str(&match strategy {
        StrategyKind::Secret => secret(),
        StrategyKind::ServiceAccount => {
            let account = value(&args.service_account, "sample-account");
            format!(
                "{}      serviceAccount:\n        name: {account}\n        mode: create\n",
                secret()
            )
        }
        StrategyKind::Attach => {
            "      attach:\n        mode: update\n        method: roleAssignment\n".to_owned()
        }
    });
    let _ = write!(
        out,
        "      workloads:\n        - kind: Deployment\n          name: {name}\n          containers:\n            - name: {name}\n              image: {}\n",
        string(&image),
    );
    out
}
