import type { Ref } from "@/api/types";

/** A part of a text in Markdown, as far as mentions are concerned. */
interface Part {
  type: string;
  value?: string;
  url?: string;
  children?: Part[];
}

const PERSON = "user:";

/** Whether an address names a person. */
export function isPerson(url: string): boolean {
  return url.toLowerCase().startsWith(PERSON);
}

/** The person an address names. */
export function personOf(url: string): string {
  return url.slice(PERSON.length);
}

/**
 * For react-markdown: `@[Name](user:…)` becomes one part with the present name in it. An address of a person
 * that is no mention, or of nobody who is known, is only the text it was given.
 */
export function mentionsIn(mentions: Ref[]) {
  const names = new Map(mentions.map(({ id, name }) => [id, name]));

  function partsOf(part: Part, before: Part | undefined): Part[] {
    if (part.type !== "link" || part.url === undefined || !isPerson(part.url)) return [walk(part)];
    const name = names.get(personOf(part.url));
    if (name === undefined || before?.type !== "text" || !before.value?.endsWith("@")) {
      return part.children ?? [];
    }
    before.value = before.value.slice(0, -1);
    return [{ ...part, children: [{ type: "text", value: `@${name}` }] }];
  }

  function walk(part: Part): Part {
    const { children } = part;
    if (!children) return part;
    part.children = children.flatMap((child, index) => partsOf(child, children[index - 1]));
    return part;
  }

  return (tree: Part) => {
    walk(tree);
  };
}
