import { describe, expect, it } from "vitest";
import { functionsOf, masked, missingImports } from "./python";

const names = (source: string) => functionsOf(source).map(({ name }) => name);

describe("functions", () => {
  it("are those at the beginning of a line", () => {
    const source = `
import math
"""
def in_a_text(x): pass
"""
# def in_a_comment(x): pass
def first(x):
    def inside(y):
        return y
    return inside(x)

class Thing:
    def method(self): ...

@cache
def second (a: str = "def fake(", *, b=1) -> int: return 1
def größe(x): return x
`;
    expect(names(source)).toEqual(["first", "second", "größe"]);
  });

  it.each([
    ["", 0, 0],
    ["x", 1, 1],
    ["x, /, y=1", 1, 2],
    ["a: dict[str, int], b: tuple = (1, 2), *, c=3", 1, 2],
    ["*args, **options", 0, Number.POSITIVE_INFINITY],
    ['a, b="x, y"', 1, 2],
    ["a: int if 1 == 1 else str", 1, 1],
  ])("f(%s) takes %d to %d arguments", (parameters, fewest, most) => {
    expect(functionsOf(`def f(${parameters}):\n    pass`)).toMatchObject([{ fewest, most, parameters }]);
  });

  it("written over several lines", () => {
    expect(functionsOf("def f(\n    a,  # first\n    b,\n):\n    return a")).toMatchObject([{ fewest: 2, most: 2 }]);
  });

  it.each([
    ["async def f(x):\n    return x", "async"],
    ["def f(x):\n    yield x\n", "generator"],
    ["def f(x, *, y):\n    return x", "keywords"],
    ["def f(x):\n    def g():\n        yield x\n    return list(g())", undefined],
    ["def f(x):\n    return 1\ndef g():\n    yield 1", undefined],
  ])("%j: %s", (source, problem) => {
    expect(functionsOf(source)[0]?.problem).toBe(problem);
  });

  it("the last of a name counts, and an unfinished one does not", () => {
    expect(functionsOf("def f(a): pass\ndef f(a, b): pass\ndef g(")).toMatchObject([{ name: "f", fewest: 2 }]);
  });
});

it("imports beyond the standard library are named with their lines", () => {
  const source = `import math, numpy as np
from collections import Counter
import os.path, requests.sessions
'''
import hidden
'''
def f():
    from pandas import DataFrame
    from . import mine
    import numpy, _thread, subprocess`;
  expect(missingImports(source)).toEqual([
    { module: "numpy", line: 1 },
    { module: "requests", line: 3 },
    { module: "pandas", line: 8 },
    { module: ".", line: 9 },
    { module: "subprocess", line: 10 },
  ]);
});

it("masking keeps length and lines", () => {
  const source = 'a = "x#y"  # "z\nb = r\'\\\'\'\n"""one\ntwo""" + \'open\nc';
  const code = masked(source);
  expect(code.length).toBe(source.length);
  expect(code.split("\n").map((line) => line.trimEnd())).toEqual(["a =", "b = r", "", "       +", "c"]);
});
