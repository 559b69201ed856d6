import { Monitor, Moon, Sun } from "lucide-react";
import { IconButton } from "../components/button";
import { setLocale, useLocale } from "./locale";
import { useText } from "./text";
import { setTheme, useTheme } from "./theme";
import { words } from "./words";

const NEXT = { system: "light", light: "dark", dark: "system" } as const;
const SIGNS = { system: Monitor, light: Sun, dark: Moon };

/** Colours and language, wherever the reader is. */
export function Switches() {
  const t = useText(words);
  const theme = useTheme();
  const locale = useLocale();
  const Sign = SIGNS[theme];
  return (
    <div className="flex items-center">
      <IconButton label={t("theme", { theme })} onClick={() => setTheme(NEXT[theme])}>
        <Sign aria-hidden className="size-4.5" />
      </IconButton>
      <IconButton
        lang={locale === "en" ? "de" : "en"}
        label={t("language")}
        onClick={() => setLocale(locale === "en" ? "de" : "en")}
      >
        <span aria-hidden className="font-semibold text-xs">
          {t("languageName")}
        </span>
      </IconButton>
    </div>
  );
}
