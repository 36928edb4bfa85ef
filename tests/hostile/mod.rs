//! Inputs of at most 1 MiB that somebody wrote to keep a reader busy, for the tests that count and the
//! tests that measure.

mod configs;
mod lists;
mod plans;
mod yaml;

/// The largest input.
pub(crate) const MIB: usize = 1024 * 1024;

/// The head of a config, up to its spec.
pub(crate) const HEAD: &str = "\
apiVersion: pullwright.dev/v1alpha1
kind: PullAccess
metadata: {name: sample}
spec:
  registries: [{name: youruniquename}]
";

/// How an input reaches the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// As the config of `validate`; if that is valid, of `render --stdout`, `check` and `diff`.
    Config,
    /// As the `ResourceList` of `fn`.
    List,
    /// As the stream of objects of `fn CONFIG`, with a small config.
    Stream,
    /// As the lock of a small config's output folder.
    Lock,
    /// As the file that a small config made, changed by hand.
    Output,
}

/// One input.
pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) way: Way,
    pub(crate) text: String,
}

/// All inputs.
pub(crate) fn inputs() -> Vec<Input> {
    let mut all = Vec::new();
    let mut add = |way: Way, made: Vec<(&'static str, String)>| {
        all.extend(
            made.into_iter()
                .map(|(name, text)| Input { name, way, text }),
        );
    };
    add(Way::Config, configs::configs());
    add(Way::Config, plans::plans());
    add(Way::Config, yaml::texts());
    add(Way::List, lists::lists());
    add(Way::Stream, lists::streams());
    add(Way::Stream, yaml::texts());
    add(Way::Lock, lists::locks());
    add(Way::Output, lists::outputs());
    let large = all.iter().filter(|input| input.text.len() > MIB);
    let large: Vec<&str> = large.map(|input| input.name).collect();
    assert!(large.is_empty(), "too large: {large:?}");
    all
}

/// `unit` of 0, 1, 2 … as often as it fits into `room` bytes.
pub(crate) fn fill(room: usize, unit: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0.. {
        let next = unit(number);
        if text.len() + next.len() > room {
            break;
        }
        text.push_str(&next);
    }
    text
}

/// `unit` as often as it fits into `room` bytes.
pub(crate) fn repeat(room: usize, unit: &str) -> String {
    unit.repeat(room / unit.len())
}

/// The room that is left in an input with that much text.
pub(crate) fn room(taken: &str) -> usize {
    MIB - taken.len() - 8 * 1024
}
