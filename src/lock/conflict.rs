//! Texts that git left with the markers of a merge conflict, and both sides of them.

/// Where a line of such a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Both,
    Ours,
    Base,
    Theirs,
}

/// The shortest marker of git. Around files that both sides have renamed, markers are longer.
const SHORTEST: usize = 7;

/// What a text says on each side of its conflicts, ours first; `None` if git left no conflict in it.
pub fn sides(text: &str) -> Option<[String; 2]> {
    let [mut ours, mut theirs] = [String::new(), String::new()];
    let mut part = Part::Both;
    let mut size = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let is = |sign: char| marker(bare, sign) == Some(size);
        match part {
            Part::Both => match marker(bare, '<') {
                Some(begun) => (part, size) = (Part::Ours, begun),
                None => {
                    ours.push_str(line);
                    theirs.push_str(line);
                }
            },
            Part::Ours if is('|') => part = Part::Base,
            Part::Ours | Part::Base if is('=') => part = Part::Theirs,
            Part::Theirs if is('>') => part = Part::Both,
            Part::Ours => ours.push_str(line),
            Part::Theirs => theirs.push_str(line),
            Part::Base => {}
        }
    }
    (size > 0 && part == Part::Both).then_some([ours, theirs])
}

/// The size of the marker that a line is, with what git says behind it.
fn marker(line: &str, sign: char) -> Option<usize> {
    let rest = line.trim_start_matches(sign);
    let size = line.len() - rest.len();
    let is_marker = size >= SHORTEST && (rest.is_empty() || (rest.starts_with(' ') && sign != '='));
    is_marker.then_some(size)
}

#[cfg(test)]
mod tests {
    use crate::lock::sides;

    #[test]
    fn a_conflict_has_two_sides() {
        let merge = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> theirs\nd\n";
        let want = ["a\nb\nd\n".to_owned(), "a\nc\nd\n".to_owned()];
        assert_eq!(sides(merge), Some(want.clone()));
        let diff3 = merge.replace("=======", "||||||| base\nx\n=======");
        assert_eq!(sides(&diff3), Some(want));
        let windows = sides(&merge.replace('\n', "\r\n")).expect("it is one");
        assert_eq!(windows[1], "a\r\nc\r\nd\r\n");
        let renamed = merge
            .replace("<<<<<<<", "<<<<<<<<")
            .replace(">>>>>>>", ">>>>>>>>");
        let renamed = sides(&renamed.replace("=======", "========"));
        assert_eq!(renamed, sides(merge));
        for none in [
            "<<<<<<<< HEAD\na\n=======\nb\n>>>>>>>> x\n",
            "",
            "a\n=======\nb\n",
            "<<<<<<< HEAD\n",
            "<<<<<<< HEAD\na\n=======\nb\n",
            "<<<<<<<HEAD\na\n=======\nb\n>>>>>>> x\n",
            " <<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n",
        ] {
            assert_eq!(sides(none), None, "{none:?}");
        }
    }
}
