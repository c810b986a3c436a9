import { describe, test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { checkAccessibility } from "../lib/axe.mjs";
import { openPage } from "../lib/browser.mjs";
import { stage } from "../lib/stage.mjs";
import { words } from "../lib/words.mjs";

const here = stage();
const t = words("zh-CN");
const field = (name) => t(`records:field.${name}`);
const editing = (name) => new RegExp(`^${t("common:editNamed", { name: field(name) })}`);
const accountOf = new RegExp(`^${t("shell:account", { name: "" })}|${t("shell:account", { name: "" })}$`);
const AS = "manager@example.com";

/** What floats over a page: where it is, what opens it, and what then must be there. */
async function layers() {
  const api = await apiAs(here.server, AS);
  const first = async (type, filter) => {
    const { data } = await api.get(`/${type}?limit=1&filter=${encodeURIComponent(filter)}`);
    return `/${type}/${data[0].id}`;
  };
  const contact = await first("contacts", "customer_id IS NOT NULL");
  const opportunity = await first("opportunities", 'category = "open"');
  const press = (name) => (page) => page.getByRole("button", { name, exact: typeof name === "string" }).first().click();
  return {
    "a menu": [contact, press(t("records:more")), "menu"],
    "the menu of the account": ["/customers", press(accountOf), "menu"],
    "a popover": ["/customers", press(t("common:columns")), "dialog"],
    "a list of choices": [contact, press(editing("decision_role")), "listbox"],
    "a search for a person": [contact, press(editing("owner_id")), "listbox"],
    "a calendar": [opportunity, press(editing("expected_close_on")), "dialog"],
    "a tooltip": [contact, (page) => page.getByRole("button", { name: t("records:copyNamed", { name: field("phone") }) }).or(page.getByRole("button", { name: t("records:next"), exact: true })).first().focus(), null],
  };
}

describe("what floats over a page stands in order too", () => {
  for (const look of ["zh-light", "phone"]) {
    test(`menus, popovers and lists of choices: ${look}`, async (context) => {
      const view = await openPage(here.browser, here.server, { look, as: AS });
      const { page } = view;
      for (const [name, [path, open, role]] of Object.entries(await layers())) {
        if (look === "phone" && (name.includes("account") || name === "a popover")) continue;
        await context.test(name, async () => {
          await page.goto(path);
          await page.locator("h1").first().waitFor();
          await page.waitForLoadState("networkidle");
          const facts = page.getByRole("tab", { name: t("records:facts") });
          if (await facts.isVisible()) await facts.click();
          await open(page);
          if (role) await page.getByRole(role).first().waitFor();
          await checkAccessibility(page, `${name}, ${look}`);
        });
      }
      await view.done();
    });
  }
});
