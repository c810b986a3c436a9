/** A heading of the guide, and the fragment of an address that leads to it. */
export interface GuidePart {
  id: string;
  title: string;
}

/** The guide as the page draws it. */
export interface Guide {
  title: string;
  parts: GuidePart[];
  /** In Markdown, without the title and without the table of contents, which the page makes itself. */
  text: string;
}

/** The fragment of a heading as code hosts make it, so that the links of the guide lead the same way here and there. */
export function fragmentOf(title: string): string {
  return title
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

const isContents = (paragraph: string) => /\]\(#[^)]*\) · \[/.test(paragraph);

/** Takes a guide apart: one title, parts under `##`. */
export function readGuide(markdown: string): Guide {
  const [, title = ""] = /^# (.+)$/m.exec(markdown) ?? [];
  const parts = [...markdown.matchAll(/^## (.+)$/gm)].map(([, name = ""]) => ({
    id: fragmentOf(name),
    title: name,
  }));
  const text = markdown
    .replace(/^# .+$/m, "")
    .split(/\n{2,}/)
    .filter((paragraph) => !isContents(paragraph))
    .join("\n\n")
    .trim();
  return { title, parts, text };
}

const urls: Record<string, string> = import.meta.glob(
  "../../../../docs/images/{home.en-dark,board.phone,lead.phone,home.zh-light,lead.zh-light,convert.zh-light,board.zh-light,why-this-score.zh-light,why-this-score.en-dark}.png",
  { query: "?url", import: "default", eager: true },
);

/** Where the picture is that the guide calls `../images/home.en-dark.png`; it must be among those named above. */
export function pictureOf(path: string): string | undefined {
  return urls[path.replace(/^\.\.\/images\//, "../../../../docs/images/")];
}
