import assert from "node:assert/strict";
import { words } from "./words.mjs";

const t = words("zh-CN");

/**
 * Reads from the server until what it answers holds: a page may show a change before the server has written it. What
 * the server does by itself, now and then, is waited for `within` more milliseconds.
 */
export async function eventually(what, read, holds, within = 30_000) {
  const deadline = Date.now() + within;
  for (;;) {
    const found = await read();
    if (holds(found)) return found;
    assert.ok(Date.now() < deadline, `${what}: ${JSON.stringify(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The dialog that is open, by its title. */
export const dialog = (page, name) => page.getByRole("dialog", { name });

/** Waits until no part of the page is being read any more, so that nothing moves from under a click. */
export const nothingIsRead = (page) => page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });

/**
 * Presses arrow down in an open list or menu until `wanted` has the focus. The focus moves a moment after the key, so
 * a key pressed sooner than that may be lost; each press waits for its move.
 */
export async function arrowTo(page, wanted) {
  await wanted.waitFor();
  const chosen = wanted.and(page.locator(":focus"));
  for (let step = 0; step < 40; step += 1) {
    if ((await chosen.count()) > 0) return;
    const before = await page.evaluateHandle(() => document.activeElement);
    await page.keyboard.press("ArrowDown");
    const moved = page.waitForFunction((at) => document.activeElement !== at, before, { timeout: 1_000 });
    await moved.catch((problem) => assert.equal(problem.name, "TimeoutError", problem));
  }
  assert.fail(`arrow down never came to ${wanted}`);
}

/** Opens the palette, types, and answers with its options once they have come. */
export async function search(page, text) {
  await page.keyboard.press("Control+k");
  const box = page.getByRole("combobox", { name: t("shell:searchOrCommand") });
  await box.fill(text);
  return page.getByRole("group", { name: t("shell:records") }).getByRole("option");
}

/** Fills the quick create dialog, field by field, and answers with it. */
export async function fillQuickCreate(page, type, fields) {
  const form = dialog(page, t(`records:newOf.${type}`));
  for (const [name, value] of Object.entries(fields)) {
    await form.getByRole("textbox", { name: t(`records:field.${name}`), exact: true }).fill(value);
  }
  return form;
}

/** Fills a call into the box of a record that is open; answers with the box and what is around it. */
export async function fillCall({ page, look }, t, said) {
  const composer = page.getByRole("region", { name: t("activities:composer") });
  const box = (kind) => composer.getByRole("textbox", { name: t(`activities:kinds.${kind}`), exact: true });
  await composer.waitFor();
  if (look === "phone") await box("note").click();
  else await page.keyboard.press("n");
  await composer.getByRole("button", { name: t("activities:kinds.call"), exact: true }).click();
  await box("call").fill(said);
  return { composer, box: box("call") };
}

/** The button of a list that claims a customer. */
export const claimOf = (page, t, name) =>
  page.getByRole("button", { name: `${t("records:pool.claim")}: ${name}`, exact: true });

/**
 * Claims a customer at once on several pages that show the pool, each a view with the words of its language as `t`;
 * answers, page by page, whether it was had.
 */
export async function claimAtOnce(views, name) {
  for (const { page, t, expectStatus } of views) {
    expectStatus(409);
    await claimOf(page, t, name).waitFor();
  }
  await Promise.all(views.map(({ page, t }) => claimOf(page, t, name).click()));
  const says = ({ page, t }, key) => page.getByText(t(key, { name })).first().waitFor();
  const outcome = (view) =>
    Promise.race([says(view, "pool:claimed").then(() => true), says(view, "pool:notClaimed").then(() => false)]);
  const outcomes = await Promise.all(views.map(outcome));
  for (const { page, t } of views) await claimOf(page, t, name).waitFor({ state: "detached" });
  return outcomes;
}

/** Drags with the mouse as a hand does: press, a few steps, release. */
export async function drag(page, from, to) {
  const start = await from.boundingBox();
  await page.mouse.move(start.x + start.width / 2, start.y + 12);
  await page.mouse.down();
  await page.mouse.move(start.x + start.width / 2 + 8, start.y + 24, { steps: 3 });
  const target = typeof to === "function" ? await to() : to;
  const end = await target.boundingBox();
  await page.mouse.move(end.x + end.width / 2, end.y + Math.min(end.height / 2, 200), { steps: 8 });
  await page.mouse.move(end.x + end.width / 2 + 2, end.y + Math.min(end.height / 2, 200) + 2, { steps: 2 });
  await page.mouse.up();
}
