//! A template that uses a variable which is not there learns which are, and where they are described.

use pullwright::cli::Exit;

use crate::support::{SMALL, Scratch};

/// What a template of the pod's name makes of `SMALL`.
fn message(template: &str) -> String {
    let scratch = Scratch::with_config(&SMALL.replace("spec:\n", "spec:\n  templates: mine\n"));
    scratch.write("mine/workload/pod.yaml.j2", template);
    scratch.write("mine/workload/part.yaml.j2", "a: {{ part }}\n");
    scratch.expect(&["render"], Exit::Failed).stderr
}

#[test]
fn the_message_lists_what_there_is_and_says_where_it_is_described() {
    assert_eq!(
        message("a: {{ nam }}\n"),
        "error[template-failed]: template `workload/pod.yaml.j2` cannot be rendered: undefined variable `nam`\
         \n --> template workload/pod.yaml.j2:1:1\
         \n  |\
         \n1 | a: {{ nam }}\
         \n  | ^^^^^^^^^^^^ defined: `annotations`, `config`, `containers`, `initContainers`, `labels`, `name`, `namespace`, `podFields`, `pullSecret`, `restartPolicy`, `serviceAccount`\
         \n  |\
         \n  = help: list its variables with `pullwright templates show workload/pod.yaml.j2`\n"
    );
    Scratch::new().expect(&["templates", "show", "workload/pod.yaml.j2"], Exit::Ok);
}

#[test]
fn the_part_that_is_not_there_is_found() {
    let container = "`c` has `args`, `command`, `fields`, `image`, `imagePullPolicy`, `name`";
    for (template, name, choices) in [
        (
            "a: {{ name.b.c }}\n",
            "name.b",
            "`name` has no other variables",
        ),
        (
            "{% if nam %}{% endif %}",
            "nam",
            "defined: `annotations`, `config`, ",
        ),
        (
            "{% for x in nam %}{% endfor %}",
            "nam",
            "defined: `annotations`, `config`, ",
        ),
        (
            "{% filter upper %}{{ nam }}{% endfilter %}",
            "nam",
            "defined: ",
        ),
        (
            "{{ name\n  ~ nam }}",
            "nam",
            "defined: `annotations`, `config`, ",
        ),
        (
            "{{ 'a b' ~ (name | replace(\"a\", nam)) }}",
            "nam",
            "defined: ",
        ),
        (
            "{{ name | default('x') }}{{ namespace is defined }}{{ nam }}",
            "nam",
            "defined: ",
        ),
        (
            "{% for c in containers %}{{ c.imag }}{% endfor %}",
            "c.imag",
            container,
        ),
        (
            "{% for c in containers -%}\n{%- for w in c.comand %}{{ w }}{% endfor %}{% endfor %}",
            "c.comand",
            container,
        ),
        (
            "{% for c in containers if c.name.x.y %}{{ c.name }}{% endfor %}",
            "c.name.x",
            "`c.name` has no other variables",
        ),
        (
            "{% include \"workload/part.yaml.j2\" %}",
            "part",
            "defined: `annotations`, `config`, ",
        ),
    ] {
        let message = message(template);
        assert!(
            message.contains(&format!("undefined variable `{name}`\n")),
            "{template}: {message}"
        );
        assert!(message.contains(choices), "{template}: {message}");
        assert!(
            message.contains("`pullwright templates show workload/pod.yaml.j2`"),
            "{message}"
        );
    }
}

/// Only running the template would tell what these hold.
#[test]
fn what_is_not_known_is_not_guessed() {
    for template in [
        "{% set x = {} %}{{ x.y }}",
        "{{ containers[0].nothing }}",
        "{% for a, b in [[1, {}]] %}{{ b.y }}{% endfor %}",
        "{% macro m(x) %}{{ x.y.z }}{% endmacro %}{{ m({}) }}",
    ] {
        let message = message(template);
        assert!(
            message.contains("undefined value\n"),
            "{template}: {message}"
        );
        assert!(
            message.contains("`pullwright templates show workload/pod.yaml.j2`"),
            "{message}"
        );
    }
}

#[test]
fn variables_are_shown_for_people_and_for_programs() {
    let scratch = Scratch::new();
    let show = |name: &str, more: &[&str], exit| {
        let words = [&["templates", "show", name], more].concat();
        scratch.expect(&words, exit)
    };
    assert_eq!(
        show("secret/secret.yaml.j2", &[], Exit::Ok).stdout,
        "secret/secret.yaml.j2\n\
         A Secret, with its value or with an empty one.\n\n\
         config       text             The config as the first comment names it.\n\
         name         text             Name of the object.\n\
         namespace    namespace        Namespace of the object, which differs from file to file.\n\
         labels       mapping by name  Labels of the object, beside those that the template sets.\n\
         annotations  mapping by name  Annotations of the object.\n\
         placeholder  true or false    Whether the value is an empty object, to be filled by another tool.\n\
         data         text             The value of `.dockerconfigjson` in base64. A credential in it can be printed as a whole only.\n"
    );
    assert_eq!(
        show("script/words.sh.j2", &[], Exit::Ok).stdout,
        "script/words.sh.j2\nA macro that prints a list as words of a command: more than four on a line each.\n\nThis template takes no variables.\n"
    );
    let json = show("secret/pull-secret.sh.j2", &["--format", "json"], Exit::Ok).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let credential = serde_json::json!({
        "name": "registries[].credential.type",
        "takes": "`token`, `servicePrincipal`, `admin`",
        "about": "Decides which of the others there are.",
    });
    let variables = json["variables"].as_array().expect("they are a list");
    assert!(variables.contains(&credential), "{json}");
    assert_eq!(
        show("workload/pods.yaml.j2", &[], Exit::Failed).stderr,
        "error[usage]: unknown template `workload/pods.yaml.j2`\n |\n = help: did you mean `workload/pod.yaml.j2`?\n"
    );
    assert_eq!(
        show("nonsense", &[], Exit::Failed).stderr,
        "error[usage]: unknown template `nonsense`\n |\n = help: list the names with `pullwright templates list`\n"
    );
}
