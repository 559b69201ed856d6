import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/problem";

const RETRIES = 2;

/** One cache for the page. Only what may go away by itself is asked for again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < RETRIES && error instanceof ApiError && error.retryable,
    },
  },
});
