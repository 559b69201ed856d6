import { useMemo } from "react";
import { type Locale, useLocale } from "./locale";

/** Numbers, money, times and sizes as people of a language write them. Nothing here reads the clock. */
export interface Format {
  number(value: number, digits?: number): string;
  /** 12,300 → 12.3K. */
  compact(value: number): string;
  /** 0..1 */
  percent(share: number, digits?: number): string;
  /** Millionths of a unit of `currency`; small amounts keep the digits that matter. */
  money(micros: number, currency?: string): string;
  /** The same with every digit there is: where figures must add up. */
  exactly(micros: number, currency?: string): string;
  /** 2026-11-26 and the like: a day of nobody's time zone. */
  day(day: string): string;
  /** 2026-11. */
  month(month: string): string;
  bytes(count: number): string;
  duration(seconds: number): string;
  ago(then: number | Date, now: number): string;
  dateTime(then: number | Date | string): string;
  time(then: number | Date | string): string;
}

export function useFormat(): Format {
  const locale = useLocale();
  return useMemo(() => formatIn(locale), [locale]);
}

const MICROS = 1_000_000;
const FINEST = 6;
const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
const AGO_UNITS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

export function formatIn(locale: Locale): Format {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const short = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
  const plain = (options: Intl.NumberFormatOptions) => numberFormat(locale, options);
  return {
    number: (value, digits = 0) => plain({ maximumFractionDigits: digits }).format(value),
    compact: (value) => plain({ notation: "compact", maximumFractionDigits: 1 }).format(value),
    percent: (share, digits = 0) => plain({ style: "percent", maximumFractionDigits: digits }).format(share),
    money: (micros, currency = "usd") => money(locale, micros, currency),
    exactly: (micros, currency = "usd") => money(locale, micros, currency, FINEST),
    day: (day) => plainDay(locale, { dateStyle: "medium" }, day),
    month: (month) => plainDay(locale, { year: "numeric", month: "long" }, `${month}-01`),
    bytes: (count) => bytes(locale, count),
    duration: (seconds) => duration(locale, seconds),
    ago: (then, now) => {
      const seconds = (new Date(then).getTime() - now) / 1000;
      const [unit, size] = AGO_UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? (["second", 1] as const);
      return relative.format(Math.round(seconds / size), unit);
    },
    dateTime: (then) => short.format(new Date(then)),
    time: (then) => clock.format(new Date(then)),
  };
}

const made = new Map<string, Intl.NumberFormat>();

/** Making one costs a hundred times what using it does, and tables use thousands. */
function numberFormat(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  const found = made.get(key) ?? new Intl.NumberFormat(locale, options);
  made.set(key, found);
  return found;
}

function money(locale: Locale, micros: number, currency: string, finest?: number): string {
  const least = decimalsOf(currency);
  const size = Math.abs(micros);
  const digits = finest ?? (size === 0 || size >= MICROS ? least : size >= 10_000 ? 4 : FINEST);
  return numberFormat(locale, {
    style: "currency",
    currency: currency.toUpperCase(),
    minimumFractionDigits: least,
    maximumFractionDigits: Math.max(least, digits),
  }).format(micros / MICROS);
}

/** Places after the point of the currency's smallest coin: none for jpy, 3 for kwd. */
export function decimalsOf(currency: string): number {
  const style = { style: "currency", currency: currency.toUpperCase() } as const;
  return numberFormat("en", style).resolvedOptions().maximumFractionDigits ?? 2;
}

function plainDay(locale: Locale, options: Intl.DateTimeFormatOptions, day: string): string {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}

function bytes(locale: Locale, count: number): string {
  const step = count < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** step;
  const unit = BYTE_UNITS[step] ?? "byte";
  const digits = step === 0 || value >= 100 ? 0 : 1;
  return numberFormat(locale, { style: "unit", unit, maximumFractionDigits: digits }).format(value);
}

/** 0.4 s, 12 s, 3 min 4 s, 2 h 5 min, 3 d 4 h. */
function duration(locale: Locale, seconds: number): string {
  const part = (value: number, unit: string, digits = 0) =>
    numberFormat(locale, { style: "unit", unit, unitDisplay: "narrow", maximumFractionDigits: digits }).format(value);
  const pair = (size: number, large: string, smaller: number, small: string) => {
    const whole = Math.floor(seconds / size);
    const rest = Math.floor((seconds % size) / smaller);
    return rest > 0 ? `${part(whole, large)} ${part(rest, small)}` : part(whole, large);
  };
  if (seconds < 10) return part(seconds, "second", 1);
  if (seconds < 60) return part(Math.floor(seconds), "second");
  if (seconds < 3_600) return pair(60, "minute", 1, "second");
  if (seconds < 86_400) return pair(3_600, "hour", 60, "minute");
  return pair(86_400, "day", 3_600, "hour");
}
