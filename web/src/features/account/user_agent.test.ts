import { expect, test } from "vitest";
import { clientOf } from "./user_agent";

const AGENTS = [
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0",
    { program: "Edge", system: "Windows" },
  ],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0", { program: "Firefox", system: "Linux" }],
  [
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36",
    { program: "Chrome", system: "Android" },
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
    { program: "Safari", system: "iPhone" },
  ],
  ["python-httpx2/2.16.0", { program: "Python", system: "" }],
  ["", { program: "", system: "" }],
] as const;

test.each(AGENTS)("%s", (agent, client) => expect(clientOf(agent)).toEqual(client));
