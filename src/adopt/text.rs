//! A draft as the text of a config. Every value is quoted where that is necessary.

use std::fmt::{self, Write};

use crate::adopt::draft::{
    Delivery, Draft, DraftCluster, DraftSecret, DraftStrategy, DraftWorkload, Entry, Token,
};
use crate::clean;
use crate::document::quote::string;
use crate::model::Cloud;
use crate::strategy::capability::StrategyKind;
use crate::strategy::service_account::params::Mode;

/// What is written in place of a cluster that is not known.
const NO_CLUSTER: &str = concat!(
    "  # Declare the cluster and set `delivery: script` in the entries to get scripts that create credentials:\n",
    "  # clusters:\n",
    "  #   - {name: NAME, kind: aks, resourceGroup: GROUP}\n",
);

impl fmt::Display for Draft {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "# yaml-language-server: $schema={}", self.schema)?;
        comments(out, "", &self.comments)?;
        out.write_str("apiVersion: pullwright.dev/v1alpha1\nkind: PullAccess\n")?;
        writeln!(out, "metadata:\n  name: {}\nspec:", string(&self.name))?;
        if let Some(output) = &self.output {
            writeln!(out, "  output: {}", string(output))?;
        }
        out.write_str("  registries:\n")?;
        for server in &self.registries {
            writeln!(out, "    - name: {}", string(server.name.as_str()))?;
            if let Some(host) = server.own_host() {
                writeln!(out, "      loginServer: {}", string(host.as_str()))?;
            }
            match server.cloud() {
                Cloud::Public => {}
                cloud @ (Cloud::China | Cloud::UsGovernment | Cloud::Bleu) => {
                    writeln!(out, "      cloud: {}", cloud.word())?;
                }
            }
        }
        match &self.cluster {
            Some(known) => cluster(out, known)?,
            None => out.write_str(NO_CLUSTER)?,
        }
        out.write_str("  access:\n")?;
        self.access.iter().try_for_each(|one| entry(out, one))
    }
}

/// Comments stay on their lines, whatever they name.
fn comments(out: &mut impl Write, indent: &str, all: &[String]) -> fmt::Result {
    all.iter()
        .try_for_each(|one| writeln!(out, "{indent}# {}", clean::line(one)))
}

fn cluster(out: &mut impl Write, cluster: &DraftCluster) -> fmt::Result {
    let name = string(cluster.name.as_str());
    writeln!(out, "  clusters:\n    - name: {name}")?;
    match &cluster.resource_group {
        None => out.write_str("      kind: generic\n"),
        Some(group) => {
            let group = string(group.as_str());
            writeln!(out, "      kind: aks\n      resourceGroup: {group}")
        }
    }
}

fn list(all: &[String]) -> String {
    let quoted: Vec<String> = all.iter().map(|one| string(one)).collect();
    format!("[{}]", quoted.join(", "))
}

fn entry(out: &mut impl Write, entry: &Entry) -> fmt::Result {
    comments(out, "    ", &entry.comments)?;
    let kind = match &entry.strategy {
        DraftStrategy::Attach => StrategyKind::Attach,
        DraftStrategy::Secret(_) => StrategyKind::Secret,
        DraftStrategy::Account { .. } => StrategyKind::ServiceAccount,
    };
    writeln!(out, "    - name: {}", string(&entry.name))?;
    writeln!(out, "      strategy: {}", kind.word())?;
    writeln!(out, "      registries: {}", list(&entry.registries))?;
    if !entry.namespaces.is_empty() {
        writeln!(out, "      namespaces: {}", list(&entry.namespaces))?;
    }
    match &entry.strategy {
        DraftStrategy::Attach => {
            out.write_str("      attach:\n        mode: update\n        method: roleAssignment\n")?;
        }
        DraftStrategy::Secret(secret) => write_secret(out, secret)?,
        DraftStrategy::Account {
            account,
            mode,
            secret,
        } => {
            write_secret(out, secret)?;
            let mode = match mode {
                Mode::Create => "create",
                Mode::Merge => "merge",
            };
            let account = string(account);
            writeln!(
                out,
                "      serviceAccount:\n        name: {account}\n        mode: {mode}"
            )?;
        }
    }
    match &entry.workload {
        None => Ok(()),
        Some(DraftWorkload { name, image }) => {
            let (name, image) = (string(name), string(image));
            writeln!(
                out,
                "      workloads:\n        - kind: Deployment\n          name: {name}\n          \
                 containers:\n            - name: {name}\n              image: {image}"
            )
        }
    }
}

fn write_secret(out: &mut impl Write, secret: &DraftSecret) -> fmt::Result {
    writeln!(out, "      secret:\n        name: {}", string(&secret.name))?;
    match secret.delivery {
        Delivery::Placeholder => out.write_str("        delivery: placeholder\n"),
        Delivery::Script => {
            out.write_str("        delivery: script\n")?;
            match secret.tokens.as_slice() {
                [one] => {
                    out.write_str("        credential:\n")?;
                    token(out, "          ", one)
                }
                several => {
                    out.write_str("        credentials:\n")?;
                    several.iter().try_for_each(|one| {
                        writeln!(out, "          {}:", string(&one.registry))?;
                        token(out, "            ", one)
                    })
                }
            }
        }
    }
}

fn token(out: &mut impl Write, indent: &str, token: &Token) -> fmt::Result {
    let (name, repositories) = (string(&token.name), list(&token.repositories));
    writeln!(out, "{indent}type: token\n{indent}name: {name}")?;
    writeln!(
        out,
        "{indent}repositories: {repositories}\n{indent}expiresInDays: 90"
    )
}
