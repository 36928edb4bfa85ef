//! What an audit keeps of the objects that it reads: pods, accounts, and what creates Secrets. Owned, so
//! that the trees can be dropped.

use std::collections::HashSet;
use std::sync::Arc;

use crate::manifest::{Identity, PullSecrets, Puller, Reference, Shape};
use crate::pointer::Pointer;
use crate::pull::cache::PullPolicy;
use crate::pull::chain;
use crate::span::Span;

/// Index of a text in [`crate::audit::Texts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextId(pub usize);

/// Where something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// The text.
    pub text: TextId,
    /// The part of it.
    pub span: Span,
}

/// An object that was read.
#[derive(Debug)]
pub struct ObjectFacts {
    /// What it is called.
    pub identity: Identity,
    /// Its name, or its kind if it has none.
    pub spot: Spot,
    /// The directory that decides which of several objects of one name is near; `/` separates, and the
    /// root is empty.
    pub directory: Arc<str>,
    /// Rules that its annotations ignore.
    pub ignored: Vec<IgnoredFacts>,
}

/// An annotation that ignores a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoredFacts {
    /// The rule, and where it is written.
    pub rule: Named,
    /// Whether its value is a reason.
    pub has_reason: bool,
    /// Whether it is written there; not if a build adds it.
    pub is_written: bool,
}

/// Pods of one object that are all alike.
#[derive(Debug)]
pub struct PodFacts {
    /// The object.
    pub object: Arc<ObjectFacts>,
    /// Their images.
    pub images: Vec<ImageFacts>,
    /// Their own pull secrets.
    pub list: ListFacts,
    /// The account that is set.
    pub account: Option<Named>,
    /// Where an account is, or would be, set.
    pub account_at: Option<Pointer>,
    /// The account that counts: the one that is set, else `default`; `None` if something outside of the
    /// object decides.
    pub runs_as: Option<String>,
    /// Who pulls.
    pub puller: Puller,
    /// Whether the object assigns the puller an Azure identity of its own.
    pub has_identity: bool,
    /// Whether they run on a virtual node, which has no kubelet identity.
    pub is_virtual: bool,
    /// Values of the wrong shape that decide about pulls: where, and the sentence about it.
    pub wrong: Vec<WrongFacts>,
}

/// An image of a pod.
#[derive(Debug)]
pub struct ImageFacts {
    /// As it is written.
    pub text: String,
    /// Pointer from the object.
    pub pointer: Pointer,
    /// Where it is written.
    pub spot: Spot,
    /// The container, if it has a name.
    pub container: Option<String>,
    /// When it is pulled, if that is set.
    pub policy: Option<PullPolicy>,
}

/// A list of pull secrets.
#[derive(Debug)]
pub struct ListFacts {
    /// Pointer from the object to the list, or to where it would be; `None` if the kind has no such field.
    pub pointer: Option<Pointer>,
    /// The format.
    pub shape: Shape,
    /// The elements; `None` if the value is no list.
    pub elements: Option<Vec<(Element, Spot)>>,
}

/// An element of a list of pull secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    /// A Secret.
    Secret(String),
    /// It counts as an element, and references no Secret.
    Nameless,
    /// A string in place of a mapping, or the reverse.
    Invalid,
}

/// A name and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Where it is written.
    pub spot: Spot,
}

/// A value of the wrong shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongFacts {
    /// Pointer from the object.
    pub pointer: Pointer,
    /// Where it is written.
    pub spot: Spot,
    /// The end of a sentence that begins with the object: `lists pull secrets as strings`.
    pub sentence: String,
    /// How to write it.
    pub help: String,
}

/// A ServiceAccount.
#[derive(Debug)]
pub struct AccountFacts {
    /// The object.
    pub object: Arc<ObjectFacts>,
    /// Its pull secrets.
    pub list: ListFacts,
    /// Its `secrets`, which are never used to pull.
    pub mountable: Vec<Named>,
    /// Pull secrets that are not written as Kubernetes reads them.
    pub wrong: Vec<WrongFacts>,
    /// Whether pods may reference its own pull secrets only.
    pub enforces: bool,
    /// The namespaces it is in.
    pub namespaces: Namespaces,
    /// Whether it is not the account itself, but a pull secret that something adds to it.
    pub is_addition: bool,
}

/// A Secret, or an object that creates one.
#[derive(Debug)]
pub struct SecretFacts {
    /// The object that is or creates the Secret.
    pub object: Arc<ObjectFacts>,
    /// The name of the Secret.
    pub name: String,
    /// The namespaces it is in.
    pub namespaces: Namespaces,
    /// What creates it.
    pub maker: Maker,
    /// What it holds.
    pub contents: Contents,
}

/// The namespaces that an object is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Namespaces {
    /// This one; `None` if it is not set.
    One(Option<String>),
    /// It is copied to others, or to all.
    Any,
}

/// What creates a Secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// The Secret itself is in the input.
    Manifest,
    /// An ExternalSecret (<https://external-secrets.io/latest/api/externalsecret/>).
    ExternalSecret,
    /// A SealedSecret (<https://github.com/bitnami-labs/sealed-secrets>).
    SealedSecret,
    /// A SecretProviderClass
    /// (<https://secrets-store-csi-driver.sigs.k8s.io/topics/sync-as-kubernetes-secret>).
    SecretProviderClass,
    /// An AcrPullBinding (<https://github.com/Azure/msi-acrpull>).
    AcrPullBinding,
    /// A generator of a kustomization that was not built.
    Kustomization,
    /// An access entry of a config.
    Config,
    /// The policy says that it exists.
    Policy,
}

impl Maker {
    /// What creates the Secret, at the end of a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Manifest => "a Secret",
            Self::ExternalSecret => "an ExternalSecret",
            Self::SealedSecret => "a SealedSecret",
            Self::SecretProviderClass => "a SecretProviderClass",
            Self::AcrPullBinding => "an AcrPullBinding",
            Self::Kustomization => "a secretGenerator",
            Self::Config => "an access entry",
            Self::Policy => "the policy",
        }
    }
}

/// What a Secret holds, as far as it can be seen. Never a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contents {
    /// Its value was read.
    Read(chain::Found),
    /// The kubelet does not use it; why.
    Unusable(String),
    /// It has another type than those of pull secrets; why no kubelet uses it.
    OtherType(String, BasicAuth),
    /// Credentials for these servers, whose values are elsewhere.
    Servers(Vec<String>),
    /// Encrypted, or filled in the cluster.
    Unknown,
    /// Its value is a placeholder; why.
    Placeholder(String),
    /// Another tool fills it with credentials for these servers; why it is not filled yet.
    Announced(Vec<String>, String),
    /// A template with the token of this generator.
    Generated(String, Box<Contents>),
    /// A copy, in those namespaces that match all of these patterns.
    Copied(Vec<String>, Box<Contents>),
}

/// Keys `username` and `password` of a Secret, which some controllers use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BasicAuth {
    /// Both are there.
    Set,
    /// One of them is a placeholder.
    Placeholder,
    /// They are not there.
    Missing,
    /// It cannot be seen.
    Unknown,
}

impl ListFacts {
    /// The list as the API server sees it.
    pub fn as_pull_secrets(&self) -> PullSecrets<'_> {
        let Some(elements) = &self.elements else {
            return PullSecrets::NotAList;
        };
        let all = elements.iter().map(|(element, _)| match element {
            Element::Secret(name) => Reference::Secret(name),
            Element::Nameless => Reference::Nameless,
            Element::Invalid => Reference::Invalid,
        });
        PullSecrets::List(all.collect())
    }

    /// The Secrets it references, with where.
    pub fn secrets(&self) -> impl Iterator<Item = (&str, Spot)> {
        let all = self.elements.iter().flatten();
        all.filter_map(|(element, spot)| match element {
            Element::Secret(name) => Some((name.as_str(), *spot)),
            Element::Nameless | Element::Invalid => None,
        })
    }
}

impl Namespaces {
    /// Whether an object in `namespace` may be in one of them. An unknown namespace may be any.
    pub fn may_hold(&self, namespace: Option<&str>) -> bool {
        match (self, namespace) {
            (Self::Any | Self::One(None), _) | (_, None) => true,
            (Self::One(Some(one)), Some(other)) => one == other,
        }
    }
}

/// All that was kept of some texts.
#[derive(Debug, Default)]
pub struct Facts {
    /// Pods.
    pub pods: Vec<PodFacts>,
    /// ServiceAccounts.
    pub accounts: Vec<AccountFacts>,
    /// Secrets and what creates them.
    pub secrets: Vec<SecretFacts>,
    /// Generators of tokens.
    pub tokens: Vec<TokenFacts>,
    /// ExternalSecrets that get a token of a registry.
    pub generators: Vec<GeneratorFacts>,
    /// Names that any object mentions where a Secret is meant.
    pub mentions: HashSet<String>,
    /// Objects with images that no known path of their kind leads to.
    pub unmapped: Vec<UnmappedFacts>,
    /// Objects whose controllers add what is not in the manifests.
    pub adders: Vec<AdderFacts>,
}

/// An object whose controller changes others.
#[derive(Debug)]
pub struct AdderFacts {
    /// The object.
    pub object: Arc<ObjectFacts>,
    /// What it adds.
    pub adds: Adds,
}

/// What a controller adds to objects in the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Adds {
    /// Pull secrets of pods.
    PullSecrets,
    /// A Secret of this name, or of any, in other namespaces.
    Secret(Option<String>),
}

/// A generator of tokens of a registry
/// (<https://external-secrets.io/latest/api/generator/acr/>).
#[derive(Debug)]
pub struct TokenFacts {
    /// The object.
    pub object: Arc<ObjectFacts>,
    /// The login server of its registry.
    pub registry: String,
    /// The repository that the tokens are for, if they are not for all.
    pub repository: Option<String>,
}

/// An object that gets tokens of a registry again and again.
#[derive(Debug)]
pub struct GeneratorFacts {
    /// The object.
    pub object: Arc<ObjectFacts>,
    /// The name of the generator.
    pub generator: Option<String>,
    /// How often.
    pub renewal: Renewal,
}

/// How often a token is renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renewal {
    /// At this interval, as it is written.
    Every(Named),
    /// Never, by the policy that is written there.
    Never(Spot),
}

/// An object whose pods are not known.
#[derive(Debug)]
pub struct UnmappedFacts {
    /// The object.
    pub object: Arc<ObjectFacts>,
    /// Its images outside of known paths.
    pub images: Vec<ImageFacts>,
}

impl Facts {
    /// Whether nothing was kept.
    pub fn is_empty(&self) -> bool {
        self.pods.is_empty()
            && self.accounts.is_empty()
            && self.secrets.is_empty()
            && self.tokens.is_empty()
            && self.generators.is_empty()
            && self.unmapped.is_empty()
            && self.adders.is_empty()
    }
    /// Adds those of other texts, in their order.
    pub fn extend(&mut self, other: Self) {
        self.pods.extend(other.pods);
        self.accounts.extend(other.accounts);
        self.secrets.extend(other.secrets);
        self.tokens.extend(other.tokens);
        self.generators.extend(other.generators);
        self.unmapped.extend(other.unmapped);
        self.adders.extend(other.adders);
        self.mentions.extend(other.mentions);
    }
}
