"""`we1web map`: a function of a file, or a WebAssembly module, over many inputs. Results stream as they are agreed."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from we1web.cli import _functions, _inputs
from we1web.cli._inputs import Format, InputError
from we1web.cli._options import HERE, AsJson, Connection

if TYPE_CHECKING:
    from we1web.sdk.client import MapJob


_COMBINED = ("task_s", "wall_s", "memory_mib", "validator", "validator_parameters", "abs", "rel", "verifier")


@Parameter(name="*")
@dataclass(frozen=True)
class Terms:
    """What the job may cost and how it is run."""

    price: str = "0.0001"
    """What one agreeing execution costs. Three are paid for each task."""
    task_s: float | None = None
    """Seconds of one core that a task takes: the network's suggestion for that is the price, instead of --price."""
    bonus: str | None = None
    """What an agreeing execution earns more when it is fast: with --bonus-within-s."""
    bonus_within_s: float | None = None
    """Seconds a task in which the answer must be back for the bonus."""
    budget: str | None = None
    """The most the job may cost; by default half as much again as the estimate."""
    currency: str | None = None
    """Of price, bonus and budget, like `eur`; the network's without it."""
    policy: str = "classic"
    """How many must agree, and how."""
    strategy: str | None = None
    """How nodes are chosen."""
    order: Literal["input", "agreed"] = "input"
    """`input`, or `agreed`: whatever is ready first."""
    wall_s: float | None = None
    """Seconds one task may take."""
    memory_mib: int | None = None
    """MiB of memory one task may use."""
    name: str | None = None
    """What the job is called."""
    purpose: str | None = None
    """What it is for, in a line for those whose devices do the work; everybody may read it."""

    validator: str | None = None
    """What counts as the same answer: exact, numeric_tolerance, set or ranked_list."""
    abs: float | None = None
    """How far two numbers of an answer may be apart."""
    rel: float | None = None
    """The same, as a share of the larger one."""
    validator_parameters: str | None = None
    """Other parameters of the validator, as a JSON object: '{"k": 10, "overlap": 0.8}'."""
    verifier: str | None = None
    """With --policy checked: FILE.py:function or a module that says whether a result is right."""
    epsilon: float | None = None
    """The largest share of wrong results, for policies that can promise one."""
    weight: float | None = None
    """The job's share among your own jobs."""
    priority: int | None = None
    """Of your own jobs, the higher one goes first."""
    referee: Annotated[bool, Parameter(negative="")] = False
    """Lets this machine decide disputes about the job while it is followed."""
    hold_s: float | None = None
    """Seconds for which results that may still be taken back are kept back."""

    def arguments(self) -> dict[str, Any]:
        """The same, as `Client.map` takes it."""
        limits = {"wall_s": self.wall_s, "memory_bytes": self.memory_mib and self.memory_mib << 20}
        given = {key: value for key, value in limits.items() if value is not None}
        plain = {key: value for key, value in vars(self).items() if key not in _COMBINED}
        return {**plain, "limits": given, **self._trust()}

    def _trust(self) -> dict[str, Any]:
        """The validator with its parameters, and the verifier as a program."""
        tolerance = {key: value for key, value in (("abs", self.abs), ("rel", self.rel)) if value is not None}
        parameters = _parameters(self.validator_parameters) | tolerance
        validator = self.validator or ("numeric_tolerance" if tolerance else None)
        verifier = self.verifier and (_functions.find(self.verifier) if ":" in self.verifier else Path(self.verifier))
        return {"validator": validator, "validator_parameters": parameters or None, "verifier": verifier}


@Parameter(name="*")
@dataclass(frozen=True)
class Sources:
    """Where inputs come from, when not from the command line."""

    input_file: Path | None = None
    """Reads the inputs from a file (-: standard input): lines of text, JSON lines, a JSON array or CSV with a head."""
    format: Format = "auto"
    """What --input-file holds, when its ending does not tell."""
    each_file: str | None = None
    """One input per file that matches; the function gets the bytes."""
    text: Annotated[bool, Parameter(negative="")] = False
    """Takes inputs of the command line as text, even when they look like JSON."""


def _parameters(text: str | None) -> dict[str, Any]:
    """The object behind --validator-parameters. Raises InputError."""
    try:
        found = json.loads(text or "{}")
    except ValueError as error:
        raise InputError(f"--validator-parameters is no JSON: {error}", hint="write it as '{\"k\": 10}'") from None
    if not isinstance(found, dict):
        raise InputError("--validator-parameters is no object", hint="write it as '{\"k\": 10}'")
    return found


USUAL = Terms()
NONE_GIVEN = Sources()


def command(
    program: str | None = None,
    /,
    *inputs: str,
    sources: Sources = NONE_GIVEN,
    wasm: Path | None = None,
    terms: Terms = USUAL,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    detach: Annotated[bool, Parameter(negative="")] = False,
    as_json: AsJson = False,
    connection: Connection = HERE,
) -> int:
    """Run a function on every input, on other people's computers; print each result as soon as it is agreed.

    For instance:

    * `we1web map prime.py:is_prime 7 8 9`
    * `we1web map words.py:count --input-file lines.txt --price 0.0005 --budget 1.00 -o counts.jsonl`
    * `we1web map stats.py:measure --each-file "src/**/*.py" --json`
    * `we1web map --wasm tile.wasm --input-file tiles.txt -o tiles/`

    Exit codes: 0 every task has a result, 1 one has none or the job was refused, 2 called wrongly, 130 interrupted.

    Parameters
    ----------
    program
        FILE.py:function (or package.module:function). With --wasm this is the first input.
    inputs
        One input each: JSON where it is JSON (3, true, [1, 2]), else text.
    wasm
        Runs this WebAssembly module instead: every input on its standard input, the result on its standard output.
    output
        A file of JSON lines, or a folder for one file per result.
    detach
        Prints the job's id when everything is submitted, and leaves it running.
    as_json
        Prints one JSON object with the summary at the end; results go to --output only.
    """
    words = [program, *inputs] if wasm and program else list(inputs)
    values, label = _gathered(words, sources, as_text=sources.text or wasm is not None)
    with connection.open() as client:
        arguments = terms.arguments()
        if terms.task_s is not None:
            suggested = client.suggest_price(terms.task_s)
            if terms.currency not in (None, suggested.currency):
                raise InputError(f"the network suggests prices in {suggested.currency}", hint="name --price instead")
            arguments["price"] = suggested.price_micros
        job = client.map(wasm or _function(program), values, detach=detach, **arguments)
        return _leave(job, as_json=as_json) if detach else follow(job, output, label, as_json=as_json)


def _function(program: str | None) -> Callable[..., Any]:
    if program is None:
        raise InputError("nothing to run", hint="we1web map FILE.py:function INPUTS...; see --help")
    return _functions.find(program)


def _gathered(
    words: list[str], sources: Sources, *, as_text: bool
) -> tuple[Iterable[Any], Callable[[int], str | None]]:
    """The inputs, and what to call each of them."""
    given = [bool(words), sources.input_file is not None, sources.each_file is not None]
    if sum(given) != 1:
        raise InputError(
            "inputs from several places" if any(given) else "no inputs",
            hint="give inputs on the command line, or --input-file, or --each-file",
        )
    if sources.each_file is not None:
        files = _inputs.from_glob(sources.each_file)
        return files, lambda index: str(files.paths[index])
    if sources.input_file is not None:
        return _inputs.from_file(sources.input_file, sources.format), lambda index: None
    return _inputs.from_words(words, as_text=as_text), lambda index: words[index]


def _leave(job: "MapJob", *, as_json: bool) -> int:
    from we1web.cli._output import emit, note

    job.wait_submitted()
    job.detach()
    if as_json:
        emit({"job_id": job.job_id})
    else:
        print(job.job_id)
        note(f"it goes on without us: we1web results {job.job_id} --follow")
    return 0


def follow(job: "MapJob", output: Path | None, label: Callable[[int], str | None], *, as_json: bool) -> int:
    """Writes results as they come, then the summary; 0 when every task has a result."""
    from we1web.cli._output import Writer, emit, note, summary_line, summary_record

    writer = Writer(output, label, silent=as_json)
    try:
        for result in job.results():
            writer.write(result)
    finally:
        writer.close()
    summary = job.summary()
    note(summary_line(summary))
    if as_json:
        emit(summary_record(summary))
    return 0 if summary.verified == summary.total else 1
