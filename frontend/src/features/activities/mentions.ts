import type { Ref } from "@/api/types";

/** A text as people type it, and who is meant by `@Name` in it. */
export interface Written {
  text: string;
  mentions: Ref[];
}

/** A mention as it is kept: `@[Name](user:…)`; brackets and backslashes of the name are escaped. */
const KEPT = /@\[((?:\\[\\[\]]|[^\\[\]\n])+)\]\(user:([0-9a-f-]{36})\)/gi;

const escaped = (name: string) => name.replace(/[\\[\]]/g, "\\$&");
const unescaped = (name: string) => name.replace(/\\([\\[\]])/g, "$1");
const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const marked = ({ id, name }: Ref) => `@[${escaped(name)}](user:${id})`;

/** Where a name in Latin letters ends: `@Amy` is not in `@Amyntas`. Chinese is written without blanks. */
const endOf = (name: string) => (/\w$/.test(name) ? "(?!\\w)" : "");

/** Whether a text mentions anybody. */
export function isMentioning(text: string): boolean {
  return text.search(KEPT) >= 0;
}

/** A kept text as people read it, with present names where they are known. */
export function readable(text: string, mentions: Ref[] = []): string {
  const names = new Map(mentions.map(({ id, name }) => [id, name]));
  return text.replace(
    KEPT,
    (_, name: string, id: string) => `@${names.get(id) ?? unescaped(name)}`,
  );
}

/** A kept text as it is edited. Who has the name of somebody before them stays as they are kept. */
export function toTyped(text: string, people: Ref[]): Written {
  const known = new Map(people.map((person) => [person.id, person]));
  const mentions: Ref[] = [];
  const typed = text.replace(KEPT, (whole, _name, id: string) => {
    const person = known.get(id);
    if (!person || !isFree(person, mentions)) return whole;
    if (!mentions.some((other) => other.id === id)) mentions.push(person);
    return `@${person.name}`;
  });
  return { text: typed, mentions };
}

/** Whether a name can stand for somebody in a text. */
function isFree({ id, name }: Ref, mentions: Ref[]): boolean {
  return mentions.every((other) => other.id === id || other.name !== name);
}

/** What was typed as it is kept. A name that was changed or broken up since is only text. */
export function toKept({ text, mentions }: Written): string {
  if (mentions.length === 0) return text;
  const byName = new Map(mentions.map((person) => [person.name, person]));
  // The longest first: `@Amy Liu` is not `@Amy` and a word.
  const names = [...byName.keys()]
    .sort((a, b) => b.length - a.length)
    .map((name) => `${literal(name)}${endOf(name)}`);
  const pattern = new RegExp(`(?<![\\w\\\\])@(${names.join("|")})`, "g");
  return text.replace(pattern, (whole, name: string) => {
    const person = byName.get(name);
    return person ? marked(person) : whole;
  });
}

/** The beginning of a mention: from where to where, and what was typed of the name. */
export interface Asked {
  from: number;
  to: number;
  query: string;
}

/** Whether somebody is being mentioned at the caret; an address with an @ in it is no mention. */
export function askedAt({ text, mentions }: Written, caret: number): Asked | null {
  const found = /(?:^|[^\w\\])[@＠]([^\s@＠[\]()]{0,30})$/.exec(text.slice(0, caret));
  if (!found) return null;
  const [, query = ""] = found;
  // Who stands there already is not looked for again.
  if (mentions.some(({ name }) => name === query)) return null;
  return { from: caret - query.length - 1, to: caret, query };
}

/** The text with somebody in the place of what was asked for, and where the caret goes. */
export function withMention({ text, mentions }: Written, asked: Asked, person: Ref) {
  const isNew = mentions.every(({ id }) => id !== person.id);
  const canBeTyped = isFree(person, mentions);
  const word = canBeTyped ? `@${person.name}` : marked(person);
  const after = text.slice(asked.to);
  const gap = /^[\s\p{P}]/u.test(after) ? "" : " ";
  const isBeforeBlank = gap !== "" || /^\s/.test(after);
  return {
    written: {
      text: `${text.slice(0, asked.from)}${word}${gap}${after}`,
      mentions: isNew && canBeTyped ? [...mentions, person] : mentions,
    },
    caret: asked.from + word.length + (isBeforeBlank ? 1 : 0),
  };
}
