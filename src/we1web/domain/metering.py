"""Metering: a module rewritten so that it counts its own instructions, the same in every engine.

The count is an exported mutable global that starts at the budget and goes down. A straight-line segment is charged when
it is entered; function entries and loop heads trap when the count is negative. What may take long in one instruction
pays more: bulk operations by their length, calls of the host by a flat price.

Only for modules that wasmtime's validator accepted: this pass trusts their structure and must never be the only check.
"""

import re

from we1web.domain.wasm_module import (
    CODE,
    COUNTER_EXPORT,
    EXPORT,
    GLOBAL,
    Module,
    Reader,
    Section,
    check,
    feature_refused,
    join,
    u32,
)

HOST_CALL_COST = 2_000
"""A call into the host takes microseconds where an instruction takes less than one nanosecond."""
BULK_BYTES_SHIFT = 3
"""Bulk memory operations pay one instruction for 8 bytes; those on tables one for 8 elements."""
MAX_INSTRUCTIONS = 1 << 60

_I64_VARIABLE = b"\x7e\x01"
_END = b"\x0b"
_NUMBER = rb"[\x80-\xff]*+[\x00-\x7f]"
_ADDRESS = rb"[\x00-\x3f]" + _NUMBER  # alignment, then offset; bit 6 would name another memory
_PLAIN = b"|".join(
    [
        rb"[\x01\x1a\x1b\x45-\xc4\xd1]",  # nop, drop, select, numeric, ref.is_null
        rb"[\x20-\x26\x41\x42\xd0\xd2]" + _NUMBER,  # variables, tables, constants, references
        rb"[\x28-\x3e]" + _ADDRESS,
        rb"[\x3f\x40]\x00",  # memory.size, memory.grow
        rb"\x43.{4}|\x44.{8}|\x1c\x01.",  # f32.const, f64.const, select with a type
        rb"\xfc[\x00-\x07]|\xfc[\x09\x0d\x10]" + _NUMBER,  # saturating, data.drop, elem.drop, table.size
        rb"\xfd[\x0e-\x14\x23-\x53\x5e-\x7f]|\xfd[\x80-\xff]\x01|\xfd[\x0c\x0d].{16}|\xfd[\x15-\x22].",
        rb"\xfd[\x00-\x0b\x5c\x5d]" + _ADDRESS,
        rb"\xfd[\x54-\x5b]" + _ADDRESS + rb".",
    ]
)
_CONTROL = b"|".join(
    [
        rb"[\x00\x05\x0b\x0f]",  # unreachable, else, end, return
        rb"[\x02-\x04\x0c\x0d\x10]" + _NUMBER,  # block, loop, if, br, br_if, call
        rb"\x11" + _NUMBER + _NUMBER,  # call_indirect
        rb"\xfc\x08" + _NUMBER + rb"\x00|\xfc\x0a\x00\x00|\xfc\x0b\x00",  # memory.init, copy, fill
        rb"\xfc[\x0c\x0e]" + _NUMBER + _NUMBER + rb"|\xfc\x11" + _NUMBER,  # table.init, copy, fill
        rb"\x0e",  # br_table: read by hand
    ]
)
_plain_run = re.compile(rb"(?:" + _PLAIN + rb")*+", re.DOTALL).match
_plain = re.compile(_PLAIN, re.DOTALL).findall
_control = re.compile(_CONTROL, re.DOTALL).match
_BLOCK, _LOOP, _BR_TABLE, _CALL, _BULK = 0x02, 0x03, 0x0E, 0x10, 0xFC
_STAYS = frozenset({_BLOCK, _CALL, 0x11})
"""Control instructions after which the straight line goes on."""
_FREE = frozenset({_BLOCK, 0x0B})


def meter(module: bytes, instructions: int) -> bytes:
    """The module with a counter that starts at `instructions`. Raises ModuleRefused for code it cannot meter."""
    if not 0 < instructions <= MAX_INSTRUCTIONS:
        raise ValueError(f"instructions must be between 1 and {MAX_INSTRUCTIONS}")
    parsed = check(module)
    sections = {part.id: part.body for part in parsed.sections}
    sections[GLOBAL] = _with_counter(sections.get(GLOBAL, b"\0"), instructions)
    sections[EXPORT] = _with_export(sections[EXPORT], parsed.globals)
    sections[CODE] = _metered_code(sections.get(CODE, b"\0"), parsed)
    return join(_in_order(parsed, sections))


def _in_order(parsed: Module, sections: dict[int, bytes]) -> list[Section]:
    """Sections keep their place; a new global section goes before the exports, which every accepted module has."""
    order = [part.id for part in parsed.sections]
    if GLOBAL not in order:
        order.insert(order.index(EXPORT), GLOBAL)
    return [Section(id_, sections[id_]) for id_ in order]


def _with_counter(body: bytes, instructions: int) -> bytes:
    reader = Reader(body)
    count = reader.u32()
    return u32(count + 1) + body[reader.at :] + _I64_VARIABLE + b"\x42" + _signed(instructions) + _END


def _with_export(body: bytes, global_index: int) -> bytes:
    reader = Reader(body)
    count = reader.u32()
    name = COUNTER_EXPORT.encode()
    return u32(count + 1) + body[reader.at :] + u32(len(name)) + name + b"\x03" + u32(global_index)


def _metered_code(body: bytes, parsed: Module) -> bytes:
    reader, out = Reader(body), []
    for index in reader.each():
        code = reader.take(reader.u32())
        metered = _Function(code, parsed, len(parsed.functions[index].parameters)).metered()
        out.append(u32(len(metered)) + metered)
    return u32(len(out)) + b"".join(out)


class _Function:
    """Rewrites the body of one function, segment by segment."""

    def __init__(self, code: bytes, parsed: Module, parameters: int) -> None:
        self._code = code
        self._host_functions = len(parsed.imports)
        self._counter = u32(parsed.globals)
        self._parameters = parameters
        self._scratch: bytes | None = None
        self._out = bytearray()
        self._segment = bytearray()
        self._cost = 0
        self._check_next = True

    def metered(self) -> bytes:
        reader = Reader(self._code)
        groups, variables = self._read_locals(reader)
        self._scratch_index = u32(self._parameters + variables)
        declarations = self._code[_width(self._code) : reader.at]
        self._rewrite(reader.at)
        if self._scratch:
            groups, declarations = groups + 1, declarations + b"\x01\x7f"
        return u32(groups) + declarations + bytes(self._out)

    @staticmethod
    def _read_locals(reader: Reader) -> tuple[int, int]:
        groups, variables = reader.u32(), 0
        for _ in range(groups):
            variables += reader.u32()
            reader.skip_number()
        return groups, variables

    def _rewrite(self, at: int) -> None:
        code, end = self._code, len(self._code)
        while at < end:
            run = _plain_run(code, at)
            if run and run.end() > at:
                self._segment += run.group()
                self._cost += len(_plain(run.group()))
                at = run.end()
            else:
                at = self._control(at)
        self._flush()

    def _control(self, at: int) -> int:
        found = _control(self._code, at)
        if not found:
            raise feature_refused(f"an instruction we do not meter (opcode 0x{self._code[at : at + 2].hex()})")
        instruction = found.group()
        opcode = instruction[0]
        if opcode == _BR_TABLE:
            instruction = self._branch_table(at)
        elif opcode == _BULK:
            self._charge_length()
        self._cost += self._price(opcode, instruction)
        self._segment += instruction
        if opcode not in _STAYS and opcode != _BULK:
            self._flush()
        self._check_next |= opcode == _LOOP
        return at + len(instruction)

    def _branch_table(self, at: int) -> bytes:
        reader = Reader(self._code, at + 1)
        for _ in range(reader.u32() + 1):
            reader.skip_number()
        return self._code[at : reader.at]

    def _price(self, opcode: int, instruction: bytes) -> int:
        if opcode == _CALL and Reader(instruction, 1).u32() < self._host_functions:
            return HOST_CALL_COST
        return 0 if opcode in _FREE else 1

    def _charge_length(self) -> None:
        """Before a bulk operation: the length on top of the stack is kept in a local of ours and charged."""
        self._scratch = self._scratch_index
        self._segment += b"\x22" + self._scratch  # local.tee
        self._segment += b"\x23" + self._counter + b"\x20" + self._scratch
        self._segment += b"\xad\x42" + _signed(BULK_BYTES_SHIFT) + b"\x88"  # i64.extend_i32_u, i64.shr_u
        self._segment += b"\x7d\x24" + self._counter + self._check()

    def _check(self) -> bytes:
        """Trap when the counter is negative: global.get, i64.const 0, i64.lt_s, if, unreachable, end."""
        return b"\x23" + self._counter + b"\x42\x00\x53\x04\x40\x00\x0b"

    def _flush(self) -> None:
        """Writes the segment, with its price in front of it."""
        if self._cost:
            self._out += b"\x23" + self._counter + b"\x42" + _signed(self._cost) + b"\x7d\x24" + self._counter
        if self._check_next:
            self._out += self._check()
        self._out += self._segment
        self._segment.clear()
        self._cost, self._check_next = 0, False


def _width(code: bytes) -> int:
    """How many bytes the number at the start of `code` takes."""
    reader = Reader(code)
    reader.u32()
    return reader.at


def _signed(value: int) -> bytes:
    """A number that is not negative as signed LEB128."""
    out = bytearray()
    while value > 0x3F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
