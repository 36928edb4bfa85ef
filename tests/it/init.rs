//! `init`: flags and answers to a config, each checked when it is given.

use pullwright::cli::Exit;

use crate::support::{Outcome, Scratch};

const AKS: &[&str] = &["--cluster", "prod", "--resource-group", "rg-prod"];

/// A terminal on which these lines are typed, and then Ctrl-D.
fn terminal(lines: &str) -> Scratch {
    Scratch::new().on_a_terminal().stdin(lines)
}

/// What was printed, without colours.
fn printed(outcome: &Outcome) -> String {
    let mut out = String::new();
    let mut rest = outcome.stderr.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    out + rest
}

#[test]
fn flags_make_a_config_that_renders() {
    for (flags, file) in [
        (AKS.to_vec(), "attach-prod.sh"),
        (
            [AKS, &["--strategy", "secret"]].concat(),
            "pull-secret-prod.sh",
        ),
        (vec!["--cluster", "edge"], "pull-secret-edge.sh"),
        (vec![], "default/secret.yaml"),
        (
            vec!["--strategy", "serviceAccount", "--service-account", "web"],
            "default/service-account.yaml",
        ),
        (
            vec![
                "--image",
                "youruniquename.azurecr.io/team/app:2",
                "--namespace",
                "web",
            ],
            "web/deployment-sample.yaml",
        ),
    ] {
        let scratch = Scratch::new();
        let arguments = [&["init", "--registry", "youruniquename"][..], &flags].concat();
        scratch.expect(&arguments, Exit::Ok);
        let config = scratch.read("pullwright.yaml");
        assert!(config.starts_with("# yaml-language-server: $schema=pullwright.schema.json\n"));
        assert!(scratch.has("pullwright.schema.json"));
        scratch.expect(&["render"], Exit::Ok);
        assert!(scratch.has(&format!("k8s/sample/{file}")), "{flags:?}");
        let refused = scratch.expect(&arguments, Exit::Failed).stderr;
        assert!(
            refused.contains("error[write-failed]: `pullwright.yaml` exists"),
            "{refused}"
        );
    }
}

/// What is not given is not made up.
#[test]
fn no_cluster_is_invented() {
    let scratch = Scratch::new();
    let outcome = scratch.expect(&["init", "--registry", "youruniquename"], Exit::Ok);
    assert!(
        outcome.stderr.contains("no cluster was given"),
        "{}",
        outcome.stderr
    );
    let config = scratch.read("pullwright.yaml");
    assert!(
        !config.contains("\n  clusters:") && config.contains("delivery: placeholder"),
        "{config}"
    );
    let refused = Scratch::new().expect(
        &[
            "init",
            "--registry",
            "youruniquename",
            "--strategy",
            "attach",
        ],
        Exit::Failed,
    );
    assert!(
        refused
            .stderr
            .contains("strategy `attach` requires an AKS cluster"),
        "{}",
        refused.stderr
    );
    Scratch::new().expect(
        &[
            "init",
            "--registry",
            "youruniquename",
            "--resource-group",
            "rg-prod",
        ],
        Exit::Failed,
    );
}

#[test]
fn answers_make_a_config_and_attach_is_the_first_choice_on_aks() {
    let scratch = terminal("new\nshop\ncontosoprod\naks\nprod\nrg-prod\n\nweb:2\nweb\n");
    let outcome = scratch.expect(&["init"], Exit::Ok);
    let config = scratch.read("pullwright.yaml");
    for line in [
        "  name: shop",
        "    - name: contosoprod",
        "      kind: aks",
        "      resourceGroup: rg-prod",
        "      strategy: attach",
        "      namespaces: [web]",
        "              image: contosoprod.azurecr.io/web:2",
    ] {
        assert!(config.lines().any(|one| one == line), "{line}\n{config}");
    }
    assert!(printed(&outcome).contains("strategy (attach, secret, serviceAccount) [attach]: "));
    scratch.expect(&["render"], Exit::Ok);
    let generic = terminal("\n\ncontosoprod\ngeneric\nedge\n\n\n\n");
    let outcome = generic.expect(&["init"], Exit::Ok);
    assert!(printed(&outcome).contains("strategy (secret, serviceAccount) [secret]: "));
    let none = terminal("\n\ncontosoprod\nnone\n\n\n\n");
    none.expect(&["init"], Exit::Ok);
    assert!(
        none.read("pullwright.yaml")
            .contains("delivery: placeholder")
    );
}

/// A wrong answer is told at once, and an empty one then takes the corrected one.
#[test]
fn each_answer_is_checked_and_the_corrected_one_is_offered() {
    let scratch = terminal(
        "nwe\n\nMy Shop\nmy-shop\nContosoProd\n\nak\n\n-prod\n\nrg-prod.\nrg-prod\nsecrt\n\nWeb:2\n\nWEB\n\n",
    );
    let outcome = scratch.expect(&["init"], Exit::Ok);
    let shown = printed(&outcome);
    for (wrong, offered) in [
        ("`nwe`: answer with one of new, mine", "(new, mine) [new]: "),
        (
            "`ContosoProd`: upper case is not allowed",
            "registry [contosoprod]: ",
        ),
        (
            "`-prod`: it begins or ends with a dash",
            "name of the cluster [prod]: ",
        ),
        (
            "`secrt`: answer with one of attach, secret, serviceAccount",
            "[secret]: ",
        ),
        ("`Web:2`: a repository must be lower case", "image ["),
        ("`WEB`: upper case is not allowed", "namespace [web]: "),
    ] {
        let at = shown
            .find(wrong)
            .unwrap_or_else(|| panic!("{wrong}\n{shown}"));
        assert!(shown[at..].contains(offered), "{offered}\n{shown}");
    }
    let config = scratch.read("pullwright.yaml");
    assert!(
        config.contains("strategy: secret") && config.contains("namespaces: [web]"),
        "{config}"
    );
    scratch.expect(&["validate"], Exit::Ok);
}

#[test]
fn a_question_mark_explains_and_an_end_of_input_aborts() {
    let all = [
        "new",
        "shop",
        "contosoprod",
        "aks",
        "prod",
        "rg-prod",
        "attach",
        "web:2",
        "web",
    ];
    for answered in 0..all.len() {
        let typed: String = all[..answered]
            .iter()
            .map(|one| format!("{one}\n"))
            .collect();
        let scratch = terminal(&format!("{typed}?\n"));
        let before = scratch.snapshot();
        let outcome = scratch.expect(&["init"], Exit::Failed);
        let shown = printed(&outcome);
        assert!(shown.contains("help: "), "{answered}\n{shown}");
        assert!(
            shown.contains("error[usage]: init was aborted, nothing was written"),
            "{shown}"
        );
        assert_eq!(scratch.snapshot(), before);
    }
    let choices = printed(&terminal("?\n").expect(&["init"], Exit::Failed));
    assert!(choices.contains("help: mine: yours already"), "{choices}");
    let required = printed(&terminal("\n\n\n").expect(&["init"], Exit::Failed));
    assert!(
        required.contains("note: an answer is required"),
        "{required}"
    );
}

#[test]
fn questions_lead_to_the_manifests_that_exist() {
    let scratch = terminal("mine\nshop\nnowhere\nk8s\ngeneric\nedge\n");
    scratch.write("k8s/pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  imagePullSecrets: [{name: regcred}]\n  containers: [{name: a, image: contosoprod.azurecr.io/web:1}]\n");
    let outcome = scratch.expect(&["init"], Exit::Ok);
    assert!(
        printed(&outcome).contains("`nowhere`: it does not exist"),
        "{}",
        outcome.stderr
    );
    let config = scratch.read("pullwright.yaml");
    assert!(
        config.contains("name: regcred") && config.contains("name: edge"),
        "{config}"
    );
}

#[test]
fn nothing_is_asked_without_a_terminal_or_for_a_file_that_exists() {
    let outcome = Scratch::new().expect(&["init"], Exit::Failed);
    assert!(
        outcome.stderr.contains("--registry or --from is required"),
        "{}",
        outcome.stderr
    );
    let scratch = terminal("new\n");
    scratch.write("pullwright.yaml", "mine\n");
    let outcome = scratch.expect(&["init"], Exit::Failed);
    assert!(
        !printed(&outcome).contains("where is your workload"),
        "{}",
        outcome.stderr
    );
}

/// A repository has one schema, and every config names it.
#[test]
fn the_schema_is_once_in_a_repository() {
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path().join(".git")).expect("the folder is ours");
    let init = |file: &str| {
        let arguments = ["init", file, "--registry", "youruniquename", "--name", "a"];
        scratch.expect(&arguments, Exit::Ok).stderr
    };
    let first = init("teams/web/pullwright.yaml");
    assert!(
        first.contains("created pullwright.schema.json (for editors)"),
        "{first}"
    );
    let second = init("teams/api/pullwright.yaml");
    assert!(!second.contains("schema"), "{second}");
    init("pullwright.yaml");
    assert!(scratch.has("pullwright.schema.json"));
    assert!(!scratch.has("teams/web/pullwright.schema.json"));
    for (file, schema) in [
        ("teams/web/pullwright.yaml", "../../pullwright.schema.json"),
        ("teams/api/pullwright.yaml", "../../pullwright.schema.json"),
        ("pullwright.yaml", "pullwright.schema.json"),
    ] {
        let first = format!("# yaml-language-server: $schema={schema}\n");
        assert!(scratch.read(file).starts_with(&first), "{file}");
    }
    scratch.write("teams/pullwright.schema.json", "{}");
    init("teams/jobs/pullwright.yaml");
    let config = scratch.read("teams/jobs/pullwright.yaml");
    assert!(
        config.starts_with("# yaml-language-server: $schema=../pullwright.schema.json\n"),
        "{config}"
    );
}

#[test]
fn values_are_quoted_and_what_cannot_be_a_name_is_refused() {
    let outcome = Scratch::new().expect(
        &["init", "-", "--registry", "youruniquename", "--name", "yes"],
        Exit::Ok,
    );
    assert!(
        outcome.stdout.contains("name: \"yes\""),
        "{}",
        outcome.stdout
    );
    for hostile in [
        "Your'Name",
        "a\nb: c",
        "$(id)",
        "youruniquename.azurecr.io/",
    ] {
        let scratch = Scratch::new();
        let outcome = scratch.expect(&["init", "--registry", hostile], Exit::Failed);
        assert!(
            outcome.stderr.contains("error[invalid-name]"),
            "{}",
            outcome.stderr
        );
        assert!(!scratch.has("pullwright.yaml"));
    }
    let server = "youruniquename-e7ggejfuhzhgedc8.azurecr.io";
    let outcome = Scratch::new().expect(&["init", "-", "--registry", server], Exit::Ok);
    let expected = format!("    - name: youruniquename\n      loginServer: {server}\n");
    assert!(outcome.stdout.contains(&expected), "{}", outcome.stdout);
    assert!(
        outcome
            .stdout
            .contains(&format!("image: {server}/sample-container:0.0.1"))
    );
}
