"""Gives recorded `az` calls, JSON lists on stdin, to the parser that the real az builds.

Nothing is executed and nothing reaches a network. Exit 1 if one does not parse.
"""
import contextlib
import io
import json
import logging
import os
import sys
import tempfile

os.environ["AZURE_CONFIG_DIR"] = tempfile.mkdtemp(prefix="azcfg.")
os.environ["AZURE_CORE_COLLECT_TELEMETRY"] = "no"
os.environ["AZURE_EXTENSION_USE_DYNAMIC_INSTALL"] = "no"

from azure.cli.core import get_default_cli  # noqa: E402
from azure.cli.core.commands import events  # noqa: E402

CLI = get_default_cli()
LOG = io.StringIO()
for name in ("cli", "az", "azure", "knack"):
    logging.getLogger(name).addHandler(logging.StreamHandler(LOG))
    logging.getLogger(name).propagate = False


def problem(args):
    """What the parser says; nothing if it takes the call as it is."""
    LOG.seek(0)
    LOG.truncate()
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            inv = CLI.invocation_cls(cli_ctx=CLI, parser_cls=CLI.parser_cls, commands_loader_cls=CLI.commands_loader_cls, help_cls=CLI.help_cls)
            CLI.invocation = inv
            CLI.data["command_string"] = " ".join(args)
            inv.commands_loader.load_command_table(args)
            command = inv._rudimentary_get_command(args)
            inv.data["command_string"] = command
            # Adds `--subscription`, as the real invocation does.
            CLI.raise_event(events.EVENT_INVOKER_PRE_LOAD_ARGUMENTS, commands_loader=inv.commands_loader)
            inv.commands_loader.load_arguments(command)
            CLI.raise_event(events.EVENT_INVOKER_POST_LOAD_ARGUMENTS, commands_loader=inv.commands_loader)
            inv.parser.cli_ctx = CLI
            inv.parser.load_command_table(inv.commands_loader)
            parsed = inv.parser.parse_args(args)
    except SystemExit:
        return (out.getvalue() + LOG.getvalue()).strip() or "refused"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if getattr(parsed, "_cmd", None) is None:
        return "this is a group, not a command"
    # az takes unique prefixes of options; a later version may not.
    known = {option for action in parsed._parser._actions for option in action.option_strings}
    short = [word for word in args if word.startswith("--") and word.split("=")[0] not in known]
    return f"abbreviated: {short}" if short else ""


bad = 0
calls = [json.loads(line) for line in sys.stdin]
for call in calls:
    said = problem(call[1:])
    if said:
        bad += 1
        print(" ".join(call), "->", said)
print(f"{len(calls)} calls, {bad} refused")
sys.exit(1 if bad or not calls else 0)
