import { describe, expect, it } from "vitest";
import { ApiError } from "../../api/problem";
import { faultOf, fieldOf } from "./check";
import { loginSearch } from "./search";

const ada = { email: "ada@example.org", password: "correct horse", name: "" };

describe("what is said before the coordinator is asked", () => {
  it("has nothing against a full form", () => expect(faultOf(ada, true)).toBeUndefined());

  it("names the first empty field", () => {
    expect(faultOf({ ...ada, email: " ", password: "" }, false)).toEqual({ field: "email", key: "emailMissing" });
  });

  it("counts characters as the coordinator does: what is two units of UTF-16 is one character", () => {
    expect(faultOf({ ...ada, password: "🦊🦊🦊🦊🦊" }, true)).toMatchObject({ key: "passwordShort", left: 3 });
    expect(faultOf({ ...ada, password: "🦊🦊🦊🦊🦊🦊🦊🦊" }, true)).toBeUndefined();
  });

  it("lets an old short password in at the login: only the coordinator knows", () => {
    expect(faultOf({ ...ada, password: "short" }, false)).toBeUndefined();
  });
});

it("ties the coordinator's answers to fields, and leaves the others to the form", () => {
  const answered = (code: string) => new ApiError({ code, status: 409, message: "no" });
  expect(fieldOf(answered("email_taken"))).toBe("email");
  expect(fieldOf(answered("credentials_invalid"))).toBeUndefined();
});

it("goes on to pages of this app only, whoever made the link", () => {
  const next = (text: unknown) => loginSearch.parse({ next: text }).next;
  expect(next("/jobs?q=x#top")).toBe("/jobs?q=x#top");
  for (const other of ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "jobs", 7]) {
    expect(next(other)).toBeUndefined();
  }
});
