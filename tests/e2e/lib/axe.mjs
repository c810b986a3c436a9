import assert from "node:assert/strict";
import axe from "axe-core";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

function inWords({ id, impact, help, nodes }) {
  const places = nodes.slice(0, 5).map((node) => `    ${node.target.join(" ")}\n      ${node.failureSummary}`);
  return `${id} (${impact}): ${help}\n${places.join("\n")}`;
}

/**
 * Without what axe takes for half covered and nobody sees at all: of an entry that was scrolled under the head of its list
 * it counts the part above the head, which the list cuts off.
 */
function withoutUnseen(violations) {
  const isSeen = ({ target: [selector] }) => {
    const element = document.querySelector(selector);
    const { left, top, width, height } = element.getBoundingClientRect();
    const parts = [0.05, 0.25, 0.5, 0.75, 0.95];
    const isHit = (x, y) => element.contains(document.elementFromPoint(left + width * x, top + height * y));
    return parts.some((x) => parts.some((y) => isHit(x, y)));
  };
  const isHalfCovered = ({ any }) => any.some(({ data }) => data?.messageKey?.startsWith("partiallyObscured"));
  const kept = (nodes) => nodes.filter((node) => !isHalfCovered(node) || isSeen(node));
  return violations.map((one) => ({ ...one, nodes: kept(one.nodes) })).filter(({ nodes }) => nodes.length > 0);
}

/** Fails unless axe finds nothing wrong with the page as it stands. */
export async function checkAccessibility(page, name) {
  // Colours in motion are measured as neither the old nor the new.
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== "running"));
  await page.evaluate(axe.source);
  const found = await page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }),
    STANDARDS,
  );
  const violations = found.violations.length > 0 ? await page.evaluate(withoutUnseen, found.violations) : [];
  assert.equal(violations.length, 0, `axe on ${name}:\n${violations.map(inWords).join("\n")}`);
}
