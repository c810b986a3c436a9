import assert from "node:assert/strict";
import { words } from "./words.mjs";

const t = words("zh-CN");

/** Reads from the server until what it answers holds: a page may show a change before the server has written it. */
export async function eventually(what, read, holds) {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = await read();
    if (holds(found)) return found;
    assert.ok(Date.now() < deadline, `${what}: ${JSON.stringify(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The dialog that is open, by its title. */
export const dialog = (page, name) => page.getByRole("dialog", { name });

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
