//! A pod without a credential that starts only on nodes where another pod has pulled its image. From
//! Kubernetes 1.35 on the kubelet checks that as well
//! (<https://github.com/kubernetes/enhancements/issues/2535>).

use std::collections::HashMap;

use crate::audit::facts::{ImageFacts, PodFacts};
use crate::audit::judge::Finding;
use crate::audit::rules::{Context, finding};
use crate::audit::verdict::Verdict;
use crate::diag::{Code, Severity};
use crate::pull::cache::{CHECKED_FROM, PullPolicy};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut pulled: HashMap<&str, &PodFacts> = HashMap::new();
    for one in context.judged {
        if let (Verdict::Ok, Some(image)) = (one.judgement.verdict, one.pod.images.get(one.image)) {
            pulled.entry(&image.text).or_insert(one.pod);
        }
    }
    let relying = context.judged.iter().filter_map(|one| {
        let image: &ImageFacts = one.pod.images.get(one.image)?;
        let code = one.judgement.verdict.code()?;
        let is_cached = matches!(
            image.policy,
            Some(PullPolicy::IfNotPresent | PullPolicy::Never)
        );
        let other = pulled.get(image.text.as_str())?;
        (code.severity() == Severity::Error && is_cached).then_some((one.pod, image, *other))
    });
    relying
        .map(|(pod, image, other)| {
            let message = format!(
                "{} can start only where {} has pulled `{}` before, and not at all from Kubernetes 1.{CHECKED_FROM} on",
                pod.object.identity, other.object.identity, image.text
            );
            let help = "give it a credential of its own";
            let mut found = finding(Code::CachedImage, &pod.object, image.spot, message, help);
            found.field = image.pointer.clone();
            found
                .related
                .push((other.object.spot, "this pod pulls it".to_owned()));
            found
        })
        .collect()
}
