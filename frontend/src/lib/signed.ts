/** A number with its sign, as of points that are added or taken away: `+1,284`, `−5`, `0`. */
export function signed(value: number, number: (value: number) => string): string {
  const sign = value > 0 ? "+" : value < 0 ? "−" : "";
  return sign + number(Math.abs(value));
}
