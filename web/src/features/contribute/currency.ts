import { useQuery } from "@tanstack/react-query";
import { paymentsSeries } from "../../api";

/** What this network pays in: asked once, for the node itself only counts millionths. */
export function useCurrency(): string {
  const { data } = useQuery({
    queryKey: ["currency"],
    queryFn: async ({ signal }) => (await paymentsSeries({ query: { hours: 1 }, signal })).currency,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? "usd";
}
