//! A Secret of ours against a real registry that asks for a password.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::tools::{program, pullwright, run};

/// A registry behind the login server of the config, and skopeo as the kubelet's stand-in. In a
/// network of its own, so that the host of the Secret can be the real one.
const WORLD: &str = r#"
printf '127.0.0.1 youruniquename.azurecr.io\n' >hosts
mount --bind hosts /etc/hosts
ip link set lo up
printf '%s\n' "${PASSWORD}" | htpasswd -Bin "${USERNAME}" >users
cat >registry.yaml <<CONFIG
version: 0.1
storage: {filesystem: {rootdirectory: ${PWD}/storage}}
http: {addr: "127.0.0.1:80", secret: any}
auth: {htpasswd: {realm: test, path: ${PWD}/users}}
CONFIG
docker-registry serve registry.yaml >registry.log 2>&1 &
trap 'kill %1' EXIT
for _ in {1..100}; do
  if (: >/dev/tcp/127.0.0.1/80) 2>/dev/null; then break; fi
  sleep 0.1
done

# The smallest image there is.
mkdir image
printf 'Directory Transport Version: 1.1\n' >image/version
printf '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}' >config
digest="$(sha256sum <config | cut -d ' ' -f 1)"
cp config "image/${digest}"
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[]}' "${digest}" "$(wc -c <config)" >image/manifest.json

image=docker://youruniquename.azurecr.io/sample-container:0.0.1
skopeo --insecure-policy copy --quiet --authfile good.json --dest-tls-verify=false dir:image "${image}"
try() {
  if skopeo inspect --authfile "$1" --tls-verify=false "${image}" >out 2>&1; then
    echo "$1: pulled $(jq -r .Architecture out)"
  elif grep -q 'unauthorized\|authentication required' out; then
    echo "$1: refused"
  else
    cat out
  fi
}
try good.json
try bad.json
try none.json
"#;

/// The decoded value of the Secret that the program writes.
fn docker_config(username: &str, password: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("there is a place for scratch folders");
    let config = folder.path().join("pullwright.yaml");
    std::fs::write(&config, include_str!("../it/secret-manifest.yaml")).expect("it is ours");
    run(pullwright()
        .arg("render")
        .arg(&config)
        .env("ACR_USERNAME", username)
        .env("ACR_PASSWORD", password));
    let text = std::fs::read_to_string(folder.path().join("k8s/sample/default/secret.yaml"));
    let secret: Value = serde_yaml::from_str(&text.expect("it was made")).expect("it is YAML");
    let data = secret["data"][".dockerconfigjson"].as_str();
    STANDARD
        .decode(data.expect("it has a value"))
        .expect("it is base64")
}

#[test]
fn the_decoded_secret_logs_in_and_a_wrong_one_does_not() {
    for (username, password) in [
        ("sample-pull", "p4ss/w0rd+AbC=$x"),
        (
            "é -u",
            "quote\" 'single' `back` \\slash # $(id) {{x}} <&> :colon",
        ),
    ] {
        let folder = tempfile::tempdir().expect("there is a place for scratch folders");
        for (name, text) in [
            ("good.json", docker_config(username, password)),
            ("bad.json", docker_config(username, &format!("{password}x"))),
            ("none.json", b"{}".to_vec()),
        ] {
            std::fs::write(folder.path().join(name), text).expect("it is ours");
        }
        // Asked for here, so that a missing one says how it is installed.
        for name in ["docker-registry", "htpasswd", "skopeo", "ip", "jq"] {
            let _ = program(name);
        }
        let output = run(program("unshare")
            .args([
                "--map-root-user",
                "--mount",
                "--net",
                "bash",
                "-euo",
                "pipefail",
                "-c",
                WORLD,
            ])
            .current_dir(folder.path())
            .env("USERNAME", username)
            .env("PASSWORD", password));
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "good.json: pulled amd64\nbad.json: refused\nnone.json: refused\n",
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
