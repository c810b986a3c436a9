import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Every source file under a folder, tests left out. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|\.d\.ts$/.test(name))
    .map((name) => join(folder, name));
}

/** The keys of one language as `namespace:path.to.key`, plural endings removed. */
export function translationKeys(folder: string): Set<string> {
  const keys = new Set<string>();
  const walk = (value: unknown, path: string) => {
    if (typeof value === "string") keys.add(path.replace(/_(zero|one|two|few|many|other)$/, ""));
    else for (const [name, inner] of Object.entries(value ?? {})) walk(inner, `${path}.${name}`);
  };
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const namespace = file.replace(".json", "");
    const content: unknown = JSON.parse(readFileSync(join(folder, file), "utf8"));
    for (const [name, value] of Object.entries(content ?? {})) walk(value, `${namespace}:${name}`);
  }
  return keys;
}

/** The keys the sources name: literally, or as the start of a template or of a key put together later. */
export function usedKeys(files: string[], namespaces: string[]) {
  const literal = new Set<string>();
  const prefixes = new Set<string>();
  const pattern = new RegExp(`["'\`]((?:${namespaces.join("|")}):[\\w.-]*)(\\$\\{)?`, "g");
  for (const file of files) {
    for (const [, key, isTemplate] of readFileSync(file, "utf8").matchAll(pattern)) {
      if (key === undefined) continue;
      if (key.endsWith(":") && !isTemplate) continue;
      if (isTemplate || key.endsWith(".")) prefixes.add(key);
      else literal.add(key);
    }
  }
  return { literal, prefixes };
}
