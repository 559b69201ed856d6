import { expect, it } from "vitest";
import { countryName, platformWords, runtimeWords } from "./device";

it("says what a device is without the spelling of machines", () => {
  expect(platformWords("browser Chrome 156 Linux")).toBe("Chrome 156, Linux");
  expect(platformWords("linux-x86_64")).toBe("Linux x86_64");
  expect(platformWords("Darwin-arm64")).toBe("macOS arm64");
  expect(platformWords("plan9-mips")).toBe("plan9 mips");
  expect(platformWords(null)).toBe("");
});

it("names runtimes once, and unknown ones as they call themselves", () => {
  expect(runtimeWords(["pyodide-314.0.7-1e775634", "pyodide-313", "wasm-1", "cuda-2"])).toEqual([
    "Python",
    "WebAssembly",
    "cuda-2",
  ]);
});

it("names countries in the reader's language", () => {
  expect(countryName("DE", "en")).toBe("Germany");
  expect(countryName("DE", "de")).toBe("Deutschland");
  expect(countryName("", "de")).toBe("");
});
