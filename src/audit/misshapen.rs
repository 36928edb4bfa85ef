//! Findings about pull secrets that are written where, or how, Kubernetes does not read them.

use crate::audit::facts::{AccountFacts, Named, ObjectFacts, WrongFacts};
use crate::audit::fix::{Action, Repair};
use crate::audit::judge::{Case, Finding, Judgement};
use crate::audit::verdict::Verdict;
use crate::manifest::secrets::FIELD;
use crate::pointer::{Pointer, Step};

impl Case<'_> {
    pub(super) fn wrong_shape(&self, wrong: &WrongFacts) -> Judgement {
        let list = self.pod.list.pointer.as_ref();
        self.misshapen(&self.pod.object, list, wrong, |finding| {
            finding.field = wrong.pointer.clone();
        })
    }

    pub(super) fn wrong_account(&self, account: &AccountFacts, wrong: &WrongFacts) -> Judgement {
        let list = Pointer::root().key(FIELD);
        self.misshapen(&account.object, Some(&list), wrong, |_| {})
    }

    fn misshapen(
        &self,
        object: &ObjectFacts,
        list: Option<&Pointer>,
        wrong: &WrongFacts,
        edit: impl FnOnce(&mut Finding),
    ) -> Judgement {
        let of = &object.identity;
        let message = match wrong.sentence.split_once("` ") {
            Some((field, rest)) => format!("{field}` of {of} {rest}"),
            None => format!("{} of {of}", wrong.sentence),
        };
        self.about(Verdict::WrongShape, wrong.spot, message, |finding| {
            finding.help.push(wrong.help.clone());
            finding.repair = list.and_then(|list| shape_of(object, list, &wrong.pointer));
            edit(finding);
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
fn shape_of(object: &ObjectFacts, list: &Pointer, wrong: &Pointer) -> Option<Repair> {
    let mut at = wrong.clone();
    while let Some(Step::Index(_)) = at.0.last() {
        at = at.parent()?;
    }
    (at.parent() == list.parent()).then_some(Repair {
        object: object.spot,
        action: Action::Shape(at),
    })
}
