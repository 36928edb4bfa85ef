//! Generators of tokens of a registry: which images their tokens are for.

use std::sync::Arc;

use crate::audit::facts::{
    Facts, GeneratorFacts, Named, ObjectFacts, Renewal, SecretFacts, Spot, TokenFacts,
};
use crate::document::Node;
use crate::manifest::{Object, reference};
use crate::pull::keyring::without_tag;
use crate::span::Span;

/// What an `ACRAccessToken` generates tokens for.
pub(super) fn token(object: &Object<'_>, about: &Arc<ObjectFacts>) -> Option<TokenFacts> {
    let identity = &object.identity;
    if identity.group() != "generators.external-secrets.io" || identity.kind != "ACRAccessToken" {
        return None;
    }
    let spec = object.node.get("spec")?;
    let scope = spec.text("scope");
    // `repository:NAME:ACTIONS`
    let repository = scope.and_then(|scope| scope.strip_prefix("repository:")?.rsplit_once(':'));
    Some(TokenFacts {
        object: Arc::clone(about),
        registry: spec.text("registry")?.to_owned(),
        repository: repository.map(|(name, _)| name.to_owned()),
    })
}

/// How often an ExternalSecret renews the token of a registry of Azure.
pub(super) fn renewed(
    object: &Object<'_>,
    about: &Arc<ObjectFacts>,
    spot: impl Fn(Span) -> Spot,
) -> Option<GeneratorFacts> {
    let identity = &object.identity;
    let spec = object.node.get("spec")?;
    let spec = match (identity.group(), identity.kind.as_str()) {
        ("external-secrets.io", "ExternalSecret") => spec,
        ("external-secrets.io", "ClusterExternalSecret") => spec.get("externalSecretSpec")?,
        _ => return None,
    };
    let sources = spec.get("dataFrom").map_or(&[] as &[Node], Node::items);
    let generator = sources.iter().find_map(|source| {
        let reference = source.get("sourceRef")?.get("generatorRef")?;
        (reference.text("kind") == Some("ACRAccessToken")).then(|| reference.text("name"))
    })?;
    let named = |node: &Node| Named {
        name: node.as_str().unwrap_or("0").to_owned(),
        spot: spot(node.span),
    };
    let policy = spec.get("refreshPolicy").map(named);
    let renewal = match policy {
        Some(policy) if policy.name == "CreatedOnce" => Renewal::Never(policy.spot),
        Some(policy) if policy.name == "OnChange" => Renewal::Never(policy.spot),
        _ => Renewal::Every(named(spec.get("refreshInterval")?)),
    };
    Some(GeneratorFacts {
        object: Arc::clone(about),
        generator: generator.map(str::to_owned),
        renewal,
    })
}

impl Facts {
    /// Whether a generator in the input makes tokens for one repository.
    pub(super) fn has_scope(&self, one: &GeneratorFacts) -> bool {
        let namespace = one.object.identity.namespace.as_deref();
        self.tokens.iter().any(|token| {
            let identity = &token.object.identity;
            Some(&identity.name) == one.generator.as_ref()
                && identity.namespace.as_deref() == namespace
                && token.repository.is_some()
        })
    }

    /// What the tokens of the generator are for, if they are not for an image. `None` if they are, or if the
    /// generator is not in the input.
    pub(super) fn other_token(
        &self,
        generator: &str,
        secret: &SecretFacts,
        image: &str,
    ) -> Option<String> {
        let namespace = secret.object.identity.namespace.as_deref();
        let mut others = None;
        for one in &self.tokens {
            let identity = &one.object.identity;
            let here = identity.namespace.as_deref();
            let is_near = here.is_none() || namespace.is_none() || here == namespace;
            if identity.name != generator || !is_near {
                continue;
            }
            let (host, name) = without_tag(image).split_once('/')?;
            let is_for = host.eq_ignore_ascii_case(&one.registry)
                && one.repository.as_ref().is_none_or(|only| only == name);
            if is_for || reference::token(&one.registry).is_some() {
                return None;
            }
            others = Some(match &one.repository {
                Some(repository) => format!("{}/{repository}", one.registry),
                None => one.registry.clone(),
            });
        }
        others
    }
}
