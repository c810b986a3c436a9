import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { sourceFiles } from "./keys";

const src = join(import.meta.dirname, "..");
const rooms = ["lib", "ui", "api", "features", "routes"];

function imports(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(/from "@\/([^"]+)"|import\("@\/([^"]+)"\)/g)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
}

function roomOf(path: string): string {
  const [room = "", feature = ""] = path.split("/");
  return room === "features" ? `features/${feature}` : room;
}

const edges = sourceFiles(src).flatMap((file) => {
  const from = relative(src, file);
  return imports(file).map((to) => ({ from, to }));
});

test("features do not import other features, except the records room they extend", () => {
  const wrong = edges.filter(
    ({ from, to }) =>
      from.startsWith("features/") &&
      to.startsWith("features/") &&
      roomOf(to) !== "features/records" &&
      roomOf(from) !== roomOf(to),
  );
  expect(wrong).toEqual([]);
});

test("ui and lib know nothing of features or routes", () => {
  const wrong = edges.filter(
    ({ from, to }) =>
      ["ui", "lib", "api"].includes(roomOf(from)) &&
      rooms.slice(3).some((room) => to.startsWith(`${room}/`)),
  );
  expect(wrong).toEqual([]);
});

test("files stay under 500 lines", () => {
  const long = sourceFiles(src).filter(
    (file) => readFileSync(file, "utf8").split("\n").length > 500,
  );
  expect(long.map((file) => relative(src, file))).toEqual([]);
});
