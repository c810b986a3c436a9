import assert from "node:assert/strict";
import { test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { openPage } from "../lib/browser.mjs";
import { stage } from "../lib/stage.mjs";
import { arrowTo, dialog, eventually } from "../lib/steps.mjs";
import { words } from "../lib/words.mjs";

const here = stage();
const t = words("zh-CN");

/** The element that has the focus. */
const focused = (page) => page.locator(":focus");

test("a lead is created and opened with the keyboard alone", async () => {
  const view = await openPage(here.browser, here.server);
  const { page } = view;
  const { keyboard } = page;
  await page.getByRole("heading", { level: 1 }).waitFor();

  await keyboard.press("g");
  await keyboard.press("l");
  await page.getByRole("grid", { name: t("records:plural.leads") }).waitFor();
  await keyboard.press("c");
  // Who knows the keys waits for nothing: what is typed before the dialog is there belongs to it.
  await keyboard.type("lh");
  const form = dialog(page, t("records:newOf.leads"));
  await form.waitFor();
  const first = form.locator("input:focus");
  await eventually("what was typed at once is in the first field", () => first.inputValue(), (typed) => typed === "lh");
  await keyboard.press("Control+a");
  await keyboard.type("令狐");
  await keyboard.press("Tab");
  await keyboard.type("文远");
  await keyboard.press("Tab");
  await keyboard.type("温州听涛进出口有限公司");
  await keyboard.press("Control+Enter");
  await form.waitFor({ state: "detached" });

  await keyboard.press("Control+k");
  await keyboard.press("m");
  await keyboard.press("x");
  const search = page.locator("input[role=combobox]:focus");
  await eventually("what was typed at once is searched for", () => search.inputValue(), (typed) => typed === "mx");
  await search.fill("令狐文远");
  await page.getByRole("option", { name: /令狐文远/ }).first().waitFor();
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "令狐文远" }).waitFor();
  await keyboard.press("Escape");

  const grid = page.getByRole("grid", { name: t("records:plural.leads") });
  await grid.getByRole("row").nth(2).waitFor();
  await keyboard.press("j");
  await keyboard.press("j");
  const name = await focused(page).getByRole("link").innerText();
  await keyboard.press("x");
  await page.getByText(t("bulk:selected_other", { count: 1 })).waitFor();
  await keyboard.press("x");
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 2, name: name.split("\n").at(-1) }).waitFor();
  await view.done();
});

test("a card is moved with the keyboard alone, and moved back", async () => {
  const view = await openPage(here.browser, here.server, { path: "/opportunities/board" });
  const { page } = view;
  const { keyboard } = page;
  const api = await apiAs(here.server, "sales@example.com");
  const column = (name) => page.getByRole("region", { name, exact: true });
  const first = column("初步接洽").locator("[data-board-card]").first();
  const id = await first.getAttribute("data-board-card");

  await first.focus();
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowUp");
  assert.equal(await focused(page).getAttribute("data-board-card"), id);
  await keyboard.press("m");
  await arrowTo(page, page.getByRole("menuitem", { name: "需求确认" }));
  await keyboard.press("Enter");
  await column("需求确认").locator(`[data-board-card="${id}"]`).waitFor();
  await page.waitForFunction((card) => document.activeElement?.dataset.boardCard === card, id);
  await eventually("moved", () => api.get(`/opportunities/${id}`), ({ stage }) => stage.name === "需求确认");

  await page.getByRole("button", { name: t("board:undo"), exact: true }).first().click();
  await column("初步接洽").locator(`[data-board-card="${id}"]`).waitFor();
  await view.done();
});
