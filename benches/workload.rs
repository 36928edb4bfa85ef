//! The config that the measurements use: one entry, many namespaces, three objects in each.

use std::fmt::Write;
use std::path::Path;

/// Writes a config with so many namespaces.
pub(crate) fn write(path: &Path, namespaces: usize) {
    let mut text = String::from(
        "apiVersion: pullwright.dev/v1alpha1\nkind: PullAccess\nmetadata:\n  name: many\nspec:\n  registries:\n    - name: youruniquename\n  access:\n    - name: many\n      strategy: serviceAccount\n      registries: [youruniquename]\n      secret: {name: acr-secret, delivery: placeholder}\n      serviceAccount: {name: app, mode: create}\n      workloads:\n        - kind: Pod\n          name: app\n          containers:\n            - name: app\n              image: youruniquename.azurecr.io/app:1.0.0\n      namespaces:\n",
    );
    for number in 0..namespaces {
        writeln!(text, "        - team-{number:05}").expect("memory can be written");
    }
    std::fs::write(path, text).expect("the folder is ours");
}

/// Writes one template with the same three objects in a loop, and its context, for programs that
/// only fill in.
pub(crate) fn write_template(template: &Path, context: &Path, namespaces: usize) {
    let object = |kind: &str, rest: &str| {
        format!(
            "---\napiVersion: v1\nkind: {kind}\nmetadata:\n  name: app\n  namespace: {{{{ namespace }}}}\n{rest}"
        )
    };
    let text = format!(
        "{{% for namespace in namespaces %}}{}{}{}{{% endfor %}}",
        object(
            "Secret",
            "type: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: e30K\n"
        ),
        object(
            "ServiceAccount",
            "imagePullSecrets:\n  - name: acr-secret\n"
        ),
        object(
            "Pod",
            "spec:\n  serviceAccountName: app\n  containers:\n    - name: app\n      image: youruniquename.azurecr.io/app:1.0.0\n"
        ),
    );
    std::fs::write(template, text).expect("the folder is ours");
    let names: Vec<String> = (0..namespaces)
        .map(|number| format!("\"team-{number:05}\""))
        .collect();
    let text = format!("{{\"namespaces\": [{}]}}", names.join(", "));
    std::fs::write(context, text).expect("the folder is ours");
}
