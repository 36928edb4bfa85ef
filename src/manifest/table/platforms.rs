//! Kinds of platforms: OpenShift, Operator Lifecycle Manager, gateways.

use crate::manifest::kinds::Shape;
use crate::manifest::table::row::{PodRow, Project, own, row, spec};

/// The proxy that a gateway runs.
const fn proxy(at: &'static str) -> PodRow {
    own(at, &["container.image", "initContainers[].image"]).secrets(&["pod.imagePullSecrets"])
}

pub(super) const PROJECTS: &[Project] = &[
    Project {
        link: "https://github.com/openshift/api/blob/master/apps/v1/types.go",
        kinds: &[row(
            "apps.openshift.io",
            &["DeploymentConfig"],
            &[spec("spec.template.spec")],
        )],
    },
    Project {
        link: "https://github.com/operator-framework/api/tree/master/pkg/operators/v1alpha1",
        kinds: &[
            row(
                "operators.coreos.com",
                &["ClusterServiceVersion"],
                &[spec("spec.install.spec.deployments[].spec.template.spec")],
            ),
            row(
                "operators.coreos.com",
                &["CatalogSource"],
                &[own("spec", &["image"]).secrets_as(Shape::Names, &["secrets"])],
            ),
        ],
    },
    Project {
        link: "https://www.keycloak.org/operator/advanced-configuration",
        kinds: &[row(
            "k8s.keycloak.org",
            &["Keycloak"],
            &[own(
                "spec",
                &[
                    "image",
                    "unsupported.podTemplate.spec.initContainers[].image",
                    "unsupported.podTemplate.spec.containers[].image",
                ],
            )
            .secrets(&["imagePullSecrets"])],
        )],
    },
    Project {
        link: "https://gateway.envoyproxy.io/docs/api/extension_types/",
        kinds: &[
            row(
                "gateway.envoyproxy.io",
                &["EnvoyProxy"],
                &[
                    proxy("spec.provider.kubernetes.envoyDeployment"),
                    proxy("spec.provider.kubernetes.envoyDaemonSet"),
                ],
            ),
            row(
                "gateway.envoyproxy.io",
                &["EnvoyExtensionPolicy"],
                &[own("spec.wasm[].code.image", &["url"])
                    .secrets_as(Shape::Object, &["pullSecretRef"])
                    .by_controller()],
            ),
        ],
    },
];
