import assert from "node:assert/strict";
import axe from "axe-core";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

function inWords({ id, impact, help, nodes }) {
  const places = nodes.slice(0, 5).map((node) => `    ${node.target.join(" ")}\n      ${node.failureSummary}`);
  return `${id} (${impact}): ${help}\n${places.join("\n")}`;
}

/** Fails unless axe finds nothing wrong with the page as it stands. */
export async function checkAccessibility(page, name) {
  // Colours in motion are measured as neither the old nor the new.
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== "running"));
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }),
    STANDARDS,
  );
  assert.equal(violations.length, 0, `axe on ${name}:\n${violations.map(inWords).join("\n")}`);
}
