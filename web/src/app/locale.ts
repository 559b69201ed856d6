import { useSyncExternalStore } from "react";
import { Stored } from "./stored";

/** The language of the page: the reader's choice, else the first one of the browser's that we speak. */
export const LOCALES = ["en", "de"] as const;
export type Locale = (typeof LOCALES)[number];

const isLocale = (text: string | null | undefined): text is Locale => LOCALES.includes(text as Locale);

export function bestLocale(wanted: readonly string[]): Locale {
  return wanted.map((tag) => tag.toLowerCase().split("-")[0]).find(isLocale) ?? "en";
}

const locale = new Stored<Locale>("we1web.locale", (text) =>
  isLocale(text) ? text : bestLocale(globalThis.navigator?.languages ?? []),
);

export const currentLocale = locale.get;

export function setLocale(wanted: Locale): void {
  locale.set(wanted);
}

export function useLocale(): Locale {
  return useSyncExternalStore(locale.subscribe, locale.get);
}

/** Keeps `<html lang>` true from now on. */
export function followLocale(): void {
  const apply = () => {
    document.documentElement.lang = locale.get();
  };
  locale.subscribe(apply);
  apply();
}
