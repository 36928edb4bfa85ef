//! Kinds of monitoring systems.

use crate::manifest::table::row::{Project, own, row, spec};

/// Containers that users add.
const CONTAINERS: &[&str] = &[
    "containers[].image",
    "initContainers[].image",
    "volumes[].image.reference",
];

pub(super) const PROJECTS: &[Project] = &[
    Project {
        link: "https://prometheus-operator.dev/docs/api-reference/api/",
        kinds: &[row(
            "monitoring.coreos.com",
            &[
                "Prometheus",
                "PrometheusAgent",
                "Alertmanager",
                "ThanosRuler",
            ],
            &[own("spec", &["image", "thanos.image"])
                .also(CONTAINERS)
                .secrets(&["imagePullSecrets"])
                .account(&["serviceAccountName"])],
        )],
    },
    // The host is in `repository`; the tag is a separate key.
    Project {
        link: "https://docs.victoriametrics.com/operator/api/",
        kinds: &[
            row(
                "operator.victoriametrics.com",
                &["VMAgent", "VMAlert", "VMAlertmanager", "VMAuth", "VMSingle"],
                &[own("spec", &["image.repository"])
                    .also(CONTAINERS)
                    .secrets(&["imagePullSecrets"])
                    .account(&["serviceAccountName"])
                    .operator_account()],
            ),
            row(
                "operator.victoriametrics.com",
                &["VMCluster"],
                &[own(
                    "spec",
                    &[
                        "vmselect.image.repository",
                        "vminsert.image.repository",
                        "vmstorage.image.repository",
                    ],
                )
                .secrets(&["imagePullSecrets"])
                .account(&["serviceAccountName"])
                .operator_account()],
            ),
        ],
    },
    // Pull secrets only come from the account.
    Project {
        link: "https://github.com/open-telemetry/opentelemetry-operator/tree/main/docs/api",
        kinds: &[row(
            "opentelemetry.io",
            &["OpenTelemetryCollector"],
            &[
                own(
                    "spec",
                    &[
                        "image",
                        "initContainers[].image",
                        "additionalContainers[].image",
                    ],
                )
                .account(&["serviceAccount"])
                .operator_account(),
                own("spec.targetAllocator", &["image"])
                    .account(&["serviceAccount"])
                    .operator_account(),
            ],
        )],
    },
    Project {
        link: "https://grafana.github.io/grafana-operator/docs/api/",
        kinds: &[row(
            "grafana.integreatly.org",
            &["Grafana"],
            &[spec("spec.deployment.spec.template.spec").operator_account()],
        )],
    },
];
