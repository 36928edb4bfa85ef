"""All scenarios, in the order in which they run: long ones first, so that no lane waits for the other."""

from scenarios import lifecycle  # noqa: F401
