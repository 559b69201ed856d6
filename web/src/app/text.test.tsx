// @vitest-environment happy-dom
import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { bestLocale } from "./locale";
import { messages, textIn } from "./text";

const all = messages({
  en: { rows: "{count, plural, one {# row} other {# rows}}", more: "Read <link>the <b>rules</b></link> first" },
  de: { rows: "{count, plural, one {# Zeile} other {# Zeilen}}", more: "Erst <link>die <b>Regeln</b></link> lesen" },
});

describe("messages", () => {
  it("count as each language does", () => {
    expect(textIn(all, "en")("rows", { count: 1 })).toBe("1 row");
    expect(textIn(all, "de")("rows", { count: 1200 })).toBe("1.200 Zeilen");
  });

  it("hold elements, which stay links", () => {
    const link = (parts: React.ReactNode) => <a href="/rules">{parts}</a>;
    render(<p>{textIn(all, "en").rich("more", { link, b: (parts) => <b>{parts}</b> })}</p>);
    expect(screen.getByRole("link", { name: "the rules" }).innerHTML).toBe("the <b>rules</b>");
  });

  it("know their keys, so that a code of the coordinator can be looked up", () => {
    expect(textIn(all, "en").has("rows")).toBe(true);
    expect(textIn(all, "en").has("toString")).toBe(false);
  });
});

describe("the language", () => {
  it("is the first of the reader's that there is", () => expect(bestLocale(["fr", "de-AT", "en"])).toBe("de"));
  it("is English for all others", () => expect(bestLocale(["fr"])).toBe("en"));
});
