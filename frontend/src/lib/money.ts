const UNITS: Record<string, number> = { 千: 3, k: 3, K: 3, 万: 4, 萬: 4, m: 6, M: 6, 亿: 8, 億: 8 };

function shift(digits: string, places: number): string {
  const [whole = "", fraction = ""] = digits.split(".");
  const padded = fraction.padEnd(places, "0");
  const moved = `${whole}${padded.slice(0, places)}`.replace(/^(-?)0+(?=\d)/, "$1");
  const rest = padded.slice(places).replace(/0+$/, "");
  return rest === "" ? moved : `${moved}.${rest}`;
}

/** What amounts are usually in. */
export const CURRENCIES = [
  "CNY",
  "USD",
  "EUR",
  "GBP",
  "JPY",
  "HKD",
  "TWD",
  "SGD",
  "KRW",
  "AUD",
  "CAD",
];

/**
 * Reads what a person types for an amount: separators, a currency sign, 万, 亿, k and m.
 * Answers with a plain decimal string, or null when it cannot be read. Never uses floats.
 */
export function parseAmountInput(text: string): string | null {
  const compact = text.normalize("NFKC").replace(/[\s,_¥￥$€£]/g, "");
  const match = /^(-?\d+(?:\.\d+)?)([千万萬亿億kKmM]?)$/.exec(compact);
  if (!match) return null;
  const [, digits = "", unit = ""] = match;
  return unit === "" ? digits : shift(digits, UNITS[unit] ?? 0);
}

/** Groups the digits of a decimal string for editing; other text stays as it is. */
export function formatAmountInput(amount: string): string {
  const match = /^(-?\d+)(\.\d+)?$/.exec(amount);
  if (!match) return amount;
  const [, whole = "", fraction = ""] = match;
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return grouped + (/^\.0+$/.test(fraction) ? "" : fraction);
}
