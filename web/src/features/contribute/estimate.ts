/** What the owner pays for electricity while the device works. */
export interface Power {
  /** More than the device takes when it does nothing. */
  readonly watts: number;
  readonly microsPerKwh: number;
}

export interface Estimate {
  readonly earnedMicros: number;
  readonly electricityMicros: number;
  readonly leftMicros: number;
}

/** What so many cores earn in so many hours at the price that this network really paid. */
export function estimate(microsPerCoreHour: number, cores: number, hours: number, power: Power): Estimate {
  const earnedMicros = Math.round(microsPerCoreHour * cores * hours);
  const electricityMicros = Math.round((power.watts / 1_000) * hours * power.microsPerKwh);
  return { earnedMicros, electricityMicros, leftMicros: earnedMicros - electricityMicros };
}

const NO_POWER: Power = { watts: 0, microsPerKwh: 0 };

export function parsePower(kept: string | null): Power {
  try {
    const found: unknown = JSON.parse(kept ?? "null");
    const { watts, microsPerKwh } = (found ?? {}) as Record<keyof Power, unknown>;
    return amount(watts) && amount(microsPerKwh) ? { watts, microsPerKwh } : NO_POWER;
  } catch {
    return NO_POWER;
  }
}

function amount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** A number as people write it, with a point or a comma; undefined when it is none. */
export function parseAmount(text: string): number | undefined {
  const plain = text.trim().replace(",", ".");
  if (plain === "") return 0;
  return /^\d{1,6}(\.\d{0,6})?$/.test(plain) ? Number(plain) : undefined;
}

/** The same the other way; nothing for zero. */
export function amountText(value: number, locale: string): string {
  return value === 0
    ? ""
    : new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 6 }).format(value);
}
