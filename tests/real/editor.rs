//! The schema in yaml-language-server: what editors offer, explain and complain about.

use crate::kustomize::scratch;
use crate::language_server::Server;
use crate::tools::{pullwright, root, run};

/// The beginning of every config, with the modeline that `init` writes.
const HEAD: &str = "\
# yaml-language-server: $schema=pullwright.schema.json
apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata:
  name: sample
spec:
  registries:
    - name: youruniquename
  access:
    - name: sample
      registries: [youruniquename]
";

/// A server on a folder with the schema that the program prints.
fn server() -> (tempfile::TempDir, Server) {
    let schema = run(pullwright().arg("schema")).stdout;
    let schema = String::from_utf8(schema).expect("it is text");
    let folder = scratch(&[("pullwright.schema.json", &schema), ("pullwright.yaml", "")]);
    let server = Server::start(folder.path(), "pullwright.yaml");
    (folder, server)
}

#[test]
fn every_example_is_free_of_complaints() {
    let (_folder, mut server) = server();
    for example in crate::tools::examples() {
        let text = std::fs::read_to_string(example.join("pullwright.yaml")).expect("it is there");
        let (_, rest) = text.split_once('\n').expect("it begins with the modeline");
        let text = format!("# yaml-language-server: $schema=pullwright.schema.json\n{rest}");
        assert_eq!(
            server.edit(&text),
            Vec::<String>::new(),
            "{}",
            example.display()
        );
    }
    assert!(root().join("examples").is_dir());
}

#[test]
fn completion_offers_the_fields_of_the_chosen_strategy_and_no_others() {
    let (_folder, mut server) = server();
    let common = ["clusters", "namespaces", "otherImages", "workloads"];
    for (strategy, own) in [
        ("secret", &["secret"][..]),
        ("serviceAccount", &["secret", "serviceAccount"]),
        ("attach", &["attach"]),
    ] {
        let [offered, several] =
            server.complete(&format!("{HEAD}      strategy: {strategy}\n      |"));
        let mut want: Vec<&str> = common.iter().chain(own).copied().collect();
        want.sort_unstable();
        assert_eq!(offered, want, "{strategy}");
        let named = [format!("strategy: {strategy}")];
        assert!(several.is_empty() || several == named, "{several:?}");
    }
    assert_eq!(
        server.complete(&format!("{HEAD}      strategy: |"))[0],
        ["attach", "secret", "serviceAccount"]
    );
}

#[test]
fn completion_offers_the_fields_of_the_chosen_delivery_and_credential() {
    let (_folder, mut server) = server();
    let head = format!(
        "{HEAD}      strategy: secret\n      namespaces: [web]\n      secret:\n        name: acr-secret\n"
    );
    for (delivery, want) in [
        ("script", &["credential", "credentials"][..]),
        ("manifest", &["credential", "credentials"]),
        ("placeholder", &[]),
    ] {
        let [offered, _] =
            server.complete(&format!("{head}        delivery: {delivery}\n        |"));
        let mut want = [want, &["annotations", "labels"][..]].concat();
        want.sort_unstable();
        assert_eq!(offered, want, "{delivery}");
    }
    for (delivery, kind, want) in [
        (
            "script",
            "token",
            &["expiresInDays", "name", "repositories", "scopeMap"][..],
        ),
        (
            "script",
            "servicePrincipal",
            &["appId", "expiresInDays", "name"],
        ),
        ("script", "admin", &["allowAdminUser"]),
        ("manifest", "env", &["passwordFrom", "usernameFrom"]),
        ("manifest", "file", &["path"]),
    ] {
        let [offered, _] = server.complete(&format!(
            "{head}        delivery: {delivery}\n        credential:\n          type: {kind}\n          |"
        ));
        assert_eq!(offered, want, "{delivery}, {kind}");
    }
    let [offered, _] = server.complete(&format!(
        "{head}        delivery: manifest\n        credential:\n          type: |"
    ));
    assert_eq!(offered, ["env", "file"]);
}

#[test]
fn fields_of_kubernetes_are_completed_explained_and_checked() {
    let (_folder, mut server) = server();
    let head = format!(
        "{HEAD}      strategy: secret\n      secret: {{name: acr-secret, delivery: placeholder}}\n      workloads:\n        - kind: Deployment\n          name: web\n"
    );
    let container = "          containers:\n            - name: web\n              image: youruniquename.azurecr.io/web:1\n";
    let [offered, _] = server.complete(&format!("{head}{container}              |"));
    for field in ["env", "livenessProbe", "ports", "resources", "volumeMounts"] {
        assert!(
            offered.iter().any(|one| one == field),
            "{field}: {offered:?}"
        );
    }
    let [offered, _] = server.complete(&format!(
        "{head}{container}              resources:\n                |"
    ));
    assert_eq!(offered, ["claims", "limits", "requests"]);
    let [offered, _] = server.complete(&format!("{head}          pod:\n            |"));
    assert!(
        offered.iter().any(|one| one == "nodeSelector"),
        "{offered:?}"
    );
    assert!(
        !offered.iter().any(|one| one == "imagePullSecrets"),
        "{offered:?}"
    );
    let [offered, _] = server.complete(&format!("{head}          |"));
    assert!(offered.iter().any(|one| one == "strategy"), "{offered:?}");
    assert!(!offered.iter().any(|one| one == "selector"), "{offered:?}");
    let hover = server.hover(&format!(
        "{head}{container}              reso|urces: {{}}\n"
    ));
    assert!(
        hover.contains("Compute Resources required by this container."),
        "{hover}"
    );
    let text = format!(
        "{head}          pod: {{imagePullSecrets: []}}\n{container}              resources: {{limit: {{}}}}\n"
    );
    let complaints = server.edit(&text);
    for why in [
        "the strategy of the access entry decides",
        "limit is not allowed",
    ] {
        assert!(
            complaints.iter().any(|one| one.contains(why)),
            "{why}: {complaints:?}"
        );
    }
}

#[test]
fn a_wrong_tag_lists_the_valid_ones_and_foreign_fields_are_marked() {
    let (_folder, mut server) = server();
    let complaints = server.edit(&format!("{HEAD}      strategy: secrets\n"));
    assert!(
        complaints
            .iter()
            .any(|one| one.contains("Valid values: \"secret\", \"serviceAccount\", \"attach\"")),
        "{complaints:?}"
    );
    let complaints = server.edit(&format!(
        "{HEAD}      strategy: attach\n      secret: {{name: x}}\n"
    ));
    assert!(
        complaints.iter().any(|one| one.contains("secret")),
        "{complaints:?}"
    );
}

#[test]
fn hovers_are_markdown_with_an_example() {
    let (_folder, mut server) = server();
    let text = format!(
        "{HEAD}      strategy: secret\n      namespaces: [web]\n      sec|ret:\n        name: acr-secret\n"
    );
    let hover = server.hover(&text);
    assert!(
        hover.contains("The pull secret.") && hover.contains("```yaml\nname: acr-secret\n"),
        "{hover}"
    );
    let text = format!("{HEAD}      str|ategy: secret\n");
    let hover = server.hover(&text);
    assert!(
        hover.contains("`serviceAccount`") && hover.contains("```yaml\nsecret\n```"),
        "{hover}"
    );
}
