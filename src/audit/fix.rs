//! Repairs as edits of the text, so that everything else stays byte for byte. Never through an alias, never
//! the content of a Secret.

mod apply;
mod make;
mod shape;
#[cfg(test)]
mod tests;

use crate::audit::facts::Spot;
use crate::diag::Safety;
use crate::pointer::Pointer;

pub use crate::audit::fix::apply::{Repaired, repaired};
pub use crate::audit::fix::make::{Maker, is_generated};

/// A repair of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The name of the object, which identifies it in its text.
    pub object: Spot,
    /// What to do.
    pub action: Action,
}

/// What to do with an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Writes the pull secrets at this place as a list of objects, under the right key.
    Shape(Pointer),
    /// Adds a pull secret to the list at this place.
    AddSecret {
        /// The list, which need not exist.
        list: Pointer,
        /// The Secret.
        secret: String,
    },
    /// Sets the account of a pod that sets none.
    SetAccount {
        /// Where.
        at: Pointer,
        /// The account.
        account: String,
    },
    /// Writes another name, which is a guess.
    Rename {
        /// The name that is written.
        at: Spot,
        /// The name of an existing object.
        to: String,
    },
}

impl Repair {
    /// Where it is made: in the object, or at the name itself, which may be in another one.
    pub fn spot(&self) -> Spot {
        match &self.action {
            Action::Rename { at, .. } => *at,
            Action::Shape(_) | Action::AddSecret { .. } | Action::SetAccount { .. } => self.object,
        }
    }
}

impl Action {
    /// Whether it may be made without a look at it.
    pub fn safety(&self) -> Safety {
        match self {
            Self::Shape(_) | Self::AddSecret { .. } | Self::SetAccount { .. } => Safety::Safe,
            Self::Rename { .. } => Safety::Unsafe,
        }
    }

    /// An order, in a few words.
    pub fn title(&self) -> String {
        match self {
            Self::Shape(_) => "write the pull secrets as a list of objects".to_owned(),
            Self::AddSecret { secret, .. } => format!("add pull secret `{secret}`"),
            Self::SetAccount { account, .. } => format!("set ServiceAccount `{account}`"),
            Self::Rename { to, .. } => format!("write `{to}`"),
        }
    }

    /// Whether it also holds for an object that builds read: there, names and lists may come from elsewhere.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Shape(_) => true,
            Self::AddSecret { .. } | Self::SetAccount { .. } | Self::Rename { .. } => false,
        }
    }
}
