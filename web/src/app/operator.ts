import { useQuery } from "@tanstack/react-query";
import { authSession } from "../api";
import { useSession } from "./session";

/** Whether to show what operators have. It grants nothing: the coordinator asks for itself each time. */
export function useIsOperator(): boolean {
  const account = useSession()?.user.id;
  const known = useQuery({
    queryKey: ["session", account],
    queryFn: ({ signal }) => authSession({ signal }),
    enabled: account !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return known.data?.is_operator ?? false;
}
