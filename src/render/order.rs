//! What decides a text: files that agree in it share the text with marks, and its structure.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::artifact::{Context, PlannedFile};
use crate::render::run::{Gives, Made};
use crate::render::shape::Shape;

/// All that decides the text of a file before its values are put in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Order<'a> {
    pub(super) template: &'static str,
    pub(super) context: &'a Context,
    pub(super) own: Own<'a>,
    /// Names of the secret variables.
    pub(super) secrets: Vec<&'static str>,
}

/// The variables of a file alone, as far as the template gets them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Own<'a> {
    /// Their names: the template only prints them.
    Names(Vec<&'static str>),
    /// Their values as well: the template may decide by them.
    Values(&'a [(&'static str, String)]),
}

impl<'a> Order<'a> {
    /// What decides the text of `file`.
    pub(super) fn of(file: &'a PlannedFile, gives: Gives) -> Self {
        Self {
            template: file.template,
            context: &file.context,
            own: match gives {
                Gives::Places => Own::Names(file.own.iter().map(|(name, _)| *name).collect()),
                Gives::Values => Own::Values(&file.own),
            },
            secrets: file.secrets.iter().map(|(name, _)| *name).collect(),
        }
    }

    /// What the template gets of the variables of a file alone.
    pub(super) fn gives(&self) -> Gives {
        match self.own {
            Own::Names(_) => Gives::Places,
            Own::Values(_) => Gives::Values,
        }
    }

    /// Names and values of the variables of a file alone; of those that are only printed, names alone.
    pub(super) fn own(&self) -> Vec<(&'a str, &'a str)> {
        match &self.own {
            Own::Names(names) => names.iter().map(|name| (*name, "")).collect(),
            Own::Values(all) => all.iter().map(|(name, text)| (*name, &**text)).collect(),
        }
    }
}

/// The texts of a plan, each wanted once.
pub(super) struct Orders<'a> {
    /// In the order of the plan.
    pub(super) all: Vec<Order<'a>>,
    /// By file: which of them is its own.
    of_file: Vec<usize>,
    /// By order: what its template makes, if that is known from the start.
    made: Vec<Arc<Made>>,
    /// By order: its text and structure, once they are known, if several files share them.
    shapes: Vec<Option<OnceLock<Arc<Shape>>>>,
}

impl<'a> Orders<'a> {
    /// The texts that `planned` needs; `gives` defines what each template gets.
    pub(super) fn of(planned: &'a [PlannedFile], gives: impl Fn(&str) -> Gives) -> Self {
        let mut known: HashMap<Order<'a>, usize> = HashMap::new();
        let mut all = Vec::new();
        let mut shapes: Vec<Option<OnceLock<Arc<Shape>>>> = Vec::new();
        let mut of_file = Vec::with_capacity(planned.len());
        for file in planned {
            let order = Order::of(file, gives(file.template));
            let at = *known.entry(order).or_insert_with_key(|order| {
                all.push(order.clone());
                all.len() - 1
            });
            match shapes.get_mut(at) {
                Some(shared) => *shared = Some(OnceLock::new()),
                None => shapes.push(None),
            }
            of_file.push(at);
        }
        Self {
            all,
            of_file,
            made: Vec::new(),
            shapes,
        }
    }

    /// The same, with what the templates make.
    pub(super) fn with(self, made: Vec<Arc<Made>>) -> Self {
        Self { made, ..self }
    }

    /// The order of a file of the plan.
    pub(super) fn order(&self, file: usize) -> &Order<'a> {
        &self.all[self.of_file[file]]
    }

    /// What the template of a file makes, if that is known from the start.
    pub(super) fn made(&self, file: usize) -> Option<&Arc<Made>> {
        self.made.get(self.of_file[file])
    }

    /// Where the shape of a file is kept for others that share it, if there are others.
    pub(super) fn shape(&self, file: usize) -> Option<&OnceLock<Arc<Shape>>> {
        self.shapes[self.of_file[file]].as_ref()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::config::include::Nowhere;
    use crate::config::load;
    use crate::plan::{self, MAX_FILES};
    use crate::render::builtin::Templates;
    use crate::render::environment;
    use crate::render::mark::Kept;
    use crate::render::order::Order;
    use crate::render::run::{Gives, Run, run};
    use crate::secret::Redacted;
    use crate::span::Source;
    use crate::strategy::Outside;

    struct Variables;

    impl Outside for Variables {
        fn variable(&self, name: &str) -> Option<Redacted> {
            Some(Redacted::new(name.to_owned()))
        }

        fn file(&self, _: &str) -> Result<Redacted, String> {
            Err("there is none".to_owned())
        }
    }

    /// What `PlannedFile::own` promises.
    #[test]
    fn built_in_templates_only_print_the_variables_of_one_file() {
        let config = include_str!("../../tests/it/every-template.yaml");
        let loaded = load::load(Source::new("config", config), &Nowhere).expect("it is valid");
        let planned = plan::plan(&loaded, "config", &Variables, MAX_FILES).expect("it is small");
        let environment = environment::new(Arc::new(Templates::default()));
        let mut printed = 0;
        let own = planned.iter().filter(|file| !file.own.is_empty()).count();
        for file in &planned {
            let made = |gives| {
                let order = Order::of(file, gives);
                let wanted = Run {
                    template: order.template,
                    context: order.context.json(),
                    own: order.own(),
                    gives,
                    secrets: order.secrets.clone(),
                    room: usize::MAX,
                };
                run(&environment, wanted).expect("it is a good template")
            };
            let (places, values) = (made(Gives::Places), made(Gives::Values));
            assert_eq!(places.text, values.text, "{}", file.path);
            assert_eq!(places.values.len(), values.values.len(), "{}", file.path);
            for (place, value) in places.values.iter().zip(&values.values) {
                match (place, value) {
                    (Kept::Own(at), Kept::Plain(value)) => {
                        printed += 1;
                        assert_eq!(*value, file.own[*at].1, "{}", file.path);
                    }
                    (place, value) => {
                        assert_eq!(format!("{place:?}"), format!("{value:?}"), "{}", file.path);
                    }
                }
            }
        }
        assert_eq!(printed, own);
        assert!(own > 0);
    }
}
