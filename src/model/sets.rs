//! Which fields of Kubernetes a config may set where, which it has itself, and which it may not set.

use crate::model::fields::Set;

/// What pullwright derives from the name of the workload.
const SELECTOR: &str = "pullwright sets the selector: the label `app.kubernetes.io/name` with the name of the workload";
/// What the config has in its own keys.
const TEMPLATE: &str = "pullwright generates the pod template: set `containers`, `initContainers`, `pod`, `podLabels` and `podAnnotations` of the workload";

/// Declares mappings.
macro_rules! sets {
    ($($(#[$about:meta])* $name:ident = $definition:literal, own [$($own:literal),*], refused [$($refused:literal: $why:expr),* $(,)?];)+) => {
        $($(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {}

        impl Set for $name {
            const DEFINITION: &'static str = $definition;
            const OWN: &'static [&'static str] = &[$($own),*];
            const REFUSED: &'static [(&'static str, &'static str)] = &[$(($refused, $why)),*];
        })+
    };
}

sets! {
    /// A container.
    ContainerFields = "Container", own ["name", "image", "imagePullPolicy", "command", "args"], refused [];
    /// The spec of a pod.
    PodFields = "PodSpec", own [], refused [
        "containers": "set `containers` of the workload instead",
        "initContainers": "set `initContainers` of the workload instead",
        "ephemeralContainers": "Kubernetes adds ephemeral containers to running pods only",
        "imagePullSecrets": "the strategy of the access entry decides which pull secrets a pod references",
        "serviceAccount": "it is the deprecated name of `serviceAccountName`",
    ];
    /// The spec of a Deployment.
    DeploymentFields = "DeploymentSpec", own ["replicas"], refused ["selector": SELECTOR, "template": TEMPLATE];
    /// The spec of a StatefulSet.
    StatefulSetFields = "StatefulSetSpec", own ["replicas", "serviceName"], refused ["selector": SELECTOR, "template": TEMPLATE];
    /// The spec of a DaemonSet.
    DaemonSetFields = "DaemonSetSpec", own [], refused ["selector": SELECTOR, "template": TEMPLATE];
    /// The spec of a Job.
    JobFields = "JobSpec", own [], refused [
        "selector": "Kubernetes sets the selector of a Job",
        "manualSelector": "Kubernetes sets the selector of a Job",
        "template": TEMPLATE,
    ];
    /// The spec of a CronJob.
    CronJobFields = "CronJobSpec", own ["schedule"], refused [
        "jobTemplate": "pullwright generates the template: set `job` for fields of the Job",
    ];
}
