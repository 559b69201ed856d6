"""House rules as tests: every failure names the place and says what to do instead.

Each rule reads the committed text only (nothing is imported), so that it stays cheap and sees what a reader sees.
An exception to a rule is a line in the table beside it, with its reason; the tables only ever shrink.
"""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "we1web"
MAX_MODULE_LINES = 500
MAX_FUNCTION_LINES = 70


@cache
def committed() -> tuple[Path, ...]:
    """Every file of the project as git knows it; all files where there is no git (an unpacked archive)."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        found = [ROOT / name for name in listing.stdout.split("\0") if name]
    else:
        found = [p for p in ROOT.rglob("*") if not any(part.startswith(".") for part in p.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def python_files(*folders: str) -> list[Path]:
    wanted = tuple(ROOT / folder for folder in folders)
    return [p for p in committed() if p.suffix == ".py" and any(p.is_relative_to(folder) for folder in wanted)]


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


def place(path: Path, line: int = 1) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def report(problems: list[str], instead: str) -> None:
    """Fails with the list of places and what to do there instead."""
    assert not problems, "\n  ".join(["", *problems]) + f"\n{instead}"


def imported_names(node: ast.AST) -> Iterator[str]:
    """Dotted names an import statement brings in: `from a import b` gives both `a` and `a.b`."""
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=str(module), level=0, names=names):
            yield module
            yield from (f"{module}.{alias.name}" for alias in names)


def dotted(node: ast.AST) -> str:
    """`a.b.c` for an attribute chain of names, else an empty string."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner, attr=name) if head := dotted(inner):
            return f"{head}.{name}"
    return ""


# --- time, chance and the environment come in as arguments ------------------------------------------------------------

# `random.Random` is how a seeded generator travels as an argument; everything else of that module is hidden state.
IMPURE_IMPORTS = re.compile(r"(time|secrets|random\.(?!Random$)\w+)(\.|$)")
IMPURE_NAMES = re.compile(
    r"((datetime\.)?(datetime\.(now|utcnow|today)|date\.today)|random\.(?!Random$)\w+"
    r"|(os\.)?(environ|getenv|urandom)|(uuid\.)?uuid[14]7?)(\.|$)"
)
IMPURE_MODULES = {
    "clock.py": "the one place of a program that reads time and entropy",
    "config.py": "the one place of a program that reads the environment",
}
IMPURE_PLACES: dict[str, str] = {
    "agent/runtimes/guest/guest.py": "runs inside the sandbox, where it is what makes time and chance deterministic",
}


def impurities(path: Path) -> Iterator[str]:
    whole = {alias.name for node in ast.walk(tree(path)) if isinstance(node, ast.Import) for alias in node.names}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [name for name in imported_names(node) if IMPURE_IMPORTS.match(name)]
        else:
            # A variable may be called `random`; only the module's functions are meant.
            names = [name for name in [dotted(node)] if IMPURE_NAMES.match(name)]
            names = [name for name in names if not name.startswith("random.") or "random" in whole]
        yield from (f"{place(path, getattr(node, 'lineno', 1))}: {name}" for name in names)


def test_only_clock_and_config_modules_touch_time_chance_and_environment() -> None:
    problems = [
        found
        for path in python_files("src")
        if path.name not in IMPURE_MODULES and str(path.relative_to(SOURCE)) not in IMPURE_PLACES
        for found in impurities(path)
    ]
    report(
        problems,
        "Take `now`, `rng` or the setting as an argument; read it in the program's clock.py or config.py.",
    )


def test_exceptions_for_time_and_chance_are_still_needed() -> None:
    stale = [name for name in IMPURE_PLACES if not (SOURCE / name).exists() or not list(impurities(SOURCE / name))]
    report(stale, "Delete these lines from IMPURE_PLACES: the modules are clean now.")


# --- SQL --------------------------------------------------------------------------------------------------------------

SQL = re.compile(
    r"\s*(select\s.+\sfrom\s|select\s+[\w.]+\(|insert\s+into\s|update\s+[\w.]+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\("
    r"|(create|alter|drop)\s+(table|role|user|schema|index|view|function|policy|database)\s|truncate\s|grant\s+\w+\s+(on|to)\s"
    r"|copy\s+[\w.]+\s*(\(.*\))?\s*(from|to)\s|set\s+(local\s+)?(role|search_path|session)\b|listen\s+\w+$|notify\s+\w+)",
    re.IGNORECASE | re.DOTALL,
)
SQL_PLACES: dict[str, str] = {}


def docstrings(module: ast.Module) -> set[int]:
    """Identities of the string nodes that stand alone as statements (docstrings and attribute docs)."""
    return {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}


def test_sql_lives_in_sql_files() -> None:
    problems = []
    for path in python_files("src", "bench"):
        if str(path.relative_to(ROOT)) in SQL_PLACES:
            continue
        prose = docstrings(tree(path))
        for node in ast.walk(tree(path)):
            match node:
                case ast.Constant(value=str(value)) if id(node) not in prose and SQL.match(value):
                    problems.append(f"{place(path, node.lineno)}: {value.strip()[:60]!r}")
    report(problems, "Move the statement to src/we1web/coordinator/storage/sql/ and call statement('name').")


# --- sizes, docstrings, tests -----------------------------------------------------------------------------------------


def test_modules_are_short() -> None:
    problems = [
        f"{place(path)}: {lines} lines"
        for path in python_files("src", "tests", "bench")
        if (lines := text(path).count("\n")) > MAX_MODULE_LINES
    ]
    report(problems, f"Split the module by responsibility; at most {MAX_MODULE_LINES} lines.")


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Its lines without the docstring, which is a command's help text."""
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    return whole - (ast.get_docstring(function) is not None and (first.end_lineno or 0) - first.lineno + 1)


def test_functions_are_short() -> None:
    problems = [
        f"{place(path, node.lineno)}: {node.name} has {length(node)} lines"
        for path in python_files("src", "tests", "bench")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > MAX_FUNCTION_LINES
    ]
    report(problems, f"Name the steps as functions of their own; at most {MAX_FUNCTION_LINES} lines, aim at 10.")


def test_every_module_says_what_it_is() -> None:
    problems = [
        place(path)
        for path in python_files("src", "tests", "bench")
        if text(path).strip() and not ast.get_docstring(tree(path))
    ]
    report(problems, "Open the module with a docstring: what it is, and what it must never do.")


@cache
def references(path: Path) -> frozenset[str]:
    """What a file refers to: dotted names it imports or holds as strings (`python -m`), names of files it reads."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        found.update(imported_names(node))
        match node:
            case ast.Constant(value=str(value)) if re.fullmatch(r"we1web(\.\w+)+|[\w./-]+\.py", value):
                found.add(value)
    return frozenset(found)


def within_reach_of_tests() -> set[Path]:
    """Modules that tests refer to, those that these refer to, and so on."""
    names = {module_name(path): path for path in python_files("src")}
    names |= {path.name: path for path in python_files("src") if path.name != "__init__.py"}
    reached: set[Path] = set()
    ahead = python_files("tests")
    while ahead:
        found = {
            names[name.rpartition("/")[2]]
            for path in ahead
            for name in references(path)
            if name.rpartition("/")[2] in names
        }
        ahead = sorted(found - reached)
        reached |= found
    return reached


def test_every_module_is_within_reach_of_a_test() -> None:
    kinds = {path for folder in kinds_folders() for path in folder.glob("*.py")}
    exempt = within_reach_of_tests() | kinds
    problems = [
        place(path)
        for path in python_files("src")
        if text(path).strip() and path.name not in ("__init__.py", "__main__.py") and path not in exempt
    ]
    report(problems, "Nothing tested uses these modules: write a test that imports or starts them, or delete them.")


def kinds_folders() -> dict[Path, Path]:
    """Plural folder → the contract beside it: `strategies/` → `strategy.py`. Its files are one kind each."""
    return {
        folder: contract
        for folder in SOURCE.rglob("*")
        if folder.is_dir()
        for contract in [folder.parent / f"{singular(folder.name)}.py"]
        if contract.exists()
    }


def singular(plural: str) -> str:
    return plural.removesuffix("ies") + "y" if plural.endswith("ies") else plural.removesuffix("s")


# --- what has a name is in the docs -----------------------------------------------------------------------------------


def undocumented(names: dict[str, str], page: str) -> list[str]:
    documented = text(ROOT / page) if (ROOT / page).exists() else ""
    return [f"{where}: `{name}`" for name, where in sorted(names.items()) if f"`{name}`" not in documented]


def constants(*, keyword: str) -> dict[str, str]:
    """String constants given as `keyword=...` or assigned to `keyword` in a class body → where."""
    found: dict[str, str] = {}
    for path in python_files("src"):
        for node in ast.walk(tree(path)):
            match node:
                case ast.keyword(arg=arg, value=ast.Constant(value=str(value))) if arg == keyword:
                    found.setdefault(value, place(path, node.value.lineno))
                case ast.ClassDef(body=body):
                    for statement in body:
                        match statement:
                            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value))):
                                if name == keyword:
                                    found.setdefault(value, place(path, statement.lineno))
    return found


def first_arguments(called: re.Pattern[str]) -> dict[str, str]:
    """First arguments, when they are string constants, of calls to names that match → where."""
    found: dict[str, str] = {}
    for path in python_files("src"):
        for node in ast.walk(tree(path)):
            match node:
                case ast.Call(func=function, args=[ast.Constant(value=str(value)), *_]) if called.fullmatch(
                    dotted(function)
                ):
                    found.setdefault(value, place(path, node.lineno))
    return found


def outcome_codes() -> dict[str, str]:
    """Module-level constants of the agent that name why a task has no outcome → where."""
    return {
        value: place(path, node.lineno)
        for path in python_files("src/we1web/agent")
        for node in tree(path).body
        for value in re.findall(r"^[A-Z_]+(?:: Final)? = '([a-z]+_[a-z_]+)'$", ast.unparse(node))
    }


def test_every_error_code_is_documented() -> None:
    codes = constants(keyword="code") | first_arguments(re.compile(r"outcome\.none")) | outcome_codes()
    report(undocumented(codes, "docs/errors.md"), "Add the code to docs/errors.md: when it comes, and what to do next.")


def test_every_metric_is_documented() -> None:
    metrics = first_arguments(
        re.compile(r"(prometheus_client\.)?(Counter|Gauge|Histogram|Summary|Info|\w+MetricFamily)")
    )
    metrics = {name: where for name, where in metrics.items() if name.startswith("we1web_")}
    report(undocumented(metrics, "docs/metrics.md"), "Add the metric to docs/metrics.md: its unit and what it tells.")


def settings() -> dict[str, str]:
    """Environment variables read by the settings classes → where."""
    found: dict[str, str] = {}
    for path in python_files("src"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and any(dotted(base).endswith("BaseSettings") for base in node.bases):
                for field in node.body:
                    if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                        found[variable(field)] = place(path, field.lineno)
    return found


def variable(field: ast.AnnAssign) -> str:
    """The environment variable of a field: its alias, or its name in capitals with our prefix."""
    match field:
        case ast.AnnAssign(value=ast.Call(keywords=keywords)):
            for keyword in keywords:
                if keyword.arg == "validation_alias" and isinstance(keyword.value, ast.Constant):
                    return str(keyword.value.value)
    return f"WE1WEB_{ast.unparse(field.target).upper()}"


def test_every_setting_is_documented() -> None:
    report(undocumented(settings(), "docs/settings.md"), "Add the variable to docs/settings.md: its unit and default.")


def test_every_kind_of_a_contract_is_documented() -> None:
    kinds = {
        path.stem: place(path)
        for folder in kinds_folders()
        for path in folder.glob("*.py")
        if not path.name.startswith("_") and path.parent.parent.name == "domain"
    }
    report(
        undocumented(kinds, "docs/kinds.md"), "Add the new kind to docs/kinds.md: what it does and when to choose it."
    )


# --- tests ------------------------------------------------------------------------------------------------------------

FORBIDDEN_IN_TESTS: dict[str, tuple[str, str]] = {
    "mock.patch": (
        r"\bmock\.patch|\bfrom unittest.mock\b|\bimport mock\b",
        "pass a fake as an argument (we1web.testing)",
    ),
    "sleep": (
        r"\b(time|asyncio)\.sleep\((?!0\b)|\bfrom time import sleep\b",
        "wait for the event itself, or move a fake clock",
    ),
    "skip": (r"\bpytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b", "make it run, or delete it"),
}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")


@pytest.mark.parametrize("name", FORBIDDEN_IN_TESTS)
def test_tests_avoid(name: str) -> None:
    pattern, instead = FORBIDDEN_IN_TESTS[name]
    problems = [
        f"{place(path, number)}: {line.strip()[:80]}"
        for path in python_files("tests")
        if path != Path(__file__)
        for number, line in enumerate(text(path).splitlines(), 1)
        if re.search(pattern, line)
    ]
    report(problems, f"Instead: {instead}.")


# --- every committed file ---------------------------------------------------------------------------------------------

BINARY = {".png", ".wasm", ".whl", ".ico", ".gz"}
MACHINE_PATHS = re.compile(r"(?<![\w./-])/(?:home|Users)/(?!pyodide\b)\w+|(?<![\w./-])/(?:root|work)/\w")
REGISTRIES = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs|jsr\.io")


def offending_lines(pattern: re.Pattern[str]) -> Iterator[str]:
    for path in committed():
        if path.suffix in BINARY or path == Path(__file__):
            continue
        for number, line in enumerate(text(path).splitlines(), 1):
            if pattern.search(line):
                yield f"{place(path, number)}: {line.strip()[:100]}"


def test_nothing_is_left_unfinished() -> None:
    report(list(offending_lines(UNFINISHED)), "Finish it, or open an issue and delete the line.")


def test_no_file_names_a_machine_path() -> None:
    report(list(offending_lines(MACHINE_PATHS)), "Use a path relative to the checkout, or a temporary folder.")


def test_no_file_names_a_registry_host() -> None:
    report(
        list(offending_lines(REGISTRIES)), "Name the package and its hash only; whoever installs chooses the registry."
    )


# --- documents --------------------------------------------------------------------------------------------------------

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(document: str) -> set[str]:
    """The anchors a forge gives to headings."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(path: Path, link: str) -> bool:
    target, _, anchor = link.partition("#")
    file = (path.parent / target).resolve() if target else path
    if not file.exists():
        return True
    return bool(anchor) and file.suffix == ".md" and anchor not in anchors(text(file))


def test_links_between_documents_resolve() -> None:
    problems = [
        f"{place(path)}: {link}"
        for path in committed()
        if path.suffix == ".md"
        for link in LINK.findall(FENCE.sub("", text(path)))
        if not re.match(r"[a-z]+:", link) and broken(path, link)
    ]
    report(problems, "Correct the link, or write the page it promises.")


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    index = text(folder / "README.md")
    problems = [place(path) for path in sorted(folder.glob("[0-9]*.md")) if f"({path.name})" not in index]
    report(problems, "Add the decision to docs/adr/README.md.")


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1)), "Number decisions 0001, 0002, ... without gaps or repeats."


# --- the rules catch what they are for -----------------------------------------------------------------------

CAUGHT: list[tuple[Callable[[str], object], str, str]] = [
    (SQL.match, "select id from users where key = $1", "selected"),
    (SQL.match, "  INSERT INTO tasks values ($1)", "insert the key"),
    (SQL.match, "set local role service_role", "set of names"),
    (IMPURE_IMPORTS.match, "time", "timeline"),
    (IMPURE_IMPORTS.match, "random.choice", "random.Random"),
    (IMPURE_NAMES.match, "os.environ.get", "environment"),
    (IMPURE_NAMES.match, "datetime.now", "datetime.fromisoformat"),
    (MACHINE_PATHS.search, "see /root/secret", "https://example.org/root/page"),
]


@pytest.mark.parametrize(("rule", "bad", "good"), CAUGHT)
def test_rules_tell_bad_from_good(rule: Callable[[str], object], bad: str, good: str) -> None:
    assert rule(bad)
    assert not rule(good)
