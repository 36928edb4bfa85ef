//! From the name of a pod to the objects whose pods are named so.

use crate::manifest::Identity;

/// How well the name of a pod fits an object. Later ones are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It begins with the name of the object, as that of another object may: the image must fit as well.
    Similar,
    /// It has the form of the names that the controller of the object generates.
    Generated,
    /// It is the pod.
    Exact,
}

/// The longest name of an object.
const MAX_NAME: usize = 253;
/// How many characters the API server appends to a generated name
/// (<https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apiserver/pkg/storage/names/generate.go>).
const SUFFIX: usize = 5;
/// It cuts what is before them to this.
pub(super) const MAX_BASE: usize = 58;
/// The characters that hashes and suffixes are made of
/// (<https://github.com/kubernetes/apimachinery/blob/master/pkg/util/rand/rand.go>).
const ALPHABET: &str = "bcdfghjklmnpqrstvwxz2456789";

/// What is after the name of an object in the names of its pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Nothing.
    Pod,
    /// A suffix.
    Suffix,
    /// The index of a completion, if it has one, and a suffix.
    Job,
    /// The time, the index of a completion, if it has one, and a suffix.
    CronJob,
    /// The hash of the template and a suffix.
    Template,
    /// The number of the replica.
    Ordinal,
    /// Whatever the operator of the kind appends.
    Any,
}

/// The form for a kind; kinds of the same name in other groups are named likewise.
fn form(identity: &Identity) -> Form {
    match (identity.group(), identity.kind.as_str()) {
        ("", "Pod") => Form::Pod,
        ("", "ReplicationController") | (_, "ReplicaSet" | "CloneSet") => Form::Suffix,
        ("apps" | "extensions" | "apps.kruise.io", "DaemonSet") => Form::Suffix,
        ("batch", "Job") => Form::Job,
        ("batch", "CronJob") => Form::CronJob,
        ("apps" | "extensions", "Deployment") | ("argoproj.io", "Rollout") => Form::Template,
        ("apps" | "apps.kruise.io", "StatefulSet") => Form::Ordinal,
        _ => Form::Any,
    }
}

/// How well the name of a pod fits an object; `None` if the pod is of another one.
pub(super) fn fit(pod: &str, identity: &Identity) -> Option<Fit> {
    let form = form(identity);
    if identity.name.is_empty() {
        let rest = pod.strip_prefix(identity.generate_name.as_deref()?)?;
        let (suffix, rest) = rest.split_at_checked(SUFFIX)?;
        if form == Form::Pod {
            return suffix_fit(suffix).filter(|_| rest.is_empty());
        }
        suffix_fit(suffix)?;
        return after(form, rest.strip_prefix('-')?);
    }
    if form == Form::Pod {
        return (pod == identity.name).then_some(Fit::Exact);
    }
    let rest = pod.strip_prefix(identity.name.as_str());
    let whole = rest.and_then(|rest| rest.strip_prefix('-'));
    let found = whole.and_then(|rest| after(form, rest));
    found.or_else(|| cut(pod, &identity.name, form))
}

/// The fit by what is after the name of the object and a dash.
fn after(form: Form, rest: &str) -> Option<Fit> {
    let parts: Vec<&str> = rest.split('-').take(4).collect();
    match (form, parts.as_slice()) {
        (Form::Any, _) => Some(Fit::Similar),
        (Form::Suffix | Form::Job, [suffix]) => suffix_fit(suffix),
        (Form::Job, [index, suffix]) if is_number(index) => suffix_fit(suffix),
        (Form::CronJob, [time, suffix]) if is_time(time) => certain(suffix),
        (Form::CronJob, [time, index, suffix]) if is_time(time) && is_number(index) => {
            certain(suffix)
        }
        (Form::Template, [hash, suffix]) if is_hash(hash) => certain(suffix),
        (Form::Ordinal, [ordinal]) if is_number(ordinal) => Some(Fit::Generated),
        (
            Form::Pod | Form::Suffix | Form::Job | Form::CronJob | Form::Template | Form::Ordinal,
            _,
        ) => None,
    }
}

/// The fit of a name whose part before the suffix was cut, with the end of the hash or of the name itself.
fn cut(pod: &str, name: &str, form: Form) -> Option<Fit> {
    let (base, suffix) = pod.split_at_checked(MAX_BASE)?;
    if matches!(form, Form::Pod | Form::Ordinal | Form::Any) || suffix_fit(suffix).is_none() {
        return None;
    }
    let is_cut = match base.strip_prefix(name) {
        None => name.starts_with(base),
        Some("") => true,
        Some(rest) => {
            let rest = rest.strip_prefix('-')?;
            match form {
                Form::Template => rest.chars().all(is_random) && rest.len() <= 10,
                Form::CronJob | Form::Job => rest.chars().all(|c| c.is_ascii_digit() || c == '-'),
                Form::Pod | Form::Suffix | Form::Ordinal | Form::Any => rest.is_empty(),
            }
        }
    };
    is_cut.then_some(Fit::Generated)
}

/// The fit of a suffix alone; names that people choose may end in a word of as many letters.
fn suffix_fit(suffix: &str) -> Option<Fit> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if suffix.len() != SUFFIX || !suffix.chars().all(is_part) {
        return None;
    }
    let is_generated = suffix.chars().all(is_random);
    Some(if is_generated {
        Fit::Generated
    } else {
        Fit::Similar
    })
}

/// The fit of a suffix behind a part that is generated for sure.
fn certain(suffix: &str) -> Option<Fit> {
    suffix_fit(suffix).map(|_| Fit::Generated)
}

fn is_random(c: char) -> bool {
    ALPHABET.contains(c)
}

/// The hash of a template: the digits of a number of 32 bits, each as a letter.
fn is_hash(text: &str) -> bool {
    (6..=10).contains(&text.len()) && text.chars().all(is_random)
}

/// Minutes since 1970, or seconds before Kubernetes 1.21
/// (<https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/cronjob/utils.go>).
fn is_time(text: &str) -> bool {
    matches!(text.len(), 8 | 10) && text.chars().all(|c| c.is_ascii_digit())
}

fn is_number(text: &str) -> bool {
    let is_short = (1..=10).contains(&text.len());
    is_short && text.chars().all(|c| c.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
}

/// The keys of the objects that a pod may belong to; see [`keys_of`].
pub(super) fn keys(pod: &str) -> impl Iterator<Item = &str> {
    let pod = Some(pod).filter(|pod| pod.len() <= MAX_NAME);
    let dashes = pod.into_iter().flat_map(|pod| pod.match_indices('-'));
    let before = dashes.filter_map(move |(at, _)| pod?.get(..at));
    let without_suffix = pod.and_then(|pod| pod.get(..pod.len().checked_sub(SUFFIX)?));
    let cut = pod.and_then(|pod| pod.get(..MAX_BASE));
    let mut all: Vec<&str> = before
        .chain(pod)
        .chain(without_suffix)
        .chain(cut)
        .filter(|key| !key.is_empty())
        .collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter()
}

/// The keys of an object: its name, and the part of it that a generated name keeps.
pub(super) fn keys_of(identity: &Identity) -> impl Iterator<Item = &str> {
    let name = match &identity.generate_name {
        Some(prefix) if identity.name.is_empty() => prefix.trim_end_matches('-'),
        Some(_) | None => identity.name.as_str(),
    };
    let cut = name.get(..MAX_BASE).filter(|cut| *cut != name);
    [Some(name).filter(|name| !name.is_empty()), cut]
        .into_iter()
        .flatten()
}

#[cfg(test)]
mod tests {
    use crate::manifest::Identity;
    use crate::why::manifests::names::{Fit, fit, keys, keys_of};

    fn identity(api_version: &str, kind: &str, name: &str) -> Identity {
        Identity {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            generate_name: None,
            namespace: None,
            file: None,
        }
    }

    /// The fit, which must be found by the keys too.
    fn found(pod: &str, identity: &Identity) -> Option<Fit> {
        let fit = fit(pod, identity);
        if fit.is_some() {
            let mut shared = keys(pod).filter(|key| keys_of(identity).any(|own| own == *key));
            assert!(shared.next().is_some(), "{pod}: {identity}");
        }
        fit
    }

    #[test]
    fn pods_fit_the_objects_that_their_controllers_name_them_after() {
        let generated = Some(Fit::Generated);
        for (kind, pod, want) in [
            ("v1 Pod", "web", Some(Fit::Exact)),
            ("v1 Pod", "web-0", None),
            ("apps/v1 Deployment", "web-6d4cf56db6-abcde", generated),
            ("apps/v1 Deployment", "web-569469947b-zq599", generated),
            ("apps/v1 Deployment", "web-api-zq599", None),
            ("apps/v1 Deployment", "web-api-569469947b-zq599", None),
            ("apps/v1 Deployment", "web-zq599", None),
            ("apps/v1 Deployment", "web", None),
            ("apps/v1 Deployment", "webb-569469947b-zq599", None),
            ("apps/v1 Deployment", "web-569469947b-zq5999", None),
            (
                "argoproj.io/v1alpha1 Rollout",
                "web-569469947b-zq599",
                generated,
            ),
            ("apps/v1 ReplicaSet", "web-zq599", generated),
            ("v1 ReplicationController", "web-zq599", generated),
            ("apps/v1 DaemonSet", "web-zq599", generated),
            ("apps/v1 DaemonSet", "web-proxy", Some(Fit::Similar)),
            ("apps/v1 DaemonSet", "web-0", None),
            ("apps/v1 StatefulSet", "web-0", generated),
            ("apps/v1 StatefulSet", "web-12", generated),
            ("apps/v1 StatefulSet", "web-01", None),
            ("apps/v1 StatefulSet", "web-db-0", None),
            ("batch/v1 Job", "web-zq599", generated),
            ("batch/v1 Job", "web-3-zq599", generated),
            ("batch/v1 Job", "web-28391234-zq599", generated),
            ("batch/v1 CronJob", "web-28391234-zq599", generated),
            ("batch/v1 CronJob", "web-28391234-0-zq599", generated),
            ("batch/v1 CronJob", "web-1703474040-abcde", generated),
            ("batch/v1 CronJob", "web-zq599", None),
            (
                "serving.knative.dev/v1 Service",
                "web-00001-deployment-569469947b-zq599",
                Some(Fit::Similar),
            ),
        ] {
            let (api_version, kind) = kind.split_once(' ').expect("both are there");
            let object = identity(api_version, kind, "web");
            assert_eq!(found(pod, &object), want, "{kind} {pod}");
        }
    }

    #[test]
    fn long_names_are_cut_before_the_suffix() {
        for length in 40..70 {
            let name = "n".repeat(length);
            for (api_version, kind, base) in [
                ("apps/v1", "Deployment", format!("{name}-6d4cf56db6-")),
                ("apps/v1", "DaemonSet", format!("{name}-")),
                ("batch/v1", "CronJob", format!("{name}-28391234-")),
                ("batch/v1", "Job", format!("{name}-")),
            ] {
                let kept = &base[..base.len().min(58)];
                let object = identity(api_version, kind, &name);
                let pod = format!("{kept}zq599");
                assert_eq!(found(&pod, &object), Some(Fit::Generated), "{kind} {pod}");
                let other = identity(api_version, kind, &"m".repeat(length));
                assert_eq!(fit(&pod, &other), None);
            }
        }
    }

    #[test]
    fn generated_names_fit_by_their_prefix() {
        let mut object = identity("v1", "Pod", "");
        object.generate_name = Some("run-".to_owned());
        assert_eq!(found("run-zq599", &object), Some(Fit::Generated));
        assert_eq!(found("run-zq599x", &object), None);
        let mut object = identity("batch/v1", "Job", "");
        object.generate_name = Some("run-".to_owned());
        assert_eq!(found("run-zq599-2bcdf", &object), Some(Fit::Generated));
        assert_eq!(found("run-zq599", &object), None);
        assert_eq!(fit("run-é", &object), None);
        assert_eq!(fit("a", &identity("v1", "Pod", "")), None);
    }

    /// A text may name what no pod can be called.
    #[test]
    fn names_that_are_too_long_have_no_keys() {
        assert_eq!(keys(&"-".repeat(10_000)).count(), 0);
    }
}
