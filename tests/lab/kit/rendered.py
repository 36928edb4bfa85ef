"""Rendered configs: the examples of the project, the configs of the lab, and configs that a scenario writes."""

import pathlib

from kit.scripts import HERE, call

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
EXAMPLES = ROOT / "examples"
CONFIGS = pathlib.Path(__file__).resolve().parent.parent / "configs"


def example(name):
    """The rendered folder of an example, as it is in the project."""
    return EXAMPLES / name / "expected"


def rendered(name, text=None):
    """Renders a config of the lab, or a text under this name, and returns the output folder."""
    folder = HERE.lane.tmp / "rendered" / name
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "pullwright.yaml"
    config.write_text(text or (CONFIGS / f"{name}.yaml").read_text())
    done = render(config)
    # 1 is a warning that the config asks for, such as the admin user.
    if done.returncode not in (0, 1) or not (folder / "k8s").is_dir():
        raise RuntimeError(f"render {name}: {done.stdout}{done.stderr}")
    return folder / "k8s"


def render(config, **env):
    return call(HERE.lane.pullwright, "render", config, env=env)


def validate(config):
    return call(HERE.lane.pullwright, "validate", config)


def scripts(folder):
    """The entry scripts below a folder."""
    return sorted(
        path
        for path in pathlib.Path(folder).rglob("*.sh")
        if path.parent.name != "_runtime" and path.name != "pull-access.sh"
    )


def entry(folder, ending=".sh"):
    """The one entry script below a folder whose path ends so."""
    found = [path for path in scripts(folder) if str(path).endswith(ending)]
    if len(found) != 1:
        raise RuntimeError(f"{folder} has {len(found)} scripts that end with {ending}")
    return found[0]
