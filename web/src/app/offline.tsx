import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useText } from "./text";
import { words } from "./words";

function subscribe(listener: () => void): () => void {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}

/** Says so when the device has no connection. */
export function OfflineBar() {
  const t = useText(words);
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  if (online) return null;
  return (
    <p role="status" className="mb-4 flex items-center gap-2 rounded-md bg-warn-soft px-4 py-2.5 text-warn">
      <WifiOff aria-hidden className="size-4" />
      {t("offline")}
    </p>
  );
}
