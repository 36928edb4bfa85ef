//! What an adoption tells: what is served, what is left as it is, and what cannot be served.

use std::collections::{BTreeMap, BTreeSet};

use crate::adopt::draft::{ALL_REPOSITORIES, Delivery, DraftStrategy, Entry};
use crate::adopt::{Adoption, Need, Options, Outcome, Way};
use crate::audit::facts::{Facts, Maker};
use crate::audit::resolve::World;
use crate::audit::{self, unbuilt};
use crate::cli::audit::{Gathered, now};
use crate::cli::page::{Page, Paint, Stop, count};
use crate::diag::{Code, Diagnostic, Report, Severity};
use crate::manifest::pod::DEFAULT_ACCOUNT;
use crate::mask;
use crate::names::{Namespace, SecretName};

/// Reports everything; the config is among what was read.
pub(super) fn all(
    gathered: &Gathered,
    adoption: &Adoption,
    options: &Options,
    page: &mut Page<'_, '_>,
) -> Result<(), Stop> {
    let open = unserved(gathered, &adoption.outcomes, page)?;
    let needs: Vec<&Need> = adoption.outcomes.iter().filter_map(Outcome::need).collect();
    let facts = &gathered.inputs.facts;
    let mut notes = left(&adoption.outcomes);
    notes.extend(namespaces(&needs, options));
    notes.extend(also_written(&needs, facts, options.delivery));
    if let Some(rest) = replaced(&needs, options.delivery) {
        page.note(Paint::Yellow, "warning:", &mask::names(&rest))?;
    }
    notes.extend(accounts(&needs, facts));
    notes.extend(adoption.unknown_repositories.iter().map(|image| {
        format!("the repository of `{image}` is not known: add it to `repositories`")
    }));
    notes.extend(unlimited(&adoption.entries));
    for note in notes {
        page.note(Paint::Yellow, "note:", &mask::names(&note))?;
    }
    let objects: BTreeSet<String> = needs
        .iter()
        .map(|need| need.object.identity.to_string())
        .collect();
    let rest = match open {
        0 => String::new(),
        open => format!(", {} not served", count(open, "image")),
    };
    let summary = format!(
        "{} of {} served by {}{rest}",
        count(needs.len(), "image"),
        count(objects.len(), "object"),
        match adoption.entries.len() {
            1 => "1 access entry".to_owned(),
            many => format!("{many} access entries"),
        },
    );
    page.note(Paint::Bold, "pullwright:", &summary)?;
    Ok(())
}

/// Reports what cannot be served, and what was not read, as warnings; returns how many images that are.
pub(super) fn unserved(
    gathered: &Gathered,
    outcomes: &[Outcome],
    page: &mut Page<'_, '_>,
) -> Result<usize, Stop> {
    let inputs = &gathered.inputs;
    let world = World::new(&inputs.facts, now());
    let judged = audit::verdicts(&inputs.facts, &world, &gathered.knowledge);
    let mut report = Report::default();
    let mut push = |diagnostic: Diagnostic| {
        let mut diagnostic = diagnostic.as_warning();
        for text in diagnostic.texts_mut() {
            *text = mask::names(text);
        }
        report.push(diagnostic);
    };
    let mut open = 0;
    for (one, outcome) in judged.iter().zip(outcomes) {
        let finding = one.judgement.finding.as_deref();
        let fails = finding.is_some_and(|finding| finding.code.severity() != Severity::Info);
        let why = match outcome {
            Outcome::NotProtected | Outcome::Left(_) => continue,
            Outcome::Serve(_) if !fails => continue,
            Outcome::Serve(_) => None,
            Outcome::Unserved(why) => Some(why),
        };
        open += 1;
        let image = one.pod.images.get(one.image);
        let diagnostic = match (finding, image) {
            (Some(finding), _) => inputs.texts.diagnostic(finding),
            (None, Some(image)) => {
                let message = format!("no access entry serves image `{}`", image.text);
                let diagnostic = Diagnostic::new(Code::NotChecked, message);
                match inputs.texts.place(image.spot) {
                    Some(place) => diagnostic.at(&place.source, place.span),
                    None => diagnostic,
                }
            }
            (None, None) => continue,
        };
        push(match why {
            Some(why) if finding.is_none() => diagnostic.help(why.clone()),
            Some(why) => diagnostic.help(format!("no access entry serves it: {why}")),
            None => diagnostic.help("fix this before you render the config".to_owned()),
        });
    }
    let unbuilt = unbuilt::verdicts(&inputs.unbuilt, now(), &gathered.knowledge);
    let unbuilt = unbuilt
        .iter()
        .filter_map(|one| one.judgement.finding.as_deref());
    for finding in unbuilt {
        push(inputs.texts.diagnostic(finding));
    }
    for finding in &audit::unmapped(&inputs.facts, &gathered.knowledge) {
        push(inputs.texts.diagnostic(finding));
    }
    gathered
        .report
        .sorted()
        .into_iter()
        .cloned()
        .for_each(&mut push);
    page.report(&report)?;
    for (name, why) in gathered.inputs.not_read() {
        page.note(
            Paint::Yellow,
            "note:",
            &format!("`{name}` was not read: {why}"),
        )?;
    }
    Ok(open)
}

/// What is pulled without this config, by reason.
fn left(outcomes: &[Outcome]) -> Vec<String> {
    let mut by_reason: BTreeMap<&str, usize> = BTreeMap::new();
    for outcome in outcomes {
        if let Outcome::Left(why) = outcome {
            *by_reason.entry(why).or_default() += 1;
        }
    }
    let all = by_reason.into_iter();
    all.map(|(why, images)| format!("{} left as it is: {why}", count(images, "image")))
        .collect()
}

/// Objects that set no namespace.
fn namespaces(needs: &[&Need], options: &Options) -> Option<String> {
    let without: BTreeSet<String> = needs
        .iter()
        .filter(|need| need.object.identity.namespace.is_none())
        .map(|need| need.object.identity.to_string())
        .collect();
    (!without.is_empty()).then(|| {
        format!(
            "namespace `{}` is assumed for {} that set none: --namespace sets another one",
            options.namespace,
            count(without.len(), "object")
        )
    })
}

/// Secrets that are in the manifests as well.
fn also_written(needs: &[&Need], facts: &Facts, delivery: Delivery) -> Vec<String> {
    let of_need = |need: &&Need| match &need.way {
        Way::Listed(secret) | Way::Carried(_, secret) => {
            Some((need.namespace.clone(), secret.clone()))
        }
        Way::Added(_) | Way::Node => None,
    };
    let wanted: BTreeSet<_> = needs.iter().filter_map(of_need).collect();
    let is_there = |(namespace, secret): &(Namespace, SecretName)| {
        facts.secrets.iter().any(|one| {
            one.maker == Maker::Manifest
                && one.name == secret.as_str()
                && one.namespaces.may_hold(Some(namespace.as_str()))
        })
    };
    let both = wanted.into_iter().filter(is_there);
    both.map(|(namespace, secret)| {
        let what =
            format!("Secret `{secret}` in namespace `{namespace}` is in the manifests as well");
        match delivery {
            Delivery::Script => format!("{what}: remove it there once the script has written it"),
            Delivery::Placeholder => format!("{what}: keep one of the two"),
        }
    })
    .collect()
}

/// Secrets that exist, and that a placeholder would empty.
fn replaced(needs: &[&Need], delivery: Delivery) -> Option<String> {
    let found = needs.iter().filter_map(|need| match &need.way {
        Way::Listed(secret) | Way::Carried(_, secret) => Some(format!("`{secret}`")),
        Way::Added(_) | Way::Node => None,
    });
    let names: BTreeSet<String> = found.collect();
    if delivery == Delivery::Script || names.is_empty() {
        return None;
    }
    let names: Vec<String> = names.into_iter().collect();
    Some(format!(
        "never apply the placeholder of {}: that would empty the Secret where it exists; give --cluster to get a script instead",
        names.join(", ")
    ))
}

/// Registries whose repositories no image shows.
fn unlimited(entries: &[Entry]) -> Vec<String> {
    let tokens = entries.iter().filter_map(|entry| match &entry.strategy {
        DraftStrategy::Attach => None,
        DraftStrategy::Secret(secret) | DraftStrategy::Account { secret, .. } => Some(secret),
    });
    let tokens = tokens.filter(|secret| secret.delivery == Delivery::Script);
    let tokens = tokens.flat_map(|secret| &secret.tokens);
    let unlimited = tokens.filter(|token| token.repositories == [ALL_REPOSITORIES]);
    let names: BTreeSet<&String> = unlimited.map(|token| &token.registry).collect();
    let names = names.into_iter();
    names
        .map(|name| format!("the token for `{name}` may pull every repository: set `repositories`"))
        .collect()
}

/// Accounts that are not in the manifests.
fn accounts(needs: &[&Need], facts: &Facts) -> Vec<String> {
    let of_need = |need: &&Need| match &need.way {
        Way::Carried(account, _) | Way::Added(account) => Some(account.to_string()),
        Way::Listed(_) | Way::Node => None,
    };
    let wanted: BTreeSet<String> = needs.iter().filter_map(of_need).collect();
    let is_known = |name: &String| {
        let mut known = facts.accounts.iter().filter(|one| !one.is_addition);
        name == DEFAULT_ACCOUNT || known.any(|one| one.object.identity.name == *name)
    };
    let missing = wanted.into_iter().filter(|name| !is_known(name));
    missing
        .map(|name| {
            format!("ServiceAccount `{name}` is not in the manifests: it must exist in the cluster")
        })
        .collect()
}
