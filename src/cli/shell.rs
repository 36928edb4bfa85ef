//! `schema`, `completions` and `man`: what other programs read.

use clap::CommandFactory;
use clap::builder::Resettable;
use clap_complete::Shell;

use crate::cli::Exit;
use crate::cli::args::help::Manual;
use crate::cli::args::{Args, Schema};
use crate::cli::page::{Ending, Page};
use crate::diag::{Code, Diagnostic};

pub(super) fn schema(args: &Schema, page: &mut Page<'_, '_>) -> Ending {
    page.data(args.kind.text())?;
    Ok(Exit::Ok)
}

pub(super) fn completions(shell: Shell, page: &mut Page<'_, '_>) -> Ending {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "pullwright", &mut text);
    page.data(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Ok)
}

pub(super) fn man(command: Option<&str>, page: &mut Page<'_, '_>) -> Ending {
    // Its page would have nothing that the others do not have.
    let mut root = Args::command().disable_help_subcommand(true);
    root.build();
    let title = command.map_or_else(
        || "pullwright".to_owned(),
        |name| format!("pullwright-{name}"),
    );
    let chosen = match command {
        None => root,
        Some(name) => match root.find_subcommand(name) {
            Some(found) => found.clone(),
            None => {
                let names: Vec<&str> = root
                    .get_subcommands()
                    .map(clap::Command::get_name)
                    .collect();
                let message = format!("unknown command `{name}`");
                return Err(Diagnostic::new(Code::Usage, message)
                    .help(format!("the commands are {}", names.join(", ")))
                    .into());
            }
        },
    };
    let mut text = Vec::new();
    let chosen = chosen.after_help(Resettable::Reset);
    clap_mangen::Man::new(chosen.after_long_help(Resettable::Reset))
        .title(title)
        .source(format!("pullwright {}", env!("CARGO_PKG_VERSION")))
        .manual("pullwright")
        .render(&mut text)?;
    page.data(&String::from_utf8_lossy(&text))?;
    if let Some(manual) = Manual::of(command.unwrap_or_default()) {
        page.data(&manual.in_manual())?;
    }
    Ok(Exit::Ok)
}

pub(super) fn version(page: &mut Page<'_, '_>) -> Ending {
    page.data(&Args::command().render_version())?;
    Ok(Exit::Ok)
}
