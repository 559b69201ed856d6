// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Job, JobPage } from "../../api";
import { client } from "../../api/generated/client.gen";
import { CancelDialog, jobKey, LISTS } from "./cancel";

const job = { id: "a", name: "Lattice", state: "running", total: 10, verified: 4, failed: 1, waiting: "" } as Job;
const other = { ...job, id: "b" } as Job;

let queries: QueryClient;
let answer: (answer: Response) => void;

beforeEach(() => {
  queries = new QueryClient();
  queries.setQueryData<Job>(jobKey("a"), job);
  queries.setQueryData<JobPage>([...LISTS, {}], { items: [job, other], next_cursor: null });
  client.setConfig({ baseUrl: "http://here", fetch: () => new Promise((resolve) => (answer = resolve)) });
});
afterEach(cleanup);

function states(): (string | undefined)[] {
  const items = queries.getQueryData<JobPage>([...LISTS, {}])?.items ?? [];
  return [queries.getQueryData<Job>(jobKey("a"))?.state, ...items.map(({ state }) => state)];
}

async function cancel(): Promise<void> {
  render(
    <QueryClientProvider client={queries}>
      <CancelDialog job={job} onClose={() => undefined} />
    </QueryClientProvider>,
  );
  expect(screen.getByText(/has 5 open tasks/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Cancel the job" }));
  await waitFor(() => expect(states()).toEqual(["cancelled", "cancelled", "running"]));
  await waitFor(() => expect(answer).toBeTypeOf("function"));
}

describe("cancelling a job", () => {
  it("shows before the coordinator has answered", async () => {
    await cancel();
    answer(Response.json({ ...job, state: "cancelled", verified: 5 }));
    await waitFor(() => expect(queries.getQueryData<Job>(jobKey("a"))?.verified).toBe(5));
  });

  it("is taken back when the coordinator refuses", async () => {
    await cancel();
    answer(Response.json({ code: "unavailable", detail: "busy", hint: "wait" }, { status: 503 }));
    await waitFor(() => expect(states()).toEqual(["running", "running", "running"]));
  });
});
