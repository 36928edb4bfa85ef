//! Texts that are hard on a reader of YAML, whatever they are read as.

use crate::hostile_inputs::{MIB, fill, repeat};

/// The texts.
pub(crate) fn texts() -> Vec<(&'static str, String)> {
    let most = MIB - 2_048;
    let large = |unit: &str| repeat(most, unit);
    vec![
        ("nothing but line ends", large("\n")),
        ("nothing but carriage returns", large("\r")),
        ("nothing but spaces", large(" ")),
        ("nothing but tabs", large("\t")),
        ("nothing but comments", large("#\n")),
        ("one long comment", format!("# {}", large("a"))),
        ("byte order marks", large("\u{feff}")),
        ("document starts", large("---\n")),
        ("document ends", large("...\n")),
        ("a hundred thousand documents", large("--- {}\n")),
        ("many empty documents with comments", large("--- # c\n")),
        ("directives", large("%YAML 1.2\n")),
        (
            "tag directives",
            fill(most, |n| format!("%TAG !t{n}! tag:t{n}:\n")),
        ),
        ("open brackets", large("[")),
        ("open braces", large("{")),
        ("open brackets in turn", large("[{")),
        ("closed brackets", large("]")),
        ("dashes in one line", large("- ")),
        ("dashes in lines", large("-\n")),
        (
            "deeper by each line",
            fill(most, |n| format!("{}a:\n", " ".repeat(n))),
        ),
        ("question marks", large("? ")),
        ("colons", large(": ")),
        ("commas in a list", format!("[{}]", large(","))),
        ("a list of words in one line", format!("[{}]", large("a,"))),
        ("a list of words in lines", large("- a\n")),
        ("one key again in one line", format!("{{{}}}", large("a,"))),
        (
            "one key again with values in one line",
            format!("{{{}}}", large("a: 1, ")),
        ),
        ("one key again in lines", large("a: 1\n")),
        ("one key again in carriage returns", large("a: 1\r")),
        (
            "password again in one line",
            format!("{{{}}}", large("password,")),
        ),
        (
            "keys in one line",
            format!("{{{}}}", fill(most - 2, |n| format!("k{n},"))),
        ),
        ("keys in lines", fill(most, |n| format!("k{n}: {n}\n"))),
        ("small mappings with repeated keys", large("- {a, a, a}\n")),
        (
            "a mapping that is merged",
            format!("<<: {{{}}}\n", fill(most - 16, |n| format!("k{n},"))),
        ),
        ("many small merges", large("<<: {a: 1}\n")),
        (
            "a list of merges",
            format!("<<: [{}]\n", fill(most - 16, |n| format!("{{k{n}: 1}},"))),
        ),
        (
            "merges of aliases",
            format!(
                "a: &a {{{}}}\nb: {{<<: [{}]}}\n",
                fill(40_000, |n| format!("k{n},")),
                repeat(most - 60_000, "*a,")
            ),
        ),
        ("anchors", fill(most, |n| format!("- &a{n} x\n"))),
        ("anchors of lists", fill(most, |n| format!("- &a{n} [x]\n"))),
        (
            "anchors and aliases",
            fill(most, |n| format!("- &a{n} x\n- *a{n}\n")),
        ),
        ("one anchor again", large("- &a x\n")),
        (
            "aliases of one word",
            format!("- &a x\n{}", repeat(most - 16, "- *a\n")),
        ),
        (
            "aliases of a long word",
            format!(
                "- &a {}\n{}",
                "x".repeat(60_000),
                repeat(most - 70_000, "- *a\n")
            ),
        ),
        (
            "anchors of anchors",
            format!(
                "a0: &a0 [x, x]\n{}",
                fill(most - 64, |n| format!(
                    "a{}: &a{} [*a{n}, *a{n}]\n",
                    n + 1,
                    n + 1
                ))
            ),
        ),
        (
            "nested anchors",
            format!(
                "{}{}{}\n",
                (0..90).map(|n| format!("&a{n} [")).collect::<String>(),
                large("x,"),
                "]".repeat(90)
            ),
        ),
        ("an alias of nothing", large("- *a\n")),
        ("a long anchor", format!("- &{} x\n", large("a"))),
        ("tags", large("- !t x\n")),
        ("tags of strings", large("- !!str x\n")),
        ("tags of sets", large("- !!set {}\n")),
        ("a long tag", format!("- !{} x\n", large("a"))),
        ("a tag of escapes", format!("- !{} x\n", large("%41"))),
        ("a long word", large("a")),
        ("long words in lines", large("a\n")),
        (
            "a long word in double quotes",
            format!("\"{}\"", large("a")),
        ),
        ("a long word in single quotes", format!("'{}'", large("''"))),
        ("escapes", format!("\"{}\"", large("\\u0041"))),
        ("escaped line ends", format!("\"{}\"", large("\\\n"))),
        ("quotes that stay open", format!("a: \"{}", large("a\n"))),
        ("quoted words", large("- \"a\"\n")),
        ("many open quotes", large("\"")),
        ("a block", format!("a: |\n{}", large(" a\n"))),
        (
            "a block of empty lines",
            format!("a: |\n{}b\n", large("\n")),
        ),
        ("a folded block", format!("a: >\n{}", large("  a\n"))),
        ("blocks with an indent", large("- |9\n")),
        ("blocks of nothing", large("- |\n")),
        ("a block deep in", format!("a: |\n{}b\n", large(" "))),
        ("a long number", format!("a: {}\n", large("1"))),
        (
            "a long number of underscores",
            format!("a: 1{}\n", large("_")),
        ),
        ("a long fraction", format!("a: 0.{}\n", large("1"))),
        ("a long exponent", format!("a: 1e{}\n", large("1"))),
        ("long hexadecimals", format!("a: 0x{}\n", large("f"))),
        ("numbers", large("- 1e1\n")),
        ("large numbers", large("- 18446744073709551616\n")),
        ("infinities", large("- .inf\n")),
        ("a long key", format!("{}: x\n", "a".repeat(1_000_000))),
        (
            "a long key with a sign",
            format!("? {}\n: x\n", "a".repeat(1_000_000)),
        ),
        ("mappings as keys", large("? {a: 1}\n: x\n")),
        ("letters of four bytes", large("- \u{1f980}\n")),
        (
            "one line of letters of four bytes and two equal keys",
            format!("{{{}: 1, b: 2, b: 3}}\n", "\u{1f980}".repeat(200)),
        ),
        ("control characters", large("- \"\u{7f}\"\n")),
        ("nulls", large("- ~\n")),
        ("empty mappings", large("- {}\n")),
    ]
}
