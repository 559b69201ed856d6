"""The golden vectors: this implementation agrees with them, and they agree with their generator."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from we1web.agent.runtime import Work, seed_of
from we1web.protocol import outcome, values
from we1web.protocol.codec import decode_client, decode_server, encode, encode_json
from we1web.protocol.errors import FrameError
from we1web.protocol.messages import Limits

SPEC = Path(__file__).parents[2] / "spec"


def vectors(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((SPEC / "vectors" / f"{name}.json").read_text())
    return found


def named(vector: dict[str, Any]) -> str:
    return vector.get("name") or vector.get("argument") or "empty"


def generated() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("make_vectors", SPEC / "make_vectors.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    files: dict[str, str] = module.build()
    return files


def test_vectors_are_what_their_generator_writes() -> None:
    for name, text in generated().items():
        assert (SPEC / "vectors" / name).read_text() == text, "run spec/make_vectors.py, if the change is deliberate"


@pytest.mark.rule("R1", "R2")
@pytest.mark.parametrize("vector", vectors("messages"), ids=named)
def test_messages_read_and_write_the_same_bytes_and_the_same_json(vector: dict[str, Any]) -> None:
    decode = decode_client if vector["from"] == "client" else decode_server
    message = decode(bytes.fromhex(vector["hex"]))
    assert encode(message).hex() == vector["hex"]
    assert decode(json.dumps(vector["json"])) == message
    assert json.loads(encode_json(message)) == vector["json"]


@pytest.mark.rule("R4")
@pytest.mark.parametrize("vector", vectors("refused"), ids=named)
def test_malformed_frames_are_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(FrameError) as refusal:
        decode_client(bytes.fromhex(vector["hex"]))
    assert refusal.value.code == vector["code"]


@pytest.mark.rule("R35", "R36")
@pytest.mark.parametrize("vector", vectors("outcomes"), ids=named)
def test_outcomes_have_their_digest_or_are_refused(vector: dict[str, Any]) -> None:
    encoded = bytes.fromhex(vector["hex"])
    if vector["digest"] is None:
        with pytest.raises(FrameError) as refusal:
            outcome.check_outcome(encoded)
        assert refusal.value.code == "bad_outcome"
    else:
        outcome.check_outcome(encoded)
        assert outcome.digest(encoded).hex() == vector["digest"]


@pytest.mark.rule("R37")
@pytest.mark.parametrize("vector", vectors("seeds"), ids=named)
def test_seeds(vector: dict[str, Any]) -> None:
    work = Work("wasm-1", b"", bytes.fromhex(vector["program"]), "", Limits(1, 1, 1, 0), [])
    assert str(seed_of(work, bytes.fromhex(vector["argument"]))) == vector["seed"]


@pytest.mark.rule("R35")
def test_a_reference_votes_for_the_same_digest_as_what_it_names() -> None:
    large = outcome.value(bytes(70_000))
    assert outcome.digest(outcome.reference(outcome.digest(large), len(large))) == outcome.digest(large)


@pytest.mark.parametrize("vector", vectors("values"), ids=named)
def test_values_are_encoded_to_the_golden_bytes_and_read_back(vector: dict[str, Any]) -> None:
    encoded = bytes.fromhex(vector["hex"])
    assert values.dumps(values.loads(encoded)) == encoded
    if vector["json"] is not None:
        assert values.dumps(json.loads(vector["json"])) == encoded
