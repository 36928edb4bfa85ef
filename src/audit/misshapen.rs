//! Findings about pull secrets that are written where, or how, Kubernetes does not read them.

use crate::audit::facts::{AccountFacts, Named, PodFacts, WrongFacts};
use crate::audit::fix::{Action, Repair};
use crate::audit::judge::{Case, Judgement};
use crate::audit::verdict::Verdict;
use crate::manifest::secrets::FIELD;
use crate::pointer::{Pointer, Step};

impl Case<'_> {
    pub(super) fn wrong_shape(&self, wrong: &WrongFacts) -> Judgement {
        let message = format!("{} of {}", wrong.sentence, self.object());
        let message = match wrong.sentence.split_once("` ") {
            Some((field, rest)) => format!("{field}` of {} {rest}", self.object()),
            None => message,
        };
        self.about(Verdict::WrongShape, wrong.spot, message, |finding| {
            finding.field = wrong.pointer.clone();
            finding.help.push(wrong.help.clone());
            let list = self.pod.list.pointer.as_ref();
            finding.repair = list.and_then(|list| shape_of(self.pod, list, &wrong.pointer));
        })
    }

    pub(super) fn mountable(&self, account: &AccountFacts, named: &Named) -> Judgement {
        let name = &named.name;
        let message = format!(
            "{} lists `{name}` in `secrets`, which are never used to pull",
            account.object.identity
        );
        self.about(Verdict::WrongShape, named.spot, message, |finding| {
            finding
                .help
                .push(format!("list it in `imagePullSecrets`: `- name: {name}`"));
            finding.repair = Some(Repair {
                object: account.object.spot,
                action: Action::AddSecret {
                    list: Pointer::root().key(FIELD),
                    secret: name.clone(),
                },
            });
        })
    }
}

/// What makes a list of a value that is where the list, or its key in the singular, belongs.
fn shape_of(pod: &PodFacts, list: &Pointer, wrong: &Pointer) -> Option<Repair> {
    let mut at = wrong.clone();
    while let Some(Step::Index(_)) = at.0.last() {
        at = at.parent()?;
    }
    (at.parent() == list.parent()).then(|| Repair {
        object: pod.object.spot,
        action: Action::Shape(at),
    })
}
