/** What went wrong with a request, as the page needs it: RFC 9457 problems, GoTrue's errors and lost connections. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  readonly status: number;
  readonly hint: string;
  readonly retryable: boolean;

  constructor(found: { code: string; status: number; message: string; hint?: string; retryable?: boolean }) {
    super(found.message);
    this.code = found.code;
    this.status = found.status;
    this.hint = found.hint ?? "";
    this.retryable = found.retryable ?? false;
  }
}

export async function readProblem(answer: Response): Promise<ApiError> {
  return asApiError(await answer.json().catch(() => undefined), answer);
}

/** `body`: what the answer held, parsed where it could be. */
export function asApiError(body: unknown, answer: Response | undefined): ApiError {
  if (body instanceof ApiError) return body;
  if (!answer) return unreachable(body);
  const found = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const text = (...names: string[]) => names.map((name) => found[name]).find((value) => typeof value === "string");
  const busy = answer.status === 429 || answer.status >= 500;
  return new ApiError({
    code: String(text("code", "error_code") ?? (busy ? "unavailable" : "internal_error")),
    status: answer.status,
    message: String(text("detail", "message", "msg", "title") ?? `the coordinator answered ${answer.status}`),
    hint: String(text("hint") ?? ""),
    retryable: typeof found.retryable === "boolean" ? found.retryable : busy,
  });
}

export function unreachable(cause: unknown): ApiError {
  const error = new ApiError({
    code: "unreachable",
    status: 0,
    message: "the coordinator cannot be reached",
    hint: "check your connection and try again",
    retryable: true,
  });
  error.cause = cause;
  return error;
}
