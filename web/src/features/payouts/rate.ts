const NANOS = 9;

/** What one unit is worth, from thousand-millionths; exactly. */
export function perUnit(nanos: number): string {
  const digits = String(nanos).padStart(NANOS + 1, "0");
  const fraction = digits.slice(-NANOS).replace(/0+$/, "");
  return fraction ? `${digits.slice(0, -NANOS)}.${fraction}` : digits.slice(0, -NANOS);
}
