//! Would bash parse it?

pub(crate) mod parse;

use crate::artifact::Expect;
use crate::diag::Problem;
use crate::verify::script::parse::with_script;
use crate::verify::whole;

/// What is wrong with a script; nothing if bash would parse it, which is known of one that `is_parsed`.
pub fn check(text: &str, is_parsed: bool, expect: &Expect) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !is_library(expect) && !text.starts_with("#!") {
        problems.push(whole("a script must begin with `#!/usr/bin/env bash`"));
    }
    if !is_parsed {
        problems.extend(with_script(text, |_| ()).err().map(whole));
    }
    let missing = names(expect).iter();
    let missing = missing.filter(|name| !text.contains(name.as_str()));
    problems.extend(missing.map(|name| whole(format!("it does not name `{name}`"))));
    problems
}

/// Whether it is loaded by scripts, and not run.
fn is_library(expect: &Expect) -> bool {
    match expect {
        Expect::Library => true,
        Expect::Script { .. }
        | Expect::Runner { .. }
        | Expect::Object { .. }
        | Expect::Local { .. }
        | Expect::Kustomize { .. }
        | Expect::Attributes => false,
    }
}

/// What a script must name.
fn names(expect: &Expect) -> &[String] {
    match expect {
        Expect::Script { names, .. } => names,
        Expect::Runner { scripts } => scripts,
        Expect::Library
        | Expect::Object { .. }
        | Expect::Local { .. }
        | Expect::Kustomize { .. }
        | Expect::Attributes => &[],
    }
}

#[cfg(test)]
mod tests {
    use crate::artifact::Expect;
    use crate::verify::script;

    fn check(text: &str) -> Vec<String> {
        let problems = script::check(text, false, &Expect::Attributes).into_iter();
        problems.map(|problem| problem.message).collect()
    }

    #[test]
    fn an_open_quote_is_found() {
        assert_eq!(
            check("#!/usr/bin/env bash\necho 'a'\n"),
            Vec::<String>::new()
        );
        assert_eq!(check("#!/usr/bin/env bash\necho 'a\n").len(), 1);
        assert_eq!(check("#!/usr/bin/env bash\nif true; then\n").len(), 1);
        assert_eq!(check("echo a\n").len(), 1);
    }

    #[test]
    fn deep_scripts_come_to_an_end() {
        let nested = |open: &str, count: usize, close: &str| {
            let (open, close) = (open.repeat(count), close.repeat(count));
            check(&format!("#!/usr/bin/env bash\n{open}true{close}\n"))
        };
        assert_eq!(
            nested("if true; then ", 2_000, "; fi"),
            Vec::<String>::new()
        );
        assert_eq!(nested("{ ", 400, "; }"), Vec::<String>::new());
        for (open, close) in [("$(", ")"), ("{ ", "; }"), ("((", "))"), ("${x:-", "}")] {
            let problems = nested(open, 20_000, close);
            assert_eq!(problems, ["brackets nest deeper than 500 levels"]);
        }
        let number = "5".repeat(40);
        let problems = check(&format!("#!/usr/bin/env bash\necho {number}>x\n"));
        assert_eq!(problems, ["the number before a `>` or `<` is too large"]);
        let problems = nested("((", 40, "");
        assert_eq!(problems.len(), 1, "an open bracket, forty times");
    }
}
