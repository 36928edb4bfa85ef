"""All scenarios, in the order in which they run: long ones first, so that no lane waits for the other."""

from scenarios import configs  # noqa: F401
from scenarios import interrupted  # noqa: F401
from scenarios import unreliable  # noqa: F401
from scenarios import rights  # noqa: F401
from scenarios import lifecycle  # noqa: F401
from scenarios import output  # noqa: F401
from scenarios import runner  # noqa: F401
from scenarios import manifests  # noqa: F401
from scenarios import kubernetes  # noqa: F401
from scenarios import ownership  # noqa: F401
from scenarios import drift  # noqa: F401
from scenarios import account  # noqa: F401
