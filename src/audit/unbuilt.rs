//! What is certain of files alone whose build failed: patches and overlays may add anything else.

use crate::audit::facts::Facts;
use crate::audit::judge::{Finding, Judgement, Knowledge};
use crate::audit::resolve::World;
use crate::audit::rules::{self, Context};
use crate::audit::verdict::Verdict;
use crate::audit::{self, Judged};
use crate::diag::Code;

/// The verdicts: pull secrets of the wrong shape are wrong in any build, and all else is not checked. That the
/// build failed is told once, so the latter have no finding.
pub fn verdicts<'a>(facts: &'a Facts, now: u64, knowledge: &Knowledge) -> Vec<Judged<'a>> {
    let world = World::new(facts, now);
    let mut judged = audit::verdicts(facts, &world, knowledge);
    for one in &mut judged {
        if one.judgement.verdict != Verdict::WrongShape {
            one.judgement = Judgement {
                host: one.judgement.host.take(),
                ..Judgement::of(Verdict::NotChecked)
            };
        }
    }
    judged
}

/// What holds for a Secret whatever a build does to it.
pub fn rules(facts: &Facts, knowledge: &Knowledge) -> Vec<Finding> {
    let context = Context {
        facts,
        judged: &[],
        knowledge,
    };
    let is_certain = |code| matches!(code, Code::PlaintextCredential | Code::ShortLivedToken);
    let mut found = rules::check(&context);
    found.retain(|finding| is_certain(finding.code));
    found
}
