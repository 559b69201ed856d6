"""The harness inside the sandbox: loads a program, calls its entry once per task, encodes what came of it.

Part of the memory snapshot. Runs in Pyodide only, beside values.py; imports nothing else of we1web. Whatever a task
raises becomes an outcome; whatever a task leaves behind in clocks, random generators and caches of the standard library
is reset before the next one, so that a task's outcome does not depend on its place in the bundle.
"""

# Imported here so that they are in the snapshot: a task that uses them pays nothing.
import ast
import base64
import bisect
import calendar
import cmath
import collections
import copy
import csv
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import hashlib
import heapq
import html
import inspect
import io
import itertools
import json
import linecache
import math
import operator
import random
import re
import statistics
import string
import struct
import sys
import tempfile
import textwrap
import time
import traceback
import types
import typing
import urllib.parse
import uuid
import zlib

import msgpack
import values  # type: ignore[import-not-found]

PRELOADED = (
    ast, base64, bisect, calendar, cmath, collections, copy, csv, dataclasses, datetime, decimal, enum, fractions,
    functools, hashlib, heapq, html, inspect, io, itertools, json, math, operator, re, statistics, string, struct,
    textwrap, types, typing, urllib.parse, zlib,
)  # fmt: skip

VALUE, ERROR = b"\0" + bytes(8), b"\1" + bytes(8)
FILE = "<task>"
MODULE = "__we1web_task__"
MAX_MESSAGE_CHARS = 2_000
MAX_TRACEBACK_CHARS = 16_000
MAX_TRACEBACK_FRAMES = 50
_PLAIN_MODULES = ("builtins", MODULE, "guest", "values")


class OutputLimitError(Exception):
    """The encoded result is larger than the job allows."""


class _Task:
    """The loaded program and its limits."""

    entry: typing.Any = None
    output_bytes: int = 0


def connect(advance: typing.Callable[[float], None]) -> None:
    """Takes the handle on the counted clock; called once after the snapshot is restored."""

    def sleep(seconds: float, /) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        advance(float(seconds) * 1000)

    time.sleep = sleep  # type: ignore[assignment]


def load(program: memoryview, entry: str, output_bytes: int) -> bytes:
    """Executes the program's module. Empty bytes when its entry can be called, else the outcome of all its tasks."""
    _forget_javascript()
    _reset(0)
    try:
        source = bytes(program).decode("utf-8")
        linecache.cache[FILE] = (len(source), None, source.splitlines(keepends=True), FILE)
        module = types.ModuleType(MODULE)
        sys.modules[MODULE] = module
        exec(compile(source, FILE, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 the sandbox is for this
        _Task.entry = getattr(module, entry)
        _Task.output_bytes = output_bytes
    except BaseException as error:
        return _failure(error)
    return b""


def call(argument: memoryview, seed: int) -> bytes:
    """Runs one task: decoded arguments in, encoded outcome out."""
    _reset(int(seed))
    try:
        result: bytes = values.dumps(_Task.entry(*values.loads(bytes(argument))))
        if len(result) > _Task.output_bytes:
            raise OutputLimitError(f"the result has {len(result)} bytes; the job allows {_Task.output_bytes}")
        return VALUE + result
    except BaseException as error:
        return _failure(error)


def _forget_javascript() -> None:
    """A program sees Python alone: the bridge to JavaScript would tell hosts apart. Not a wall (those are below it)."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if "pyodide" not in type(finder).__module__]
    for name in [*sys.modules, "js", "pyodide_js"]:
        if name.partition(".")[0] in ("js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core"):
            sys.modules[name] = None  # type: ignore[assignment]


def _reset(seed: int) -> None:
    """What the standard library remembers between tasks and a task could read."""
    random.seed(seed)
    uuid._node = uuid._last_timestamp = None  # type: ignore[attr-defined]
    tempfile._name_sequence = None  # type: ignore[attr-defined]
    decimal.setcontext(decimal.DefaultContext.copy())


def _failure(error: BaseException) -> bytes:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ in _PLAIN_MODULES else f"{kind.__module__}.{kind.__qualname__}"
    told: bytes = msgpack.packb([_clean(name, 200), _message(error), _traceback(error)])
    return ERROR + told


def _message(error: BaseException) -> str:
    try:
        return _clean(str(error), MAX_MESSAGE_CHARS)
    except BaseException:
        return "<the message could not be made>"


def _traceback(error: BaseException) -> str:
    """The traceback without our own frames: the requester sees the lines of the function that was sent."""
    try:
        told = traceback.TracebackException.from_exception(error, limit=-MAX_TRACEBACK_FRAMES, compact=True)
        _cut(told)
        return _clean("".join(told.format()), MAX_TRACEBACK_CHARS)
    except BaseException:
        return "<the traceback could not be made>"


def _cut(told: traceback.TracebackException) -> None:
    """Keeps the task's own frames, in the exceptions behind this one and inside it too."""
    pending, seen = [told], set()
    while pending:
        one = pending.pop()
        if id(one) not in seen:
            seen.add(id(one))
            one.stack[:] = [frame for frame in one.stack if frame.filename == FILE]
            pending += filter(None, [one.__cause__, one.__context__, *(one.exceptions or ())])


def _clean(text: str, limit: int) -> str:
    """Text that any decoder accepts (no lone surrogates), cut in the middle when it is long."""
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    if len(text) <= limit:
        return text
    return f"{text[: limit // 2]}\n[... {len(text) - limit} characters ...]\n{text[-limit // 2 :]}"
