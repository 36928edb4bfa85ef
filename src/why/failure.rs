//! A failure to pull: what a message tells about it.

use crate::manifest::reference;
use crate::mask;
use crate::why::bracket::Told;
use crate::why::cause::Cause;
use crate::why::message::{self, Message};
use crate::why::step::{self, Step};
use crate::why::subject::{self, Pod};

/// How much of an error is quoted, in characters.
const MAX_QUOTE: usize = 240;

/// A failure to pull, with all pods that have it. Secrets in its texts are masked; control characters are
/// not cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Why the pull fails.
    pub cause: Cause,
    /// More about the cause, if the text tells it: why an image reference is not valid.
    pub detail: Option<String>,
    /// The pods that the text names, each once, in its order.
    pub pods: Vec<Pod>,
    /// The image, as the text has it.
    pub image: Option<String>,
    /// The host of the registry, with its port.
    pub registry: Option<String>,
    /// The host that was not reached, for causes of the network.
    pub address: Option<String>,
    /// The address that the registry saw the node come from.
    pub client: Option<String>,
    /// The Secrets that are missing.
    pub secrets: Vec<String>,
    /// The words that told the cause, in one line and cut.
    pub seen: String,
}

impl Failure {
    /// What to do, step by step.
    pub fn steps(&self) -> Vec<Step> {
        step::steps(self)
    }

    /// Whether the registry is one of Azure; `None` if it is not known.
    pub fn is_azure(&self) -> Option<bool> {
        self.registry.as_deref().map(subject::is_azure)
    }

    /// What a message tells, without its pod. It is masked, and `lower` is it in lower case.
    pub(super) fn of(message: &Message, masked: &str, lower: &str, told: Told) -> Self {
        let cause = told.cause;
        let image = message::image(message, masked, lower)
            .filter(|_| cause != Cause::MissingSecret)
            .map(|image| mask::message(&image));
        let only = |wanted: Cause| move |_: &String| cause == wanted;
        let error = masked.get(told.start..told.end).unwrap_or_default();
        let mut secrets = subject::secrets(masked, lower);
        secrets.retain(only(Cause::MissingSecret));
        Self {
            cause,
            detail: image
                .as_deref()
                .filter(|_| cause == Cause::InvalidImageName)
                .and_then(reference::fault)
                .map(|fault| fault.why),
            pods: Vec::new(),
            registry: subject::registry(image.as_deref(), error),
            image,
            address: subject::address(error).filter(|_| is_of_network(cause)),
            client: subject::client(masked, lower).filter(only(Cause::NetworkRules)),
            secrets,
            seen: quote(masked, lower, told),
        }
    }
}

/// Whether a cause is about a host that the node did not reach.
fn is_of_network(cause: Cause) -> bool {
    [
        Cause::LayerHost,
        Cause::Dns,
        Cause::Unreachable,
        Cause::Certificate,
    ]
    .contains(&cause)
}

/// What is written before an error in a log.
const OPENINGS: &[&str] = &[
    "err=\"",
    "error=\"",
    "errimagepull: \"",
    "imagepullbackoff: \"",
    "] \"",
];
/// What is written behind it.
const CLOSING: &str = "\" pod";

/// The words that tell a cause, with the part of the sentence before them, in one line and cut. `lower` is
/// `masked` in lower case.
fn quote(masked: &str, lower: &str, told: Told) -> String {
    let before = lower.get(told.start..told.at).unwrap_or_default();
    let part = |text: &str| text.rfind(": ").unwrap_or(0);
    let last = part(before);
    let start = match part(before.get(..last).unwrap_or_default()) {
        0 => last,
        start => start,
    };
    let opened = OPENINGS
        .iter()
        .filter_map(|opening| Some(before.rfind(opening)? + opening.len()));
    let start = told.start + opened.fold(start, usize::max);
    let behind = lower.get(told.at..told.end).unwrap_or_default();
    let end = behind.find(CLOSING).map_or(told.end, |end| told.at + end);
    let error = masked.get(start..end).unwrap_or_default();
    let words: Vec<&str> = error.split_whitespace().take(MAX_QUOTE).collect();
    let line = words.join(" ");
    let line = line.trim_start_matches([':', ' ']);
    if line.chars().count() <= MAX_QUOTE {
        return line.trim_end_matches([']', '"', ',', ' ']).to_owned();
    }
    let kept: String = line.chars().take(MAX_QUOTE).collect();
    format!("{kept}…")
}
