//! Places of a value in a script, each with the verdict; read by the hermetic tests and by those with bash.

use std::sync::Arc;

use pullwright::artifact::{Context, Expect, PlannedFile, ScriptKind, Sharing};
use pullwright::diag::Report;
use pullwright::render::{Renderer, Templates};
use serde_json::json;

/// What begins each script.
pub(crate) const OPENING: &str = "#!/usr/bin/env bash\nshow() {\n  printf '%s\\0' \"$@\"\n}\n";

/// Values that execute, split, expand or end something where they are not quoted.
pub(crate) const VALUES: &[&str] = &[
    "$(touch canary)",
    "`touch canary`",
    "'; touch canary; '",
    "\"; touch canary; \"",
    "\"",
    "'",
    "\n",
    "x\ntouch canary\n",
    "a[$(touch canary)]",
    "[$(touch canary)]=1",
    "($(touch canary))",
    "([0]=$(touch canary))",
    "a[0$(touch canary)]=1",
    "$((a[$(touch canary)]))",
    "${x:-$(touch canary)}",
    "$'\\x60touch canary\\x60'",
    "]] || touch canary",
    "-v",
    "-n",
    "!",
    "(",
    "*",
    "~",
    "{a,b}",
    "#x",
    "é$(touch canary)`touch canary`\"",
    "\\",
    "\\\n",
    "x=1; touch canary",
    ")); touch canary; ((",
    "}; touch canary; {",
    "EOF\ntouch canary\n",
    "&& touch canary",
    "\"<<",
    "\"<<\"",
    "",
];

/// Fragment, quotes of its marks (`b`are, `s`ingle, `d`ouble, `c`omment), what it prints: `{}` is the
/// value, `{list}` the value, `second` and the value again.
pub(crate) const ACCEPTED: &[(&str, &str, &[&str])] = &[
    ("show {{ v }}", "b", &["{}"]),
    ("show x{{ v }}y", "b", &["x{}y"]),
    ("show {{ v }}{{ v }}", "bb", &["{}{}"]),
    ("show \"{{ v }}\"", "d", &["{}"]),
    ("show \"in {{ v }} double\"", "d", &["in {} double"]),
    ("show 'in {{ v }} single'", "s", &["in {} single"]),
    ("show a\"{{ v }}\"'{{ v }}'{{ v }}", "dsb", &["a{}{}{}"]),
    (
        "show --flag={{ v }} k={{ v }}",
        "bb",
        &["--flag={}", "k={}"],
    ),
    ("show \"\\$({{ v }})\"", "d", &["$({})"]),
    ("show \"\\\\{{ v }}\"", "d", &["\\{}"]),
    (
        "e=1; show \"${e}{{ v }}\" \"$e-{{ v }}\"",
        "dd",
        &["1{}", "1-{}"],
    ),
    ("e=1; show ${e}{{ v }}", "b", &["1{}"]),
    ("show a#{{ v }}", "b", &["a#{}"]),
    ("show a \\\n  {{ v }}", "b", &["a", "{}"]),
    ("show {{ list }}", "l", &["{list}"]),
    ("x={{ v }}; show \"${x}\"", "b", &["{}"]),
    ("x=\"a {{ v }}\"; show \"${x}\"", "d", &["a {}"]),
    ("x='a {{ v }}'; show \"${x}\"", "s", &["a {}"]),
    ("x=a; x+={{ v }}; show \"${x}\"", "b", &["a{}"]),
    ("a[1]={{ v }}; show \"${a[1]}\"", "b", &["{}"]),
    ("readonly R={{ v }}; show \"${R}\"", "b", &["{}"]),
    (
        "readonly R=(k {{ v }}); show \"${R[@]}\"",
        "b",
        &["k", "{}"],
    ),
    (
        "readonly R=({{ list }}); show \"${R[@]}\"",
        "l",
        &["{list}"],
    ),
    ("declare -r D={{ v }}; show \"${D}\"", "b", &["{}"]),
    (
        "declare -a D=({{ list }}); show \"${D[@]}\"",
        "l",
        &["{list}"],
    ),
    ("declare -A D=([k]={{ v }}); show \"${D[k]}\"", "b", &["{}"]),
    ("export E={{ v }}; show \"${E}\"", "b", &["{}"]),
    ("export E=\"{{ v }}\"; show \"${E}\"", "d", &["{}"]),
    ("f() { local l={{ v }}; show \"${l}\"; }; f", "b", &["{}"]),
    (
        "f() { local l=({{ list }}); show \"${l[@]}\"; }; f",
        "l",
        &["{list}"],
    ),
    ("x=({{ list }}); show \"${x[@]}\"", "l", &["{list}"]),
    (
        "x=(a \"{{ v }}\"); x+=({{ v }}); show \"${x[@]}\"",
        "db",
        &["a", "{}", "{}"],
    ),
    (
        "x=( # {{ v }}\n  {{ v }}\n); show \"${x[@]}\"",
        "cb",
        &["{}"],
    ),
    ("X={{ v }} show a", "b", &["a"]),
    (
        "for x in {{ list }}; do show \"${x}\"; done",
        "l",
        &["{list}"],
    ),
    (
        "for x in a {{ v }}; do show \"${x}\"; done",
        "b",
        &["a", "{}"],
    ),
    (
        "x={{ v }}; if [[ \"${x}\" == {{ v }} ]]; then show same; fi",
        "bb",
        &["same"],
    ),
    (
        "x={{ v }}; [[ \"${x}\" = \"{{ v }}\" ]] && show same",
        "bd",
        &["same"],
    ),
    (
        "x={{ v }}; [[ {{ v }} != '{{ v }}' ]] || show same",
        "bbs",
        &["same"],
    ),
    ("[[ ! -n {{ v }}x ]] || show same", "b", &["same"]),
    (
        "x={{ v }}; if [ \"${x}\" = {{ v }} ]; then show same; fi",
        "bb",
        &["same"],
    ),
    (
        "if test {{ v }}x = \"{{ v }}x\"; then show same; fi",
        "bd",
        &["same"],
    ),
    ("[ -n {{ v }}x ] && show same", "b", &["same"]),
    (
        "x={{ v }}; case {{ v }} in \"${x}\") show same ;; esac",
        "bb",
        &["same"],
    ),
    ("case a in a) show {{ v }} ;; esac", "b", &["{}"]),
    (
        "show \"$(printf '%s.' {{ v }})\" \"c\"\nshow 'd'",
        "b",
        &["{}.", "c", "d"],
    ),
    ("show \"$(printf '%s.' {{ v }})\"", "b", &["{}."]),
    (
        "x=$(printf '%s.' \"{{ v }}\"); show \"${x}\"",
        "d",
        &["{}."],
    ),
    (
        "show \"$(printf '%s' \"$(printf '%s.' 'a {{ v }}')\")\"",
        "s",
        &["a {}."],
    ),
    ("(show {{ v }}); { show {{ v }}; }", "bb", &["{}", "{}"]),
    (
        "f() {\n  show {{ v }} \"$1\"\n}\nf {{ v }}",
        "bb",
        &["{}", "{}"],
    ),
    (
        "x=\"$(printf '%s.' {{ v }} | cat; echo .)\"; show \"${x}\"",
        "b",
        &["{}.."],
    ),
    (
        "if show {{ v }}; then show \"{{ v }}\"; else show b; fi",
        "bd",
        &["{}", "{}"],
    ),
    ("while show {{ v }}; do break; done", "b", &["{}"]),
    ("! show {{ v }}", "b", &["{}"]),
    (
        "show {{ v }} && show {{ v }} || show b",
        "bb",
        &["{}", "{}"],
    ),
    ("printf '%s\\0' {{ v }}", "b", &["{}"]),
    ("printf -- '%s\\0' {{ list }}", "l", &["{list}"]),
    ("echo a > x{{ v }} || true; show a", "b", &["a"]),
    ("show a # {{ v }}", "c", &["a"]),
    ("show -c {{ v }}", "b", &["-c", "{}"]),
    ("# {{ v }} it's `\"\nshow {{ v }}", "cb", &["{}"]),
    ("show \"${HOME}\" > out # '\nshow {{ v }}", "b", &["{}"]),
    (
        "cat <<'EOF' > out\nit's \"$(\nEOF\nshow {{ v }}",
        "b",
        &["{}"],
    ),
    ("(( 1 + 2 > 3 )) || show {{ v }}", "b", &["{}"]),
    ("x=$((1 + 2)); show \"${x}\" {{ v }}", "b", &["3", "{}"]),
    ("x=\"${HOME:-\"a\"}\"; show {{ v }}", "b", &["{}"]),
    ("command printf '%s\\0' {{ v }}", "b", &["{}"]),
    (
        "jq -n --arg x {{ v }} '$x' > out; show {{ v }}",
        "bb",
        &["{}"],
    ),
];

/// Renders a script with this fragment.
pub(crate) fn render(fragment: &str, value: &str) -> Result<String, Report> {
    let name = "test/test.sh.j2";
    let template = format!("{OPENING}{fragment}\n");
    let own = [(name.to_owned(), template)];
    let renderer = Renderer::new(Templates::with(own.into_iter().collect()));
    let file = PlannedFile {
        path: "test.sh".to_owned(),
        template: name,
        context: Context::of(&json!({"v": value, "list": [value, "second", value]})),
        own: Vec::new(),
        secrets: Vec::new(),
        access: None,
        expect: Expect::Script {
            kind: ScriptKind::Attach,
            cluster: String::new(),
            names: Arc::default(),
        },
        sharing: Sharing::Own,
    };
    let rendered = renderer.render(&file, &|_, _| false)?;
    Ok(rendered.text.expose().to_owned())
}
