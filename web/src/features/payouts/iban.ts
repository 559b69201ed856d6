/** An IBAN without the spaces that people read it by. */
export function plainIban(text: string): string {
  return text.replace(/\s/g, "").toUpperCase();
}

/** Whether it has the shape and the check digits of one; the coordinator knows the lengths of each country. */
export function looksLikeIban(iban: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return false;
  const turned = iban.slice(4) + iban.slice(0, 4);
  const digits = turned.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}
