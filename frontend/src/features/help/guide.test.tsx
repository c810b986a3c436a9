import { readFileSync } from "node:fs";
import { join } from "node:path";
import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderRouted } from "@/test/routed";
import { GuidePage } from "./GuidePage";
import { fragmentOf, pictureOf, readGuide } from "./guide";

const folder = join(import.meta.dirname, "../../../../docs/user");
const documentOf = (language: string) => readFileSync(join(folder, `${language}.md`), "utf8");
const languages = ["zh-CN", "en"] as const;

test("a heading is found under the fragment that code hosts give it", () => {
  expect(fragmentOf("Finding, filtering, many at once")).toBe("finding-filtering-many-at-once");
  expect(fragmentOf("查找、筛选与批量")).toBe("查找筛选与批量");
});

test("the title and the table of contents are left to the page", () => {
  const guide = readGuide(
    "# Guide\n\nFor all.\n\nContents: [One](#one) · [Two](#two)\n\n## One\nA\n\n## Two\nB\n",
  );
  expect(guide).toEqual({
    title: "Guide",
    parts: [
      { id: "one", title: "One" },
      { id: "two", title: "Two" },
    ],
    text: "For all.\n\n## One\nA\n\n## Two\nB",
  });
});

test.each(languages)("the guide in %s is one that the page can show", (language) => {
  const markdown = documentOf(language);
  const ids = readGuide(markdown).parts.map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(5);
  const wanted = [...markdown.matchAll(/\]\(#([^)]+)\)/g)].map(([, id]) => id);
  expect(wanted.filter((id) => id === undefined || !ids.includes(id))).toEqual([]);
  const pictures = [...markdown.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, path = ""]) => path);
  expect(pictures.filter((path) => pictureOf(path) === undefined)).toEqual([]);
  // The renderer knows neither tables nor HTML.
  expect(markdown).not.toMatch(/^\||^<[a-z]/m);
});

test.each(languages)("the page shows the guide in %s with its contents", async (language) => {
  await renderRouted(<GuidePage language={language} />);
  const { title, parts } = readGuide(documentOf(language));
  await screen.findByRole("heading", { level: 1, name: title });
  const contents = within(screen.getByRole("navigation", { name: "Contents" }));
  expect(contents.getAllByRole("link").map(({ textContent }) => textContent)).toEqual(
    parts.map((part) => part.title),
  );
  const headings = screen.getAllByRole("heading", { level: 2 });
  expect(headings.map(({ id }) => id)).toEqual(parts.map(({ id }) => id));
  expect(contents.getAllByRole("link")[1]?.getAttribute("href")).toBe(
    `/#${encodeURI(parts[1]?.id ?? "")}`,
  );
  for (const picture of screen.getAllByRole("img")) {
    expect(picture.getAttribute("src")).toMatch(/\/images\/.*\.png/);
    expect(picture.getAttribute("alt")).not.toBe("");
  }
  const other = language === "en" ? "中文" : "English";
  expect(screen.getByRole("link", { name: other }).getAttribute("href")).toMatch(
    /^\/help\?language=/,
  );
});
