import { ApiError } from "../../api";
import { LOCALES, type Locale } from "../../app/locale";
import type { Theme } from "../../app/theme";

/** One document of an account, which other devices and newer pages may have written too. */
export interface Kept {
  readonly version: number;
  readonly document: Readonly<Record<string, unknown>>;
}

export interface Looks {
  readonly locale?: Locale;
  readonly theme?: Theme;
}

export interface Store {
  read(): Promise<Kept>;
  /** Refused with a conflict when `kept` is no longer what is stored. */
  write(kept: Kept): Promise<Kept>;
}

const TRIES = 4;

/** What a document says about how pages look; whatever makes no sense here is left out. */
export function looksOf(document: Kept["document"]): Looks {
  const { locale, theme } = document;
  return {
    ...(LOCALES.includes(locale as Locale) && { locale: locale as Locale }),
    ...((theme === "light" || theme === "dark" || theme === "system") && { theme }),
  };
}

/**
 * Writes one change into the document as it is now. Somebody else was faster: the change is made to what they wrote, so
 * that neither is lost.
 */
export async function keep(store: Store, change: Looks): Promise<Kept> {
  for (let tries = 1; ; tries++) {
    const kept = await store.read();
    try {
      return await store.write({ version: kept.version, document: { ...kept.document, ...change } });
    } catch (error) {
      if (!isConflict(error) || tries === TRIES) throw error;
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.code === "preferences_changed";
}
