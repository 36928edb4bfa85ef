"""One tiny image under every name that the scenarios use, pushed by skopeo as a registry's admin user."""

import gzip
import hashlib
import io
import json
import tarfile

from kit import scripts, world

NAMES = (
    "sample-container:0.0.1",
    "team/a:1",
    "web/shop:2.4.1",
    "web/report:2.4.1",
    "web/import:2.4.1",
    "tools/migrate:1.0.0",
)


def seed():
    world.edit(lambda found: world.find_registry("youruniquename").update(admin=True, adminPasswords=["seeding", "x"]))
    layout = scripts.HERE.lane.tmp / "image"
    write_layout(layout)
    for name in NAMES:
        target = f"docker://youruniquename.azurecr.io/{name}"
        options = ("-q", "--insecure-policy", "--format", "v2s2", "--dest-creds", "youruniquename:seeding")
        done = scripts.call("skopeo", "copy", *options, f"oci:{layout}:tiny", target)
        if done.returncode:
            raise RuntimeError("skopeo: " + done.stderr)
    world.world()


def write_layout(folder):
    """An OCI layout of one layer with one file."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("hello"), io.BytesIO(b""))
    layer = packed.getvalue()
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)

    def blob(data, kind, **more):
        digest = hashlib.sha256(data).hexdigest()
        (blobs / digest).write_bytes(data)
        return {
            "mediaType": f"application/vnd.oci.image.{kind}",
            "digest": "sha256:" + digest,
            "size": len(data),
        } | more

    difference = "sha256:" + hashlib.sha256(layer).hexdigest()
    config = {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": [difference]}}
    manifest = {
        "schemaVersion": 2,
        "config": blob(json.dumps(config).encode(), "config.v1+json"),
        "layers": [blob(gzip.compress(layer), "layer.v1.tar+gzip")],
    }
    reference = {"annotations": {"org.opencontainers.image.ref.name": "tiny"}}
    index = blob(json.dumps(manifest).encode(), "manifest.v1+json", **reference)
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [index]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
