import { expect, it } from "vitest";
import { describe } from "../app/errors";
import { ApiError, asApiError, readProblem } from "./problem";

it("a problem keeps its code, words and hint", async () => {
  const said = { code: "job_closed", hint: "make another", retryable: false };
  const answer = Response.json({ ...said, detail: "the job takes no more tasks" }, { status: 409 });
  expect(await readProblem(answer)).toMatchObject({ ...said, message: "the job takes no more tasks", status: 409 });
});

it("both shapes of GoTrue are understood", async () => {
  const old = Response.json({ code: 400, error_code: "weak_password", msg: "too short" }, { status: 422 });
  expect(await readProblem(old)).toMatchObject({ code: "weak_password", message: "too short" });
  const modern = Response.json({ code: "bad_jwt", message: "expired" }, { status: 403 });
  expect(await readProblem(modern)).toMatchObject({ code: "bad_jwt", message: "expired" });
});

it("an answer that is none of ours still says what to do", async () => {
  const error = await readProblem(new Response("<html>bad gateway", { status: 502 }));
  expect(error).toMatchObject({ code: "unavailable", retryable: true });
  expect(describe(error, "de").hint).toContain("noch einmal");
});

it("no answer at all is a connection that is lost, and worth another try", () => {
  expect(asApiError(new TypeError("Failed to fetch"), undefined)).toMatchObject({
    code: "unreachable",
    retryable: true,
  });
});

it("codes without words of the page speak the coordinator's", () => {
  const error = new ApiError({ code: "table_too_large", status: 422, message: "the table is too large", hint: "" });
  expect(describe(error, "en")).toEqual({ message: "The table is too large.", hint: "" });
});

it("a mistake of the page itself shows no internals", () => {
  expect(describe(new Error("x is undefined"), "en").message).toBe("This page has met an error of its own.");
});
