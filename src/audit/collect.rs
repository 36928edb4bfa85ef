//! One document to facts, while its tree is there.

use std::collections::HashMap;
use std::sync::Arc;

use crate::audit::adders::adders;
use crate::audit::comments::comments;
use crate::audit::facts::{
    AccountFacts, Element, ImageFacts, ListFacts, Named, Namespaces, ObjectFacts, PodFacts,
    SecretFacts, Spot, TextId, UnmappedFacts, WrongFacts,
};
use crate::audit::hide::Visible;
use crate::audit::makers::made;
use crate::audit::mentions;
use crate::audit::read::{Own, Read, Reader};
use crate::audit::shape::{wrong, wrong_of_account};
use crate::audit::spots::{Counts, element_span, ignored, is_virtual, span_at, spots};
use crate::audit::tokens::{renewed, token};
use crate::diag::{Code, Diagnostic, Report};
use crate::document::{Node, Part, Reading, part, stream_items};
use crate::manifest::secrets::{FIELD, enforces_mountable_secrets};
use crate::manifest::{
    Identity, Object, Pod, PullSecrets, Reference, Shape, nested_objects, objects_of,
    unmapped_images,
};
use crate::pointer::Pointer;
use crate::pull::cache::PullPolicy;
use crate::span::{Source, Span};

/// Whether a document is a list with objects in it, which are none of a cluster.
fn is_list_of_objects(root: &Node) -> bool {
    let is_object = |item: &Node| item.text("apiVersion").is_some() && item.text("kind").is_some();
    root.items().iter().any(is_object)
}

/// Reads one document.
pub(super) struct Collector<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) text: TextId,
    pub(super) directory: &'a Arc<str>,
    pub(super) visible: Visible<'a>,
    /// The tree that decides what is hidden, if it is not the object's own.
    pub(super) original: Option<&'a Node>,
}

impl Collector<'_> {
    pub(super) fn part(&self, source: &Arc<Source>, one: &Part, read: &mut Read) {
        let text = source.text.get(one.span.range()).unwrap_or_default();
        let mut report = Report::default();
        let comments = comments(source, one.span);
        let lines: Vec<Span> = comments.iter().map(|comment| comment.span).collect();
        let root = if let Some((elements, root)) = self.long_list(source, one, &lines) {
            read.extend(elements);
            Some(root)
        } else if text.contains("items") {
            let mut take = |_: usize, item: Node| {
                // An element that does not say what it is depends on the list.
                if item.text("kind").is_none() {
                    return Some(item);
                }
                self.element(&item, &lines, read);
                None
            };
            stream_items(source, one, Reading::AsKubectl, &mut take, &mut report)
        } else {
            part(source, one, Reading::AsKubectl, &mut report)
        };
        if let Some(root) = root {
            read.hidden.extend(self.visible.hidden(&root, &lines));
            read.comments.extend(comments);
            let group = root.text("apiVersion").unwrap_or_default();
            match root.text("kind") {
                Some(kind) if group.starts_with("pullwright.dev/") => read.own.push(Own {
                    kind: kind.to_owned(),
                    root,
                }),
                Some(_) => self.object_tree(&root, read),
                None if is_list_of_objects(&root) => {
                    let message = "a list of objects is no manifest: `kubectl` refuses it";
                    let one = Diagnostic::new(Code::NotChecked, message).at(source, root.span);
                    report.push(one.help("write a document for each object, or a `List`"));
                }
                None => {}
            }
        }
        read.report.extend(report);
    }

    /// An object, and those inside of it.
    pub(super) fn object_tree(&self, root: &Node, read: &mut Read) {
        read.documents += 1;
        mentions::collect(root, &mut read.facts.mentions);
        for mut object in objects_of(root, None, self.reader.kinds) {
            if object.identity.namespace.is_none() {
                object.identity.namespace = self.reader.namespace.map(str::to_owned);
            }
            self.object(&object, read);
        }
    }

    fn object(&self, object: &Object<'_>, read: &mut Read) {
        let before = Counts::of(&read.facts);
        let facts = &mut read.facts;
        let about = Arc::new(ObjectFacts {
            identity: object.identity.clone(),
            spot: self.spot_of_object(object),
            directory: Arc::clone(self.directory),
            ignored: ignored(object.node, self.original, |span| self.spot(span)),
        });
        for one in made(object) {
            if let Some(account) = &one.account {
                facts
                    .accounts
                    .push(self.given_account(account, &one.name, &about));
            }
            facts.secrets.push(SecretFacts {
                object: Arc::clone(&about),
                name: one.name,
                namespaces: one.namespaces,
                maker: one.maker,
                contents: one.contents,
            });
        }
        let renewed = renewed(object, &about, |span| self.spot(span));
        facts.generators.extend(renewed);
        facts.tokens.extend(token(object, &about));
        facts.adders.extend(adders(object, &about));
        if object.identity.is_core("ServiceAccount") {
            facts.accounts.push(self.account(object, &about));
        }
        let pods = Pod::all(object, self.reader.kinds).unwrap_or_default();
        let wrong = self.wrong(object, &pods);
        for pod in &pods {
            facts.pods.push(self.pod(object, pod, &about, &wrong));
        }
        facts.unmapped.extend(self.unmapped(object, &pods, &about));
        let after = Counts::of(facts);
        if before != after {
            let tree = self.original.unwrap_or(object.node);
            let hidden = self.visible.hidden(tree, &spots(facts, before));
            read.hidden.extend(hidden);
        }
    }

    fn spot(&self, span: Span) -> Spot {
        Spot {
            text: self.text,
            span,
        }
    }

    fn spot_of_object(&self, object: &Object<'_>) -> Spot {
        let name = object.node.get("metadata").and_then(|it| it.get("name"));
        let named = name.or_else(|| object.node.get("kind"));
        self.spot(named.map_or(object.node.span, |node| node.span))
    }

    fn account(&self, object: &Object<'_>, about: &Arc<ObjectFacts>) -> AccountFacts {
        let at = Pointer::root().key(FIELD);
        let mountable = object
            .node
            .get("secrets")
            .map_or(&[] as &[Node], Node::items);
        let named = |node: &Node| {
            let name = node.get("name")?;
            Some(Named {
                name: name.as_str()?.to_owned(),
                spot: self.spot(name.span),
            })
        };
        AccountFacts {
            object: Arc::clone(about),
            list: self.list(object.node, Some(at), Shape::Objects),
            mountable: mountable.iter().filter_map(named).collect(),
            wrong: wrong_of_account(object, &|at| self.spot(span_at(object.node, at))),
            enforces: enforces_mountable_secrets(object.node),
            namespaces: Namespaces::One(about.identity.namespace.clone()),
            is_addition: false,
        }
    }

    /// The account that a controller gives a Secret to.
    fn given_account(&self, name: &str, secret: &str, about: &Arc<ObjectFacts>) -> AccountFacts {
        let identity = Identity {
            api_version: "v1".to_owned(),
            kind: "ServiceAccount".to_owned(),
            name: name.to_owned(),
            ..about.identity.clone()
        };
        let object = ObjectFacts {
            identity,
            spot: about.spot,
            directory: Arc::clone(&about.directory),
            ignored: Vec::new(),
        };
        AccountFacts {
            object: Arc::new(object),
            list: ListFacts {
                pointer: None,
                shape: Shape::Objects,
                elements: Some(vec![(Element::Secret(secret.to_owned()), about.spot)]),
            },
            mountable: Vec::new(),
            wrong: Vec::new(),
            enforces: false,
            namespaces: Namespaces::One(about.identity.namespace.clone()),
            is_addition: true,
        }
    }

    fn pod(
        &self,
        object: &Object<'_>,
        pod: &Pod<'_>,
        about: &Arc<ObjectFacts>,
        wrong: &[WrongFacts],
    ) -> PodFacts {
        let images = pod.images.iter();
        let account = pod.account.as_ref().map(|(at, name)| Named {
            name: (*name).to_owned(),
            spot: self.spot(span_at(object.node, at)),
        });
        PodFacts {
            object: Arc::clone(about),
            images: images
                .map(|(at, text)| self.image(object.node, at, text))
                .collect(),
            list: self.list(object.node, pod.secrets_at.clone(), pod.shape),
            account,
            account_at: pod.account_at.clone(),
            runs_as: pod.account_name.map(str::to_owned),
            puller: pod.puller,
            has_identity: pod.identity_at.is_some(),
            is_virtual: is_virtual(object.node.find(&pod.at)),
            wrong: wrong.to_vec(),
        }
    }

    fn image(&self, node: &Node, at: &Pointer, text: &str) -> ImageFacts {
        let container = at.parent().and_then(|parent| node.find(&parent));
        let policy = container.and_then(|container| container.text("imagePullPolicy"));
        ImageFacts {
            text: text.to_owned(),
            spot: self.spot(span_at(node, at)),
            pointer: at.clone(),
            container: container
                .and_then(|container| container.text("name"))
                .map(str::to_owned),
            policy: match policy {
                Some("Always") => Some(PullPolicy::Always),
                Some("IfNotPresent") => Some(PullPolicy::IfNotPresent),
                Some("Never") => Some(PullPolicy::Never),
                _ => None,
            },
        }
    }

    fn list(&self, object: &Node, at: Option<Pointer>, shape: Shape) -> ListFacts {
        let node = at.as_ref().and_then(|at| object.find(at));
        let read = PullSecrets::read(node, shape);
        let elements = match &read {
            PullSecrets::NotAList => None,
            PullSecrets::List(all) => {
                let spans = all.iter().enumerate().map(|(index, one)| {
                    let element = match one {
                        Reference::Secret(name) => Element::Secret((*name).to_owned()),
                        Reference::Nameless => Element::Nameless,
                        Reference::Invalid => Element::Invalid,
                    };
                    (element, self.spot(element_span(node, shape, index)))
                });
                Some(spans.collect())
            }
        };
        ListFacts {
            pointer: at,
            shape,
            elements,
        }
    }

    fn wrong(&self, object: &Object<'_>, pods: &[Pod<'_>]) -> Vec<WrongFacts> {
        let place = |at: &Pointer| self.spot(span_at(object.node, at));
        wrong(object, pods, self.reader.kinds, &place)
    }

    fn unmapped(
        &self,
        object: &Object<'_>,
        pods: &[Pod<'_>],
        about: &Arc<ObjectFacts>,
    ) -> Option<UnmappedFacts> {
        let images = unmapped_images(&object.identity, object.node);
        if images.is_empty() {
            return None;
        }
        let known = pods.iter().flat_map(|pod| &pod.images);
        let known: HashMap<&Pointer, &str> = known.map(|(at, text)| (at, *text)).collect();
        let nested = nested_objects(&object.identity, object.node);
        let is_known = |at: &Pointer, text: &str, is_shared: bool| {
            known.contains_key(at)
                || (is_shared && known.values().any(|one| *one == text))
                || nested.iter().any(|inner| at.0.starts_with(&inner.0))
        };
        let images = images
            .iter()
            .filter(|one| !is_known(&one.at, one.image, one.is_shared));
        let images: Vec<ImageFacts> = images
            .map(|one| self.image(object.node, &one.at, one.image))
            .collect();
        (!images.is_empty()).then(|| UnmappedFacts {
            object: Arc::clone(about),
            images,
        })
    }
}
