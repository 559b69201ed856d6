import { session } from "../app/session";
import { client } from "./generated/client.gen";
import { asApiError } from "./problem";

/**
 * The coordinator's API for the pages: functions of the generated client that answer with data or throw ApiError.
 * A token that is refused is renewed once and the request sent again.
 */
client.setConfig({
  baseUrl: "",
  throwOnError: true,
  auth: () => (session.current() ? session.token() : undefined),
  fetch: withFreshToken,
});
client.interceptors.error.use((error, answer) => asApiError(error, answer));

async function withFreshToken(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const sent = request.headers.get("Authorization")?.replace(/^Bearer /, "");
  const again = sent ? request.clone() : undefined;
  const answer = await fetch(request);
  if (answer.status !== 401 || !sent || !again || !session.current()) return answer;
  again.headers.set("Authorization", `Bearer ${await session.token(sent)}`);
  return fetch(again);
}

export * from "./generated";
export { ApiError } from "./problem";
