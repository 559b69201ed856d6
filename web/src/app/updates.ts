import { registerSW } from "virtual:pwa-register";
import { toast } from "../components/toast";
import { currentLocale } from "./locale";
import { textIn } from "./text";
import { words } from "./words";

/** Installs the service worker, and asks before a new version takes over: it would end the work of this tab. */
export function watchForUpdates(): void {
  const update = registerSW({
    onNeedRefresh() {
      const t = textIn(words, currentLocale());
      toast(t("update"), { stays: true, action: { label: t("updateNow"), onPress: () => void update(true) } });
    },
  });
}
