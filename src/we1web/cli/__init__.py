"""The command `we1web`: one file per command, found by its name, imported only when it is called or asked about.

Expected errors become one line and a hint, never a traceback. Exit codes: 0 all is well, 1 it failed, 2 it was called
wrongly, 130 it was interrupted.
"""

import ast
import json
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from we1web import __version__

if TYPE_CHECKING:
    from cyclopts import App

FAILED = 1
CALLED_WRONGLY = 2
INTERRUPTED = 130
HELP = """Run work on other people's computers and get checked results, or lend yours and be paid.

Start with `we1web demo`: a whole network on this machine. `we1web COMMAND --help` explains each command."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the command. Ends the process."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Runs one command and returns its exit code."""
    from cyclopts import CycloptsError

    from we1web.protocol.errors import We1webError

    try:
        result = application()(arguments)
        return result if isinstance(result, int) else 0
    except CycloptsError:
        return CALLED_WRONGLY
    except We1webError as error:
        report(error, as_json="--json" in arguments)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED


def application() -> "App":
    """The command with everything below it."""
    from cyclopts import App

    app = App(name="we1web", help=HELP, version=__version__, exit_on_error=False, result_action="return_value")
    for name, path in commands().items():
        app.command(f"{__name__}.{path.stem}:command", name=name, help=description(path))
    return app


def commands() -> dict[str, Path]:
    """Command → file. A trailing underscore keeps a file from hiding a built-in; a leading one hides the file."""
    folder = Path(__file__).parent
    modules = [module.name for module in pkgutil.iter_modules([str(folder)]) if not module.name.startswith("_")]
    return {name.rstrip("_").replace("_", "-"): folder / f"{name}.py" for name in sorted(modules)}


def description(path: Path) -> str:
    """What a command says about itself, before its parameters; read without importing it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    if "command" in defined:
        return (ast.get_docstring(defined["command"]) or "").partition("\n\nParameters\n")[0]
    told = (ast.get_docstring(tree) or "").partition(": ")[2]
    return told[:1].upper() + told[1:]


def report(error: Exception, *, as_json: bool) -> None:
    """One line and a hint on standard error; for scripts also one JSON object on standard output."""
    message, hint = str(getattr(error, "message", error)), str(getattr(error, "hint", ""))
    print(f"error: {message}", file=sys.stderr)
    if hint:
        print(f"hint:  {hint}", file=sys.stderr)
    if as_json:
        print(json.dumps({"error": {"code": getattr(error, "code", "error"), "message": message, "hint": hint}}))
