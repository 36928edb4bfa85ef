//! Templates that would grow, nest or run without end: by name, the text, and how the run must end.

use std::process::Output;

/// A template, and the codes that it may end in.
pub(crate) struct Runaway {
    pub(crate) name: &'static str,
    pub(crate) text: String,
    pub(crate) codes: &'static [&'static str],
}

impl Runaway {
    /// What is wrong with how it ended; nothing if it is told in few words what the template does.
    pub(crate) fn is_wrong(&self, output: &Output) -> Option<String> {
        let stderr = String::from_utf8_lossy(&output.stderr);
        let is_told = self
            .codes
            .iter()
            .any(|code| stderr.starts_with(&format!("error[{code}]")));
        if output.status.code() == Some(2) && is_told && stderr.len() < 8_000 {
            return None;
        }
        let first: String = stderr.chars().take(300).collect();
        Some(format!("{}: {first}", output.status))
    }
}

/// As much of `part` as a template may have.
fn full(part: &str) -> String {
    part.repeat(250_000 / part.len())
}

/// As many opening brackets, something, and as many that close.
fn nested(open: &str, inside: &str, close: &str) -> String {
    let count = 250_000 / (open.len() + close.len());
    format!("{}{inside}{}", open.repeat(count), close.repeat(count))
}

/// `start`, then 60 times `line`, then `end`.
fn sixty(start: &str, line: &str, end: &str) -> String {
    format!("{start}\n{}{end}\n", format!("{line}\n").repeat(60))
}

/// A loop that puts `ns.x` into itself very often, then `end`.
fn wrapped(step: &str, end: &str) -> String {
    format!(
        "{{% set ns = namespace(x=[1], y=[1]) %}}{{% for a in range(90000) %}}{step}{{% endfor %}}{end}\n"
    )
}

/// All of them, for one kind of file: `itself` is the template's name.
pub(crate) fn all(itself: &str) -> Vec<Runaway> {
    type Codes = &'static [&'static str];
    const FAILED: Codes = &["template-failed"];
    /// How much stack each step needs decides whether the engine comes to its end.
    const SYNTAX: Codes = &["template-syntax", "template-failed"];
    let deep = "{% set ns.x = [ns.x] %}";
    let twin = "{% set ns.x = [ns.x] %}{% set ns.y = [ns.y] %}";
    let pair = "{% set x = [x, x] %}";
    let all: Vec<(&'static str, String, Codes)> = vec![
        // Long chains: what is parsed, compiled and dropped by recursion.
        ("minus", format!("{{{{ {}1 }}}}", full("-")), FAILED),
        ("minus with spaces", format!("{{{{ {}1 }}}}", full("- ")), FAILED),
        ("plus", format!("{{{{ 1{} }}}}", full("+1")), FAILED),
        ("plus of names", format!("{{{{ name{} }}}}", full("+name")), FAILED),
        ("attributes", format!("{{{{ name{} }}}}", full(".a")), FAILED),
        ("indexes", format!("{{{{ name{} }}}}", full("[0]")), FAILED),
        ("slices", format!("{{{{ name{} }}}}", full("[:]")), FAILED),
        ("calls", format!("{{{{ name{} }}}}", full("()")), FAILED),
        ("filters", format!("{{{{ name{} }}}}", full("|int")), FAILED),
        ("tests", format!("{{{{ name{} }}}}{{{{ 1 / 0 }}}}", full(" is int")), FAILED),
        ("not", format!("{{{{ {}1 }}}}", full("not ")), FAILED),
        ("tilde", format!("{{{{ name{} }}}}", full("~name")), FAILED),
        ("and", format!("{{{{ name{} }}}}", full(" and name")), FAILED),
        ("or", format!("{{{{ name{} }}}}", full(" or name")), FAILED),
        ("comparisons", format!("{{{{ 1{} }}}}{{{{ 1 / 0 }}}}", full("<1")), FAILED),
        ("power", format!("{{{{ 1{} }}}}", full("**1")), FAILED),
        ("choices", format!("{{{{ {}1 }}}}{{{{ 1 / 0 }}}}", full("1 if 0 else ")), SYNTAX),
        ("elif", format!("{{% if 0 %}}{}{{% endif %}}", full("{% elif 0 %}")), FAILED),
        ("brackets", format!("{{{{ {} }}}}", nested("(", "1", ")")), SYNTAX),
        ("lists in lists", format!("{{{{ {} }}}}", nested("[", "1", "]")), SYNTAX),
        ("mappings in mappings", format!("{{{{ {} }}}}", nested("{1:", "1", "}")), SYNTAX),
        ("if in if", nested("{% if 1 %}", "1", "{% endif %}"), SYNTAX),
        ("for in for", nested("{% for a in [1] %}", "1", "{% endfor %}"), SYNTAX),
        ("blocks in blocks", nested("{% with %}", "1", "{% endwith %}"), SYNTAX),
        // Templates and macros that call themselves.
        ("macro", "{% macro m(x) %}{{ m([x]) }}{% endmacro %}{{ m(1) }}\n".into(), FAILED),
        (
            "two macros",
            "{% macro a(x) %}{{ b(x) }}{% endmacro %}{% macro b(x) %}{{ a(x) }}{% endmacro %}{{ a(1) }}\n".into(),
            FAILED,
        ),
        (
            "caller",
            "{% macro m() %}{% call m() %}1{% endcall %}{{ caller() }}{% endmacro %}{% call m() %}2{% endcall %}\n".into(),
            FAILED,
        ),
        ("include", format!("{{% include \"{itself}\" %}}\n"), FAILED),
        ("import", format!("{{% import \"{itself}\" as a %}}\n"), FAILED),
        ("from", format!("{{% from \"{itself}\" import a %}}\n"), FAILED),
        ("extends", format!("{{% extends \"{itself}\" %}}\n"), FAILED),
        ("block", "{% block a %}{{ self.a() }}{% endblock %}\n".into(), FAILED),
        ("super", "{% block a %}{{ super() }}{% endblock %}\n".into(), FAILED),
        ("recursive loop", "{% for a in [1] recursive %}{{ loop([a]) }}{% endfor %}\n".into(), FAILED),
        // Deep values.
        ("deep, printed", wrapped(deep, "{{ ns.x }}"), FAILED),
        ("deep, dropped", wrapped(deep, "{% set ns.x = 1 %}{{ 1 / 0 }}"), FAILED),
        ("deep, compared", wrapped(twin, "{{ ns.x == ns.y }}{{ 1 / 0 }}"), FAILED),
        ("deep, joined", wrapped(deep, "{{ [ns.x] | join }}"), FAILED),
        ("deep, a text", wrapped(deep, "{{ ns.x ~ '' }}"), FAILED),
        ("deep, a key", wrapped(deep, "{{ {ns.x: 1} }}"), FAILED),
        ("deep, a sum", wrapped("{% set ns.x = ns.x + [1] %}", "{{ ns.x | length }}{{ ns.x[0] }}"), FAILED),
        ("deep mappings", wrapped("{% set ns.x = {'a': ns.x} %}", "{{ ns.x }}"), FAILED),
        // Lists that hold one thing twice.
        ("twice, printed", sixty("{% set x = [1] %}", pair, "{{ x }}"), FAILED),
        ("twice, a text", sixty("{% set x = [1] %}", pair, "{{ x ~ '' }}"), FAILED),
        ("twice, a string", sixty("{% set x = [1] %}", pair, "{{ x | string }}"), FAILED),
        ("twice, joined", sixty("{% set x = [1] %}", pair, "{{ x | join }}"), FAILED),
        ("twice, replaced", sixty("{% set x = [1] %}", pair, "{{ x | replace('1', '2') }}"), FAILED),
        ("twice, indented", sixty("{% set x = [1] %}", pair, "{{ x | indent(2) }}"), FAILED),
        (
            "twice, compared",
            sixty("{% set x = [1] %}{% set y = [1] %}", "{% set x = [x, x] %}{% set y = [y, y] %}", "{{ x == y }}"),
            FAILED,
        ),
        ("twice, a key", sixty("{% set x = [1] %}", pair, "{{ {x: 1} }}"), FAILED),
        ("twice, unique", sixty("{% set x = [1] %}", pair, "{{ x | unique | list }}"), FAILED),
        ("twice, sorted", sixty("{% set x = [1] %}", pair, "{{ x | sort }}"), FAILED),
        ("twice, in", sixty("{% set x = [1] %}{% set y = [1] %}", "{% set x = [x, x] %}{% set y = [y, y] %}", "{{ x in [y] }}"), FAILED),
        ("twice in mappings", sixty("{% set x = 1 %}", "{% set x = {'a': x, 'b': x} %}", "{{ x }}"), FAILED),
        // Lists that double.
        ("list + list", sixty("{% set x = [1] %}", "{% set x = x + x %}", "{{ x }}"), FAILED),
        ("list + list, joined", sixty("{% set x = [1] %}", "{% set x = x + x %}", "{{ x | join }}"), FAILED),
        ("list + list, a list", sixty("{% set x = [1] %}", "{% set x = (x + x) | list %}", "{{ x }}"), FAILED),
        ("list * 2", sixty("{% set x = [1] %}", "{% set x = x * 2 %}", "{{ x }}"), FAILED),
        ("list * much", "{{ [1] * 9999999999 }}\n".into(), FAILED),
        ("list * much, joined", "{{ ([1] * 9999999999) | join }}\n".into(), FAILED),
        ("range", "{{ range(9999999999) | list }}\n".into(), FAILED),
        ("range, joined", "{% for a in range(90000) %}{{ range(90000) | join }}{% endfor %}\n".into(), FAILED),
        ("batch", "{{ range(90000) | batch(9999999999, 1) | list }}\n".into(), FAILED),
        ("slice", "{{ range(90000) | slice(9999999999, 1) | list }}\n".into(), FAILED),
        // Texts that grow.
        ("text ~ text", sixty("{% set x = 'xxxxxxxxxxxxxxxx' %}", "{% set x = x ~ x %}", "{{ x }}"), FAILED),
        ("text + text", sixty("{% set x = 'xxxxxxxxxxxxxxxx' %}", "{% set x = x + x %}", "{{ x }}"), FAILED),
        ("text * 2", sixty("{% set x = 'xxxxxxxxxxxxxxxx' %}", "{% set x = x * 2 %}", "{{ x }}"), FAILED),
        ("text * much", "{{ 'x' * 99999999999 }}\n".into(), FAILED),
        ("replaced", sixty("{% set x = 'xx' %}", "{% set x = x | replace('x', 'xxxxxxxx') %}", "{{ x }}"), FAILED),
        ("indented", sixty("{% set x = 'a\\nb' * 1000 %}", "{% set x = x | indent(9999) %}", "{{ x }}"), FAILED),
        ("formatted", "{{ '%9999999999d' | format(1) }}\n".into(), FAILED),
        ("large values", "{% set x = 'x' * 900000 %}{% for a in range(9000) %}a: {{ x }}\n{% endfor %}".into(), FAILED),
        (
            "captured",
            "{% set x = 'x' * 900000 %}{% set c %}{{ x }}{% endset %}{% for a in range(9000) %}a: {{ c }}\n{% endfor %}".into(),
            FAILED,
        ),
        (
            "captured twice",
            sixty("{% set c %}{{ name }}{% endset %}", "{% set c %}{{ c }}{{ c }}{% endset %}", "{{ c }}"),
            FAILED,
        ),
        ("output", format!("{{% for a in range(99999) %}}{}{{% endfor %}}\n", "x".repeat(200_000)), FAILED),
        ("loops", "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}\n".into(), FAILED),
    ];
    let name_it = "{% set name = 'n' %}";
    all.into_iter()
        .map(|(name, text, codes)| (name, format!("{name_it}{text}"), codes))
        .map(|(name, text, codes)| Runaway { name, text, codes })
        .collect()
}
