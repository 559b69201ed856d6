import type { Draft } from "./draft";

type Example = Pick<Draft, "source" | "entry" | "verifierEntry" | "form" | "text" | "file" | "spread" | "policy">;

const TEXT = { form: "lines", file: undefined, spread: false } as const;
const VALUES = { form: "json_lines", file: undefined, spread: true } as const;

/** Whole jobs to start from: a function and inputs that fit it. */
export const EXAMPLES = {
  factors: {
    ...VALUES,
    entry: "factorise",
    verifierEntry: "is_right",
    policy: "classic",
    source: `import math


def factorise(n):
    """The prime factors of n, smallest first."""
    factors, candidate = [], 2
    while candidate * candidate <= n:
        while n % candidate == 0:
            factors.append(candidate)
            n //= candidate
        candidate += 1
    return factors + [n] if n > 1 else factors


def is_right(n, factors):
    """Checks a result, far faster than finding it."""
    return math.prod(factors) == n
`,
    text: Array.from({ length: 40 }, (_, place) => String(1_000_000_007 * 3 + 1_234_567 * place)).join("\n"),
  },
  chance: {
    ...VALUES,
    entry: "inside",
    verifierEntry: "",
    policy: "classic",
    source: `import random


def inside(part, throws):
    """How many of so many random points of a square lie in its circle: 4 × inside / throws is about pi."""
    dice = random.Random(part)
    return sum(dice.random() ** 2 + dice.random() ** 2 < 1 for _ in range(throws))
`,
    text: Array.from({ length: 50 }, (_, part) => `[${part}, 200000]`).join("\n"),
  },
  words: {
    ...TEXT,
    entry: "count_words",
    verifierEntry: "",
    policy: "classic",
    source: `import re
from collections import Counter


def count_words(text):
    """The ten words that a text has most of."""
    words = re.findall(r"\\w+", text.lower())
    return Counter(words).most_common(10)
`,
    text: [
      "It was the best of times, it was the worst of times, it was the age of wisdom.",
      "All happy families are alike; each unhappy family is unhappy in its own way.",
      "Call me Ishmael. Some years ago, never mind how long precisely, I went to sea.",
    ].join("\n"),
  },
} satisfies Record<string, Example>;

export type ExampleName = keyof typeof EXAMPLES;
