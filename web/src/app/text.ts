import { type FormatXMLElementFn, IntlMessageFormat, type PrimitiveType } from "intl-messageformat";
import { createElement, Fragment, type ReactNode, useMemo } from "react";
import { type Locale, useLocale } from "./locale";

/** Messages of one feature in ICU syntax. A key that one language lacks is a type error. */
export interface Messages<K extends string> {
  readonly en: Readonly<Record<K, string>>;
  readonly de: Readonly<Record<K, string>>;
}

export type Values = Readonly<Record<string, PrimitiveType>>;
export type RichValues = Readonly<Record<string, PrimitiveType | ReactNode | ((parts: ReactNode) => ReactNode)>>;

export interface Text<K extends string> {
  (key: K, values?: Values): string;
  /** With elements: `{name}` may be one, and `<link>word</link>` calls `link(["word"])`. */
  rich(key: K, values: RichValues): ReactNode;
  /** Whether there is a message of that name: for keys that come from the coordinator. */
  has(key: string): key is K;
}

export function messages<const E extends Record<string, string>>(all: {
  en: E;
  de: { readonly [K in keyof E]: string };
}): Messages<keyof E & string> {
  return all;
}

export function useText<K extends string>(all: Messages<K>): Text<K> {
  const locale = useLocale();
  return useMemo(() => textIn(all, locale), [all, locale]);
}

/** The same outside React. */
export function textIn<K extends string>(all: Messages<K>, locale: Locale): Text<K> {
  const found = all[locale];
  const plain = (key: K, values?: Values) => String(formatted(found[key], locale, values));
  return Object.assign(plain, {
    rich: (key: K, values: RichValues) => formatted(found[key], locale, joined(values)),
    has: (key: string): key is K => Object.hasOwn(found, key),
  });
}

type Fillings = Record<string, PrimitiveType | ReactNode | FormatXMLElementFn<ReactNode, ReactNode>>;

/** What is between `<link>` and `</link>` comes as a list. */
function joined(values: RichValues): Fillings {
  const filled = Object.entries(values).map(([name, value]) => {
    return [name, typeof value === "function" ? (parts: ReactNode[]) => value(together(parts)) : value];
  });
  return Object.fromEntries(filled) as Fillings;
}

/** Parts of a sentence never change places, so they need no keys. */
function together(parts: ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...parts);
}

const parsed = new Map<string, IntlMessageFormat>();

function formatted(message: string, locale: Locale, values?: Fillings): ReactNode {
  const key = `${locale}:${message}`;
  let format = parsed.get(key);
  if (!format) {
    format = new IntlMessageFormat(message, locale);
    parsed.set(key, format);
  }
  const made = format.format<ReactNode>(values as Record<string, PrimitiveType | FormatXMLElementFn<ReactNode>>);
  return Array.isArray(made) ? together(made) : made;
}
