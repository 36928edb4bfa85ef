"""Scenarios, registered where they are written, and the checks that they make."""

import dataclasses
import traceback

SCENARIOS = {}


@dataclasses.dataclass
class Results:
    """What the scenario that runs now has found."""

    checks: int = 0
    failures: list = dataclasses.field(default_factory=list)
    # The last run of a script, shown with a check that fails.
    last_run: str = ""
    skipped: str = ""


RESULTS = Results()


class Stop(Exception):
    """Ends a scenario whose next steps make no sense."""


class Skip(Exception):
    """Ends a scenario that cannot run here."""


def scenario(function):
    """Registers a scenario under its name, with hyphens."""
    name = function.__name__.replace("_", "-")
    assert name not in SCENARIOS, name
    SCENARIOS[name] = function
    return function


def check(what, holds, detail=""):
    """One check; returns whether it holds."""
    RESULTS.checks += 1
    if not holds:
        parts = [str(detail)[-2000:]] if detail not in ("", None) else []
        parts += [RESULTS.last_run] if RESULTS.last_run else []
        RESULTS.failures.append({"check": what, "detail": "\n".join(parts)})
    return bool(holds)


def must(what, holds, detail=""):
    """A check without which the rest of the scenario makes no sense."""
    if not check(what, holds, detail):
        raise Stop


def run(name):
    """Runs a scenario and returns its results."""
    RESULTS.__init__()
    try:
        SCENARIOS[name]()
    except Stop:
        pass
    except Skip as why:
        RESULTS.skipped = str(why)
    except Exception:
        check("the scenario itself runs", False, traceback.format_exc())
    return RESULTS
