"""Wasm programs on their way into a job: checked, capped, metered in a child; hostile ones refused by name."""

import wasmtime
from tests.http.conftest import Person, Site, create

from we1web.coordinator import programs
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain.wasm_module import COUNTER_EXPORT

ECHO = """(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start") (local $n i32)
    (loop $again (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $n) (i32.const 1000))))))"""


def wasm(text: str) -> bytes:
    return bytes(wasmtime.wat2wasm(text))


async def test_a_module_becomes_a_metered_one_the_same_each_time() -> None:
    first = await programs.instrument(wasm(ECHO), 1 << 20, 1_000)
    assert first == await programs.instrument(wasm(ECHO), 1 << 20, 1_000)
    assert COUNTER_EXPORT.encode() in first
    assert first != await programs.instrument(wasm(ECHO), 1 << 20, 2_000)


async def test_hostile_modules_are_refused_by_name() -> None:
    unknown_import = '(module (import "env" "system" (func)) (memory (export "memory") 1) (func (export "_start")))'
    for module, code in (
        (b"", "not_wasm"),
        (b"\x7fELF" + bytes(100), "not_wasm"),
        (wasm(ECHO)[:-3], "module_invalid"),
        (wasm(unknown_import), "import_refused"),
        (wasm("(module)"), "export_missing"),
        (bytes(17 << 20), "module_too_large"),
    ):
        try:
            await programs.instrument(module, 1 << 20, 1_000)
        except Refusal as refused:
            assert refused.code == code, refused
        else:
            raise AssertionError(f"{code} was expected")


async def test_a_wasm_job_runs_the_metered_module(site: Site, requester: Person) -> None:
    digest = await requester.upload(wasm(ECHO))
    order = {"runtime": "wasm", "program": digest, "entry": ""}
    job = await create(requester, 1, **order, limits={"memory_bytes": 1 << 20, "instructions": 5_000})
    async with site.app.services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(
            "select program, runtime_id, instructions, key from public.jobs where id = $1", job["id"]
        )
        listed = await tx.fetch("select digest from public.job_blobs where job_key = $1", row["key"])
    assert (row["runtime_id"], row["instructions"]) == ("wasm-1", 5_000)
    assert [r["digest"] for r in listed] == [row["program"]] != [bytes.fromhex(digest)]
    stored = await site.app.services.blobs.read(row["program"])
    assert stored == await programs.instrument(wasm(ECHO), 1 << 20, 5_000)


async def test_a_job_with_a_bad_module_leaves_nothing(requester: Person) -> None:
    digest = await requester.upload(b"not wasm at all")
    order = {"runtime": "wasm", "program": digest, "price_micros": 1, "arguments": []}
    for limits, code in (({}, "not_wasm"), ({"instructions": 0}, "invalid_request"), ({"memory_bytes": 2 << 30}, None)):
        answer = await requester.http.post("/api/jobs", json=order | {"limits": limits, "budget_micros": 10})
        assert answer.status_code == 422
        assert answer.json()["code"] == (code or "invalid_request")
    assert (await requester.http.get("/api/jobs")).json()["items"] == []
