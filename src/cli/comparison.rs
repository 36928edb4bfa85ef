//! An output directory compared with a config: what differs, in numbers and as data.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::artifact::RenderedFile;
use crate::change::{self, Change, Existing, Kind, Prune};
use crate::cli::claims::Claim;
use crate::diag::Code;
use crate::lock::{self, Lock, Owner, Record, State};
use crate::mask::Known;

/// What is in an output directory, as far as a plan is about it.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) lock: Lock,
    pub(super) state: State,
    pub(super) existing: BTreeMap<String, Existing>,
}

/// An output directory compared with a config.
#[derive(Default)]
pub(super) struct Comparison {
    pub(super) changes: Vec<Change>,
    pub(super) lock: Lock,
    /// In which state the lock was found.
    pub(super) state: State,
    /// Whose it will be.
    owner: Option<Owner>,
    /// Why the lock must be written though the files may be up to date.
    pub(super) lock_drift: Option<LockDrift>,
    known: Arc<Known>,
}

/// Why a lock does not do for the files beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LockDrift {
    /// It does not exist.
    Missing,
    /// git left a merge conflict in it.
    Conflicted,
    /// It does not record this file as it is, and so many others.
    Incomplete(String, usize),
    /// It records that it belongs to the config at this path.
    Owner(String),
}

impl LockDrift {
    /// Of files that are not there, or differ, the messages about them tell enough.
    fn of(changes: &[Change], lock: &Lock, state: State, owner: &Owner) -> Option<Self> {
        if state == State::Conflicted {
            return Some(Self::Conflicted);
        }
        if let (Some(Owner::Config(recorded)), Owner::Config(own)) = (&lock.config, owner)
            && recorded != own
        {
            return Some(Self::Owner(recorded.clone()));
        }
        let unrecorded = change::unrecorded(changes, lock);
        let first = unrecorded.first()?;
        Some(match state {
            State::Missing => Self::Missing,
            State::Conflicted | State::Whole => {
                Self::Incomplete(first.path.clone(), unrecorded.len() - 1)
            }
        })
    }

    /// What a run does about it.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Create,
            Self::Conflicted | Self::Incomplete(..) | Self::Owner(_) => Kind::Update,
        }
    }

    /// As a part of [`Comparison::summary`].
    fn summary(&self) -> &'static str {
        match self {
            Self::Missing => "lock missing",
            Self::Conflicted => "lock with a merge conflict",
            Self::Incomplete(..) | Self::Owner(_) => "lock outdated",
        }
    }

    /// The code of its message.
    pub(super) fn code(&self) -> Code {
        match self {
            Self::Conflicted => Code::MergeConflict,
            Self::Missing | Self::Incomplete(..) | Self::Owner(_) => Code::LockOutdated,
        }
    }

    /// What is wrong with the lock `file`, as a sentence.
    pub(super) fn message(&self, file: &str) -> String {
        match self {
            Self::Missing => {
                format!("`{file}` does not exist, so edits and stale files cannot be detected")
            }
            Self::Conflicted => format!("`{file}` contains a merge conflict"),
            Self::Owner(path) => {
                format!("`{file}` records `{path}` as its config, which is another one")
            }
            Self::Incomplete(path, 0) => format!("`{file}` does not record `{path}` as it is"),
            Self::Incomplete(path, more) => {
                format!("`{file}` does not record `{path}` and {more} more as they are")
            }
        }
    }
}

impl Comparison {
    /// Compares what was rendered with what is there.
    pub(super) fn new(
        files: Vec<RenderedFile>,
        seen: Seen,
        claim: &Claim,
        known: Arc<Known>,
    ) -> Self {
        let Seen {
            lock,
            state,
            existing,
        } = seen;
        let mut changes = change::compare(files, existing, &lock, &known);
        if state == State::Conflicted {
            // Both branches generated such a file, and git has put it together without a conflict.
            let is_merged = |change: &&mut Change| {
                let record = lock.files.get(&change.path);
                change.kind == Kind::Edited && record.is_some_and(|record| record.next.is_some())
            };
            for change in changes.iter_mut().filter(is_merged) {
                change.kind = Kind::Conflicted;
            }
        }
        let owner = claim.next(&lock);
        Self {
            lock_drift: LockDrift::of(&changes, &lock, state, &owner),
            owner: Some(owner),
            changes,
            lock,
            state,
            known,
        }
    }

    /// The outputs that hold a secret in clear text.
    pub(super) fn plaintext(&self) -> impl Iterator<Item = &str> {
        let private = self.changes.iter().filter(|change| {
            let new = change.new.as_ref();
            new.is_some_and(|file| file.mode.is_private())
        });
        private.map(|change| change.path.as_str())
    }

    /// The same files against another look at the directory.
    pub(super) fn again(self, seen: Seen, claim: &Claim) -> Self {
        let files = self.changes.into_iter().filter_map(|change| change.new);
        Self::new(files.collect(), seen, claim, self.known)
    }

    /// The lock after a run.
    pub(super) fn next_lock(&self, prune: Prune) -> Lock {
        let mut next = change::next_lock(&self.changes, &self.lock, prune);
        next.config.clone_from(&self.owner);
        // A new version alone is nothing to write: nobody would be told of it.
        if next.records_as(&self.lock) {
            return self.lock.clone();
        }
        next
    }

    /// Whether the directory does not match the config.
    pub(super) fn differs(&self) -> bool {
        let is_same = |change: &Change| change.kind == Kind::Same;
        self.lock_drift.is_some() || !self.changes.iter().all(is_same)
    }

    /// Why a file does not count as one that pullwright wrote.
    pub(super) fn why_edited(&self, change: &Change) -> &'static str {
        let record = self.lock.files.get(&change.path);
        if record.is_some_and(Record::is_blind) {
            "the lock was written by an older version, which does not record changes to secrets"
        } else if change.new.is_some() {
            "it was edited, or was not written by pullwright"
        } else {
            "it was edited"
        }
    }

    /// Whether files differ that an older pullwright wrote, whatever was changed beside that.
    pub(super) fn is_older(&self) -> bool {
        let is_outdated = |change: &Change| change.kind == Kind::Update;
        self.lock.is_older() && self.changes.iter().any(is_outdated)
    }

    /// Whether a run that writes these `changes` to files changes anything.
    pub(super) fn is_changed_by(&self, is_done: impl Fn(&Change) -> bool) -> bool {
        self.lock_drift.is_some() || self.changes.iter().any(is_done)
    }

    /// How many paths there are of each kind.
    pub(super) fn count(&self, kind: Kind) -> usize {
        self.changes
            .iter()
            .filter(|change| change.kind == kind)
            .count()
    }

    /// `2 to create, 1 stale`, without those that are the same.
    pub(super) fn summary(&self) -> String {
        const WORDS: &[(Kind, &str)] = &[
            (Kind::Create, "to create"),
            (Kind::Update, "to update"),
            (Kind::Permissions, "with wrong permissions"),
            (Kind::LineEnds, "with CRLF line ends (`render` fixes them)"),
            (Kind::Conflicted, "with a merge conflict"),
            (Kind::Edited, "edited by hand"),
            (Kind::Stale, "stale"),
            (Kind::StaleEdited, "stale and edited by hand"),
        ];
        let parts = WORDS
            .iter()
            .map(|(kind, words)| (self.count(*kind), words))
            .filter(|(count, _)| *count > 0)
            .map(|(count, words)| format!("{count} {words}"));
        let lock = self
            .lock_drift
            .iter()
            .map(|drift| drift.summary().to_owned());
        let mut summary = parts.chain(lock).collect::<Vec<String>>().join(", ");
        if self.is_older() {
            summary.push_str(" (an older version of pullwright wrote them)");
        }
        summary
    }

    /// The files as data.
    pub(super) fn to_json(&self, folder: &str, with_diff: bool) -> Value {
        let files = self.changes.iter().map(|change| {
            let mut value = json!({"path": change.path, "change": change.kind.word()});
            if with_diff && change.kind != Kind::Same {
                value["diff"] = json!(change::unified(change, folder));
            }
            value
        });
        let lock = self.lock_drift.iter();
        let lock = lock.map(|drift| json!({"path": lock::NAME, "change": drift.kind().word()}));
        Value::Array(files.chain(lock).collect())
    }
}
