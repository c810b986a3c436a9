/** What a page's address may hold after the question mark: text, or several texts of one name. */
export type SearchValues = Record<string, string | string[] | undefined>;

/** Reads `?status=new&status=working&q=云栖`; a repeated name becomes a list. */
export function parseSearch(text: string): SearchValues {
  const values: SearchValues = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const earlier = values[name];
    if (earlier === undefined) values[name] = value;
    else values[name] = Array.isArray(earlier) ? [...earlier, value] : [earlier, value];
  }
  return values;
}

/** Writes what `parseSearch` reads; empty values leave the address. */
export function stringifySearch(values: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null && item !== "") params.append(name, String(item));
    }
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/** The text of a parameter, unless it is empty or something else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Wraps a single value as a list, for a parameter that may be repeated. */
export function toList(value: unknown): string[] | undefined {
  if (Array.isArray(value)) return value.length > 0 ? value.map(String) : undefined;
  return typeof value === "string" && value !== "" ? [value] : undefined;
}
