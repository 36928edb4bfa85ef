//! Kinds of databases, brokers and search engines.

use crate::manifest::table::row::{PodRow, Project, own, row, spec};

/// Images of a Percona component.
const PERCONA_IMAGES: &[&str] = &["image", "sidecars[].image", "/spec.pmm.image"];

/// A Strimzi component, which has its own pod template.
const fn strimzi(at: &'static str, images: &'static [&'static str]) -> PodRow {
    own(at, images).secrets(&["template.pod.imagePullSecrets"])
}

/// Pods of Elastic: `spec.image` applies to each template, and `spec.serviceAccountName` is not the account
/// of the pods.
const fn elastic(at: &'static str) -> PodRow {
    own(at, &[])
        .below("podTemplate.spec")
        .also(&["/spec.image"])
}

pub(super) const PROJECTS: &[Project] = &[
    Project {
        link: "https://cloudnative-pg.io/documentation/current/cloudnative-pg.v1/",
        kinds: &[
            // The operator creates the account, with the name of the cluster.
            row(
                "postgresql.cnpg.io",
                &["Cluster"],
                &[own(
                    "spec",
                    &["imageName", "postgresql.extensions[].image.reference"],
                )
                .secrets(&["imagePullSecrets"])],
            ),
            row(
                "postgresql.cnpg.io",
                &["Pooler"],
                &[spec("spec.template.spec").operator_account()],
            ),
            // Pulled with the pull secrets of the clusters that refer to it.
            row(
                "postgresql.cnpg.io",
                &["ImageCatalog", "ClusterImageCatalog"],
                &[own("spec", &["images[].image"])],
            ),
        ],
    },
    Project {
        link: "https://access.crunchydata.com/documentation/postgres-operator/latest/references/crd",
        kinds: &[row(
            "postgres-operator.crunchydata.com",
            &["PostgresCluster"],
            &[own(
                "spec",
                &[
                    "image",
                    "backups.pgbackrest.image",
                    "proxy.pgBouncer.image",
                    "monitoring.pgmonitor.exporter.image",
                    "instances[].containers[].image",
                ],
            )
            .secrets(&["imagePullSecrets"])],
        )],
    },
    Project {
        link: "https://github.com/percona/percona-xtradb-cluster-operator/blob/main/deploy/cr.yaml",
        kinds: &[row(
            "pxc.percona.com",
            &["PerconaXtraDBCluster"],
            &[
                own("spec.pxc", PERCONA_IMAGES)
                    .also(&["/spec.logcollector.image"])
                    .secrets(&["imagePullSecrets"]),
                own("spec.haproxy", PERCONA_IMAGES).secrets(&["imagePullSecrets"]),
                own("spec.proxysql", PERCONA_IMAGES).secrets(&["imagePullSecrets"]),
                own("spec.backup", &["image"]).secrets(&["imagePullSecrets"]),
            ],
        )],
    },
    Project {
        link: "https://github.com/percona/percona-server-mongodb-operator/blob/main/deploy/cr.yaml",
        kinds: &[row(
            "psmdb.percona.com",
            &["PerconaServerMongoDB"],
            &[own("spec", &["image", "backup.image", "pmm.image"]).secrets(&["imagePullSecrets"])],
        )],
    },
    Project {
        link: "https://github.com/mariadb-operator/mariadb-operator/blob/main/docs/api_reference.md",
        kinds: &[row(
            "k8s.mariadb.com",
            &["MariaDB", "MaxScale"],
            &[own(
                "spec",
                &[
                    "image",
                    "initContainers[].image",
                    "sidecarContainers[].image",
                ],
            )
            .secrets(&["imagePullSecrets"])
            .account(&["serviceAccountName"])
            .operator_account()],
        )],
    },
    Project {
        link: "https://github.com/Altinity/clickhouse-operator/blob/master/docs/custom_resource_explained.md",
        kinds: &[row(
            "clickhouse.altinity.com",
            &["ClickHouseInstallation", "ClickHouseInstallationTemplate"],
            &[spec("spec.templates.podTemplates[].spec")],
        )],
    },
    Project {
        link: "https://docs.k8ssandra.io/reference/crd/cass-operator-crds-latest/",
        kinds: &[row(
            "cassandra.datastax.com",
            &["CassandraDatacenter"],
            &[own("spec", &["serverImage"]).below("podTemplateSpec.spec")],
        )],
    },
    // Pull secrets are set in the configuration of the operator.
    Project {
        link: "https://github.com/zalando/postgres-operator/blob/master/manifests/postgresql.crd.yaml",
        kinds: &[row(
            "acid.zalan.do",
            &["postgresql"],
            &[own(
                "spec",
                &["dockerImage", "initContainers[].image", "sidecars[].image"],
            )],
        )],
    },
    Project {
        link: "https://github.com/mongodb/mongodb-kubernetes-operator/tree/master/config/crd/bases",
        kinds: &[row(
            "mongodbcommunity.mongodb.com",
            &["MongoDBCommunity"],
            &[spec("spec.statefulSet.spec.template.spec").operator_account()],
        )],
    },
    Project {
        link: "https://github.com/rabbitmq/cluster-operator/blob/main/docs/api/rabbitmq.com.ref.asciidoc",
        kinds: &[row(
            "rabbitmq.com",
            &["RabbitmqCluster"],
            &[own(
                "spec",
                &[
                    "image",
                    "override.statefulSet.spec.template.spec.initContainers[].image",
                    "override.statefulSet.spec.template.spec.containers[].image",
                ],
            )
            .secrets(&[
                "override.statefulSet.spec.template.spec.imagePullSecrets",
                "imagePullSecrets",
            ])],
        )],
    },
    Project {
        link: "https://strimzi.io/docs/operators/latest/configuring.html",
        kinds: &[
            row(
                "kafka.strimzi.io",
                &["Kafka"],
                &[
                    strimzi("spec.kafka", &["image", "brokerRackInitImage"]),
                    strimzi("spec.zookeeper", &["image"]),
                    strimzi(
                        "spec.entityOperator",
                        &[
                            "topicOperator.image",
                            "userOperator.image",
                            "tlsSidecar.image",
                        ],
                    ),
                    strimzi("spec.cruiseControl", &["image", "tlsSidecar.image"]),
                    strimzi("spec.kafkaExporter", &["image"]),
                    strimzi("spec.jmxTrans", &["image"]),
                ],
            ),
            row(
                "kafka.strimzi.io",
                &[
                    "KafkaConnect",
                    "KafkaConnectS2I",
                    "KafkaMirrorMaker2",
                    "KafkaBridge",
                ],
                &[strimzi("spec", &["image", "clientRackInitImage"])],
            ),
            row(
                "kafka.strimzi.io",
                &["KafkaMirrorMaker"],
                &[strimzi("spec", &["image"])],
            ),
        ],
    },
    Project {
        link: "https://www.elastic.co/docs/reference/cloud-on-k8s/api-docs",
        kinds: &[
            row(
                "*.k8s.elastic.co",
                &["Elasticsearch"],
                &[elastic("spec.nodeSets[]")],
            ),
            row(
                "*.k8s.elastic.co",
                &[
                    "Kibana",
                    "ApmServer",
                    "EnterpriseSearch",
                    "ElasticMapsServer",
                    "Logstash",
                    "PackageRegistry",
                ],
                &[elastic("spec")],
            ),
            row(
                "*.k8s.elastic.co",
                &["Beat", "Agent"],
                &[
                    elastic("spec.deployment"),
                    elastic("spec.daemonSet"),
                    elastic("spec.statefulSet"),
                ],
            ),
        ],
    },
];
