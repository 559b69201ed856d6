import { encode } from "@msgpack/msgpack";
import { blobsHead, blobsPut, jobsAdd, jobsCancel, jobsCreate } from "../../api";
import { ApiError, unreachable } from "../../api/problem";
import type { Coordinator } from "./submission";

/** Smaller ones are sent as fast as they are asked for. */
const WORTH_ASKING_BYTES = 1 << 20;
const MSGPACK = { "Content-Type": "application/msgpack" };

/** The coordinator as a submission needs it. */
export const coordinator: Coordinator = {
  putBlob: async (digest, bytes) => {
    const path = { digest };
    if (bytes.length >= WORTH_ASKING_BYTES && (await isThere(digest))) return;
    await sent(() => blobsPut({ path, body: new File([bytes as Uint8Array<ArrayBuffer>], digest) }));
  },
  createJob: (order, key) => sent(() => jobsCreate({ body: order, headers: { "idempotency-key": key } })),
  addTasks: async (job, sequence, tasks, complete) => {
    const content = encode({ sequence, arguments: tasks, complete });
    const body = new Blob([content]) as unknown as Parameters<typeof jobsAdd>[0]["body"]; // described as JSON only
    await sent(() => jobsAdd({ path: { job_id: job }, body, bodySerializer: null, headers: MSGPACK }));
  },
  cancelJob: async (job) => {
    await sent(() => jobsCancel({ path: { job_id: job } }));
  },
};

async function isThere(digest: string): Promise<boolean> {
  try {
    await sent(() => blobsHead({ path: { digest } }));
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}

/** What the browser throws for a lost connection is no answer, and worth another try. */
async function sent<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw error instanceof TypeError ? unreachable(error) : error;
  }
}
