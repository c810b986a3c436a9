import type { Rolldown } from "vite";

/**
 * Which modules travel together. Left alone, the bundler makes a file of every set of modules that the same pages
 * share: over a hundred files for one list, most of them a few hundred bytes that compress badly. Here each file is
 * what is first needed at one point of a visit, and nothing of what comes after it.
 */

type Graph = Rolldown.ChunkingContext;

const src = new URL("../src/", import.meta.url).pathname;
const pages = (...names: string[]) => names.map((name) => `${src}routes/${name}.lazy.tsx`);

const FIRST = pages("setup", "sign-in");
const FRAME = pages("app");
const HOME = pages("home");
const LIST = pages("list");
const OTHERS = pages("board", "calendar", "home", "record", "tasks", "trash");
const FLOATING = [`${src}ui/floating.ts`];

// These name everything their package has; what of it is used cannot be read from them.
const isCatalogue = (id: string) => /\/(lucide-react|date-fns)\//.test(id);

// Signs that only what is loaded late shows, though in several places: every first visit would carry them.
const LATE_ICONS = /icons\/(file(-[a-z-]+)?|layout-template|paperclip|presentation)\.m?js/;

function reach(starts: string[], graph: Graph): Set<string> {
  const seen = new Set<string>();
  const waiting = [...starts];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (seen.has(id) || isCatalogue(id)) continue;
    seen.add(id);
    waiting.push(...(graph.getModuleInfo(id)?.importedIds ?? []));
  }
  return seen;
}

type Rule = (id: string) => boolean;

function rulesOf(graph: Graph): Record<string, Rule> {
  const first = reach(FIRST, graph);
  const frame = reach(FRAME, graph);
  const home = reach(HOME, graph);
  const list = reach(LIST, graph);
  const others = reach(OTHERS, graph);
  const floating = reach(FLOATING, graph);
  return {
    // Of the pages before the sign-in, what is met again behind it.
    controls: (id) => first.has(id) && [frame, list, others, floating].some((set) => set.has(id)),
    // What home shows of records as the lists do comes with the frame: a file of its own for so little compresses badly.
    frame: (id) => frame.has(id) || (home.has(id) && list.has(id)),
    // What most pages about records have.
    records: (id) => others.has(id) && (list.has(id) || floating.has(id)),
    list: (id) => list.has(id),
    // Menus, popovers and tooltips, loaded right after the first paint; dialogs build on the same.
    floating: (id) => floating.has(id),
  };
}

let rules: Record<string, Rule> | undefined;

// A module goes to the first of these that takes it, so that every file needs only those before it.
const PARTS = ["controls", "frame", "records", "list", "floating"];

/** The files, for `rolldownOptions.output.codeSplitting.groups`. */
export const chunkGroups: Rolldown.CodeSplittingGroup[] = [
  { name: "vendor", tags: ["$initial"], test: /node_modules/, priority: 9 },
  // The entry itself stays apart, so that the manifest names it.
  {
    name: "base",
    tags: ["$initial"],
    test: (id) => !/index\.html|main\.tsx$/.test(id),
    priority: 8,
  },
  {
    name: "icons",
    test: (id) => id.includes("lucide-react") && !LATE_ICONS.test(id),
    minShareCount: 3,
    priority: 7,
  },
  ...PARTS.map((part, index) => ({
    debugName: part,
    name: (id: string, graph: Graph) => {
      rules ??= rulesOf(graph);
      return rules[part]?.(id) ? part : null;
    },
    priority: PARTS.length - index,
  })),
];
