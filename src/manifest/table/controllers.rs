//! Kinds whose images are pulled by a controller, which does not use the identity of the node.

use crate::manifest::kinds::Shape;
use crate::manifest::table::row::{PodRow, Project, own, row, spec};

/// A source of Flux. `provider: azure` uses its own identity.
const fn flux(image: &'static [&'static str]) -> PodRow {
    own("spec", image)
        .secrets_as(Shape::Object, &["secretRef"])
        .identity("provider", "azure")
        .by_controller()
}

pub(super) const PROJECTS: &[Project] = &[
    Project {
        link: "https://docs.crossplane.io/latest/packages/",
        kinds: &[
            row(
                "pkg.crossplane.io",
                &["Provider", "Function", "Configuration"],
                &[own("spec", &["package"])
                    .secrets(&["packagePullSecrets"])
                    .by_controller()],
            ),
            row(
                "pkg.crossplane.io",
                &["DeploymentRuntimeConfig"],
                &[spec("spec.deploymentTemplate.spec.template.spec")],
            ),
            row(
                "pkg.crossplane.io",
                &["ControllerConfig"],
                &[own("spec", &["image"])
                    .secrets(&["imagePullSecrets"])
                    .account(&["serviceAccountName"])],
            ),
        ],
    },
    Project {
        link: "https://fluxcd.io/flux/components/source/",
        kinds: &[
            row(
                "source.toolkit.fluxcd.io",
                &["OCIRepository"],
                &[flux(&["url"]).account(&["serviceAccountName"])],
            ),
            row(
                "source.toolkit.fluxcd.io",
                &["HelmRepository"],
                &[flux(&["url"]).when("spec.type", "oci")],
            ),
        ],
    },
    Project {
        link: "https://fluxcd.io/flux/components/image/imagerepositories/",
        kinds: &[row(
            "image.toolkit.fluxcd.io",
            &["ImageRepository"],
            &[flux(&["image"]).account(&["serviceAccountName"])],
        )],
    },
    Project {
        link: "https://istio.io/latest/docs/reference/config/proxy_extensions/wasm-plugin/",
        kinds: &[row(
            "extensions.istio.io",
            &["WasmPlugin"],
            &[own("spec", &["url"])
                .secrets_as(Shape::Name, &["imagePullSecret"])
                .by_controller()],
        )],
    },
    // Pulled with the pull secret of the whole cluster.
    Project {
        link: "https://github.com/operator-framework/operator-controller/tree/main/api/v1",
        kinds: &[row(
            "olm.operatorframework.io",
            &["ClusterCatalog"],
            &[own("spec.source.image", &["ref"]).by_controller()],
        )],
    },
];
