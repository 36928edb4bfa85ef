//! Findings that comments, annotations and policies ignore, and what of those ignores nothing. Pure.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::audit::comments::Comment;
use crate::audit::facts::{Facts, IgnoredFacts, ObjectFacts, Spot, TextId};
use crate::audit::judge::Finding;
use crate::audit::policy::Accepted;
use crate::audit::policy::rule::Rule;
use crate::audit::read::IGNORE;
use crate::contract::words::shown;
use crate::diag::{Code, nearest};
use crate::pointer::Pointer;
use crate::span::Span;

/// All that ignores findings.
#[derive(Debug, Default)]
pub struct Ignores<'a> {
    /// Comments, with the texts that they are in.
    pub comments: &'a [(TextId, Comment)],
    /// Texts beside the input: what ignores nothing there is not reported.
    pub quiet: HashSet<TextId>,
    /// Entries of policies.
    pub accepted: Vec<OfPolicy<'a>>,
}

/// An entry of a policy.
#[derive(Debug)]
pub struct OfPolicy<'a> {
    /// The entry.
    pub entry: &'a Accepted,
    /// Where it names its rule.
    pub spot: Spot,
    /// The texts that its path means; `None` if it has no path.
    pub texts: Option<HashSet<TextId>>,
}

/// What became of some findings.
#[derive(Debug, Default)]
pub struct Decision {
    /// Whether each of them is ignored.
    pub ignored: Vec<bool>,
    /// What is wrong with the ignores.
    pub reports: Vec<Finding>,
}

impl Decision {
    /// How many findings are ignored.
    pub fn count(&self) -> usize {
        self.ignored.iter().filter(|one| **one).count()
    }
}

/// What has ignored something: the place of a rule in a comment, in an annotation or in a policy, and the
/// rule. Objects that were built twice share their annotations.
type Used<'a> = BTreeSet<(Spot, &'a str)>;

/// Decides which findings are ignored.
pub fn decide(findings: &[Finding], ignores: &Ignores<'_>, facts: &Facts) -> Decision {
    let lines = Lines::new(ignores.comments);
    let mut used = Used::new();
    let ignored = findings
        .iter()
        .map(|finding| {
            let by_lines = lines.ignore(finding, &mut used);
            let by_object = ignored_by_object(finding, &mut used);
            let by_policy = ignored_by_policy(finding, &ignores.accepted, &mut used);
            by_lines || by_object || by_policy
        })
        .collect();
    let mut reports = Vec::new();
    let comments = ignores.comments.iter();
    let loud = comments.filter(|(text, _)| !ignores.quiet.contains(text));
    reports.extend(loud.flat_map(|one| of_comment(one, &used)));
    reports.extend(of_objects(facts, &used));
    reports.extend(
        ignores
            .accepted
            .iter()
            .filter_map(|one| unused_entry(one, &used)),
    );
    Decision { ignored, reports }
}

/// Comments by the lines that they are about.
struct Lines<'a>(BTreeMap<(TextId, usize), Vec<&'a Comment>>);

impl<'a> Lines<'a> {
    fn new(comments: &'a [(TextId, Comment)]) -> Self {
        let mut all: BTreeMap<_, Vec<&Comment>> = BTreeMap::new();
        for (text, comment) in comments.iter().filter(|(_, one)| one.has_reason) {
            let of_line = all.entry((*text, comment.line.start)).or_default();
            of_line.push(comment);
        }
        Self(all)
    }

    fn ignore(&self, finding: &Finding, used: &mut Used<'_>) -> bool {
        let Spot { text, span } = finding.spot;
        let before = self.0.range((text, 0)..=(text, span.start)).next_back();
        let comments = before.map_or(&[] as &[_], |(_, comments)| comments);
        let mut is_ignored = false;
        for comment in comments.iter().filter(|one| span.start <= one.line.end) {
            let is_meant = |(rule, _): &&(String, Span)| rule == finding.code.id();
            for (_, span) in comment.rules.iter().filter(is_meant) {
                used.insert((Spot { text, span: *span }, finding.code.id()));
                is_ignored = true;
            }
        }
        is_ignored
    }
}

fn ignored_by_object(finding: &Finding, used: &mut Used<'_>) -> bool {
    let ignored = finding.object.iter().flat_map(|object| &object.ignored);
    let meant = ignored.filter(|one| one.has_reason && one.rule.name == finding.code.id());
    let mut is_ignored = false;
    for one in meant {
        used.insert((one.rule.spot, finding.code.id()));
        is_ignored = true;
    }
    is_ignored
}

fn ignored_by_policy(finding: &Finding, entries: &[OfPolicy<'_>], used: &mut Used<'_>) -> bool {
    let mut is_ignored = false;
    for one in entries.iter().filter(|one| one.is_about(finding)) {
        used.insert((one.spot, finding.code.id()));
        is_ignored = true;
    }
    is_ignored
}

impl OfPolicy<'_> {
    fn is_about(&self, finding: &Finding) -> bool {
        let Accepted {
            rule,
            object,
            container,
            ..
        } = self.entry;
        let found = finding.object.as_ref();
        let is_in = |texts: &HashSet<TextId>| {
            let of_object = found.is_some_and(|object| texts.contains(&object.spot.text));
            of_object || texts.contains(&finding.spot.text)
        };
        let is_object = |pattern: &str| {
            found.is_some_and(|object| {
                let identity = &object.identity;
                let (kind, name) = pattern.split_once('/').unwrap_or(("", pattern));
                fits(kind, &identity.kind) && fits(name, &identity.name)
            })
        };
        rule.0 == finding.code
            && self.texts.as_ref().is_none_or(is_in)
            && object.as_ref().is_none_or(|one| is_object(one.as_str()))
            && container
                .as_ref()
                .is_none_or(|one| finding.container.as_deref() == Some(one.as_str()))
    }
}

/// Whether a text fits a pattern in which `*` stands for any text.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut left) = text.strip_prefix(head) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match left.split_once(part) {
            Some((_, after)) => left = after,
            None => return false,
        }
    }
    left.ends_with(last)
}

/// What is wrong with a comment.
fn of_comment((text, comment): &(TextId, Comment), used: &Used<'_>) -> Vec<Finding> {
    let spot = |span: Span| Spot { text: *text, span };
    let form = "write `# pullwright: ignore[RULE] REASON`";
    if comment.rules.is_empty() {
        let message = "a comment that ignores findings names no rule".to_owned();
        return vec![report(
            Code::IgnoreUnused,
            spot(comment.span),
            message,
            form,
        )];
    }
    if !comment.has_reason {
        let rules: Vec<&str> = comment
            .rules
            .iter()
            .map(|(rule, _)| rule.as_str())
            .collect();
        let message = without_reason(&rules.join(", "));
        return vec![report(
            Code::IgnoreReason,
            spot(comment.span),
            message,
            form,
        )];
    }
    let rules = comment.rules.iter();
    let unused = rules.filter(|(rule, span)| !used.contains(&(spot(*span), rule)));
    unused
        .map(|(rule, span)| unused_rule(rule, spot(*span)))
        .collect()
}

/// What is wrong with annotations.
fn of_objects(facts: &Facts, used: &Used<'_>) -> Vec<Finding> {
    let pods = facts.pods.iter().map(|one| &one.object);
    let accounts = facts.accounts.iter().map(|one| &one.object);
    let secrets = facts.secrets.iter().map(|one| &one.object);
    let unmapped = facts.unmapped.iter().map(|one| &one.object);
    let objects = pods.chain(accounts).chain(secrets).chain(unmapped);
    let mut seen = BTreeSet::new();
    objects
        .flat_map(|object| object.ignored.iter().map(move |one| (object, one)))
        .filter(|(_, one)| one.is_written && seen.insert((one.rule.spot, &one.rule.name)))
        .filter_map(|(object, one)| of_annotation(object, one, used))
        .collect()
}

fn of_annotation(
    object: &Arc<ObjectFacts>,
    one: &IgnoredFacts,
    used: &Used<'_>,
) -> Option<Finding> {
    let IgnoredFacts {
        rule, has_reason, ..
    } = one;
    let mut finding = match has_reason {
        false => report(
            Code::IgnoreReason,
            rule.spot,
            without_reason(&rule.name),
            "write the reason as the value of the annotation",
        ),
        true if used.contains(&(rule.spot, &rule.name)) => return None,
        true => unused_rule(&rule.name, rule.spot),
    };
    let annotations = Pointer::root().key("metadata").key("annotations");
    finding.field = annotations.key(&format!("{IGNORE}{}", shown(&rule.name)));
    finding.object = Some(Arc::clone(object));
    Some(finding)
}

/// An entry that ignores nothing, unless no file of its path was read.
fn unused_entry(one: &OfPolicy<'_>, used: &Used<'_>) -> Option<Finding> {
    let is_read = one.texts.as_ref().is_none_or(|texts| !texts.is_empty());
    let rule = one.entry.rule.0.id();
    (is_read && !used.contains(&(one.spot, rule))).then(|| unused_rule(rule, one.spot))
}

fn without_reason(rules: &str) -> String {
    format!(
        "the ignore of `{}` has no reason, so it does not count",
        shown(rules)
    )
}

fn unused_rule(rule: &str, spot: Spot) -> Finding {
    if Rule::of(rule).is_some() {
        let message = format!("the ignore of `{rule}` matches no finding");
        return report(Code::IgnoreUnused, spot, message, "remove it");
    }
    let known: Vec<&str> = Rule::all().map(|rule| rule.0.id()).collect();
    let help = match nearest(rule, &known) {
        Some(close) => format!("did you mean `{close}`?"),
        None => "list the rules with `pullwright explain rule`".to_owned(),
    };
    let message = format!("`{}` is not a rule of `audit`", shown(rule));
    report(Code::IgnoreUnused, spot, message, &help)
}

fn report(code: Code, spot: Spot, message: String, help: &str) -> Finding {
    Finding {
        help: vec![help.to_owned()],
        ..Finding::new(code, spot, message)
    }
}

#[cfg(test)]
mod tests;
