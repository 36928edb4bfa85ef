//! All words of a script, each with the role that bash gives it.

use brush_parser::ast::{
    Assignment, AssignmentName, AssignmentValue, BinaryPredicate, Command,
    CommandPrefixOrSuffixItem, CompoundCommand, CompoundList, ExtendedTestExpr,
    IoFileRedirectTarget, IoRedirect, Pipeline, Program, RedirectList, SimpleCommand,
    UnaryPredicate,
};

use crate::render::shell::call::Call;
use crate::render::shell::names;

/// What bash does with a word.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role<'a> {
    /// The argument of a command at this place among its arguments.
    Argument(&'a Call, usize),
    /// The right side of `name=`, which may be an argument of a command that declares.
    Assigned(&'a str, Option<&'a Call>),
    /// An element of `name=(…)`.
    Element(&'a str),
    /// One of the words of `for name in`.
    Item(&'a str),
    /// The word of `case … in`.
    Subject,
    /// A word of `[[ ]]` that is compared or tested as text.
    Tested,
    /// The name of a file after `<` or `>`.
    File,
    /// A place where no value may be, in words that follow "a value cannot be".
    Never(&'static str),
    /// A place where bash evaluates a value, quoted or not.
    Evaluated(&'static str),
}

/// Receives the parts of a script, in the order of the script.
pub(super) trait Visitor {
    /// A command with its arguments, before its words.
    fn call(&mut self, _call: &Call) {}
    /// A variable that holds an array.
    fn array(&mut self, _name: &str) {}
    /// A function of the script.
    fn function(&mut self, _name: &str) {}
    /// A word.
    fn word(&mut self, role: Role<'_>, text: &str);
}

/// Meets each word of `program` once; words inside of words are left to the visitor.
pub(super) fn walk(program: &Program, visitor: &mut dyn Visitor) {
    for list in &program.complete_commands {
        walk_list(list, visitor);
    }
}

fn walk_list(list: &CompoundList, visitor: &mut dyn Visitor) {
    for item in &list.0 {
        for (_, pipeline) in &item.0 {
            walk_pipeline(pipeline, visitor);
        }
    }
}

fn walk_pipeline(pipeline: &Pipeline, visitor: &mut dyn Visitor) {
    let last_taker = pipeline.seq.iter().rposition(takes_code).unwrap_or(0);
    for (at, command) in pipeline.seq.iter().enumerate() {
        let never = if pipeline.timed.is_some() {
            "after `time`"
        } else if at < last_taker {
            "in what is piped into such a command"
        } else {
            walk_command(command, visitor);
            continue;
        };
        visitor.word(Role::Never(never), &command.to_string());
        walk_command(command, &mut WithoutWords(visitor));
    }
}

/// Whether a command may run, or evaluate, what it reads.
fn takes_code(command: &Command) -> bool {
    let Command::Simple(simple) = command else {
        return true;
    };
    let call = Call::new(simple);
    let takes = |name: &str| names::evaluates(name) || names::runs(name);
    call.odd || call.name.as_deref().is_some_and(takes) || call.takers.iter().any(|one| one.always)
}

/// Hears of commands and variables, in places where no value may be.
struct WithoutWords<'a>(&'a mut dyn Visitor);

impl Visitor for WithoutWords<'_> {
    fn call(&mut self, call: &Call) {
        self.0.call(call);
    }

    fn array(&mut self, name: &str) {
        self.0.array(name);
    }

    fn word(&mut self, _: Role<'_>, _: &str) {}
}

fn walk_command(command: &Command, visitor: &mut dyn Visitor) {
    match command {
        Command::Simple(simple) => walk_simple(simple, visitor),
        Command::Compound(compound, redirects) => {
            walk_compound(compound, visitor);
            walk_redirects(redirects.as_ref(), visitor);
        }
        Command::Function(function) => {
            visitor.word(Role::Never("the name of a function"), &function.fname.value);
            visitor.function(&function.fname.value);
            walk_compound(&function.body.0, visitor);
            walk_redirects(function.body.1.as_ref(), visitor);
        }
        Command::ExtendedTest(test, redirects) => {
            walk_test(&test.expr, visitor);
            walk_redirects(redirects.as_ref(), visitor);
        }
    }
}

fn walk_compound(compound: &CompoundCommand, visitor: &mut dyn Visitor) {
    let arithmetic = Role::Evaluated("inside `((…))`");
    match compound {
        CompoundCommand::Arithmetic(one) => visitor.word(arithmetic, &one.expr.value),
        CompoundCommand::ArithmeticForClause(one) => {
            for part in [&one.initializer, &one.condition, &one.updater]
                .into_iter()
                .flatten()
            {
                visitor.word(arithmetic, &part.value);
            }
            walk_list(&one.body.list, visitor);
        }
        CompoundCommand::BraceGroup(one) => walk_list(&one.list, visitor),
        CompoundCommand::Subshell(one) => walk_list(&one.list, visitor),
        CompoundCommand::ForClause(one) => {
            visitor.word(Role::Never("the name of a variable"), &one.variable_name);
            for word in one.values.iter().flatten() {
                visitor.word(Role::Item(&one.variable_name), &word.value);
            }
            walk_list(&one.body.list, visitor);
        }
        CompoundCommand::CaseClause(one) => {
            visitor.word(Role::Subject, &one.value.value);
            for case in &one.cases {
                for pattern in &case.patterns {
                    visitor.word(Role::Never("a pattern of `case`"), &pattern.value);
                }
                if let Some(list) = &case.cmd {
                    walk_list(list, visitor);
                }
            }
        }
        CompoundCommand::IfClause(one) => {
            walk_list(&one.condition, visitor);
            walk_list(&one.then, visitor);
            for part in one.elses.iter().flatten() {
                if let Some(condition) = &part.condition {
                    walk_list(condition, visitor);
                }
                walk_list(&part.body, visitor);
            }
        }
        CompoundCommand::WhileClause(one) | CompoundCommand::UntilClause(one) => {
            walk_list(&one.0, visitor);
            walk_list(&one.1.list, visitor);
        }
        CompoundCommand::Coprocess(one) => {
            if let Some(name) = &one.name {
                visitor.array(&name.value);
            }
            visitor.word(Role::Never("a part of `coproc`"), &one.to_string());
        }
    }
}

fn walk_simple(simple: &SimpleCommand, visitor: &mut dyn Visitor) {
    let call = Call::new(simple);
    visitor.call(&call);
    for item in simple.prefix.iter().flat_map(|prefix| &prefix.0) {
        match item {
            CommandPrefixOrSuffixItem::AssignmentWord(assignment, _) => {
                walk_assignment(assignment, None, visitor);
            }
            other => walk_item(other, visitor),
        }
    }
    if let Some(name) = &simple.word_or_name {
        visitor.word(Role::Never("the name of a command"), &name.value);
    }
    let mut at = 0;
    for item in simple.suffix.iter().flat_map(|suffix| &suffix.0) {
        match item {
            CommandPrefixOrSuffixItem::Word(word) => {
                visitor.word(Role::Argument(&call, at), &word.value);
                at += 1;
            }
            CommandPrefixOrSuffixItem::AssignmentWord(assignment, word) => {
                if call.declares() {
                    walk_assignment(assignment, Some(&call), visitor);
                } else if matches!(assignment.value, AssignmentValue::Array(_)) {
                    visitor.word(Role::Never("an array after a command"), &word.value);
                } else {
                    visitor.word(Role::Argument(&call, at), &word.value);
                }
                at += 1;
            }
            other => walk_item(other, visitor),
        }
    }
}

fn walk_item(item: &CommandPrefixOrSuffixItem, visitor: &mut dyn Visitor) {
    match item {
        CommandPrefixOrSuffixItem::IoRedirect(redirect) => walk_redirect(redirect, visitor),
        CommandPrefixOrSuffixItem::ProcessSubstitution(_, commands) => {
            visitor.word(Role::Never("inside `<(…)`"), &commands.to_string());
        }
        CommandPrefixOrSuffixItem::Word(_) | CommandPrefixOrSuffixItem::AssignmentWord(..) => {}
    }
}

fn walk_assignment(one: &Assignment, call: Option<&Call>, visitor: &mut dyn Visitor) {
    let name = match &one.name {
        AssignmentName::VariableName(name) => name,
        AssignmentName::ArrayElementName(name, index) => {
            visitor.array(name);
            visitor.word(Role::Evaluated("in the index of an array"), index);
            name
        }
    };
    visitor.word(Role::Never("the name of a variable"), name);
    match &one.value {
        AssignmentValue::Scalar(word) => visitor.word(Role::Assigned(name, call), &word.value),
        AssignmentValue::Array(elements) => {
            visitor.array(name);
            // An index may hold blanks, which the parser takes for the end of a word.
            let unclear = elements.iter().any(|(index, element)| match index {
                Some(index) => !index
                    .value
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '_'),
                None => element.value.starts_with('['),
            });
            for (index, element) in elements {
                if let Some(index) = index {
                    visitor.word(Role::Evaluated("in the index of an array"), &index.value);
                }
                let role = if unclear {
                    Role::Evaluated("in an array with such indexes")
                } else {
                    Role::Element(name)
                };
                visitor.word(role, &element.value);
            }
        }
    }
}

fn walk_redirects(redirects: Option<&RedirectList>, visitor: &mut dyn Visitor) {
    for redirect in redirects.iter().flat_map(|list| &list.0) {
        walk_redirect(redirect, visitor);
    }
}

fn walk_redirect(redirect: &IoRedirect, visitor: &mut dyn Visitor) {
    match redirect {
        IoRedirect::File(_, _, target) => match target {
            IoFileRedirectTarget::Filename(word) => visitor.word(Role::File, &word.value),
            IoFileRedirectTarget::Fd(_) => {}
            IoFileRedirectTarget::ProcessSubstitution(_, commands) => {
                visitor.word(Role::Never("inside `<(…)`"), &commands.to_string());
            }
            IoFileRedirectTarget::Duplicate(word) => {
                visitor.word(Role::Never("after `>&` or `<&`"), &word.value);
            }
        },
        IoRedirect::HereDocument(_, document) => {
            let role = Role::Never("inside a here-document");
            visitor.word(role, &document.here_end.value);
            visitor.word(role, &document.doc.value);
        }
        IoRedirect::HereString(_, word) => {
            visitor.word(Role::Never("after `<<<`"), &word.value);
        }
        IoRedirect::OutputAndError(word, _) => {
            visitor.word(Role::Never("after `&>`"), &word.value);
        }
    }
}

fn walk_test(test: &ExtendedTestExpr, visitor: &mut dyn Visitor) {
    match test {
        ExtendedTestExpr::And(left, right) | ExtendedTestExpr::Or(left, right) => {
            walk_test(left, visitor);
            walk_test(right, visitor);
        }
        ExtendedTestExpr::Not(one) | ExtendedTestExpr::Parenthesized(one) => {
            walk_test(one, visitor);
        }
        ExtendedTestExpr::UnaryTest(predicate, word) => {
            let role = match predicate {
                UnaryPredicate::StringHasZeroLength
                | UnaryPredicate::StringHasNonZeroLength
                | UnaryPredicate::FileExists
                | UnaryPredicate::FileExistsAndIsDir
                | UnaryPredicate::FileExistsAndIsRegularFile
                | UnaryPredicate::FileExistsAndIsReadable
                | UnaryPredicate::FileExistsAndIsWritable
                | UnaryPredicate::FileExistsAndIsExecutable
                | UnaryPredicate::FileExistsAndIsNotZeroLength => Role::Tested,
                _ => Role::Evaluated("after such an operator of `[[ ]]`"),
            };
            visitor.word(role, &word.value);
        }
        ExtendedTestExpr::BinaryTest(predicate, left, right) => {
            let role = match predicate {
                BinaryPredicate::StringExactlyMatchesPattern
                | BinaryPredicate::StringDoesNotExactlyMatchPattern
                | BinaryPredicate::StringExactlyMatchesString
                | BinaryPredicate::StringDoesNotExactlyMatchString => Role::Tested,
                _ => Role::Evaluated("beside such an operator of `[[ ]]`"),
            };
            visitor.word(role, &left.value);
            visitor.word(role, &right.value);
        }
    }
}
