import { describe, test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { openPage } from "../lib/browser.mjs";
import { lookAt } from "../lib/look.mjs";
import { LOOKS } from "../lib/looks.mjs";
import { stage } from "../lib/stage.mjs";

const here = stage();
// The manager's pages are the fullest; only the administrator may see every section of the settings.
const [AS, ADMIN] = ["manager@example.com", "admin@example.com"];
const SECTIONS = ["profile", "notifications", "organisation", "people", "teams", "roles", "pipelines", "statuses", "sources", "pools", "keys"];

/** The address of every screen behind the sign-in. */
async function screens(api) {
  const page = async (type, filter) => {
    const { data } = await api.get(`/${type}?limit=1&filter=${encodeURIComponent(filter)}`);
    return `/${type}/${data[0].id}`;
  };
  const customer = await page("customers", "lifecycle = \"active\"");
  return {
    home: "/",
    tasks: "/tasks",
    "calendar-month": "/calendar?view=month",
    "calendar-week": "/calendar?view=week",
    "calendar-day": "/calendar?view=day",
    leads: "/leads",
    lead: await page("leads", "status_category = \"converted\""),
    customers: "/customers",
    "customers-pool": "/customers?view=pool",
    "customers-soon": "/customers?view=soon",
    customer,
    peek: `/customers?peek=${customer.split("/").at(-1)}`,
    contacts: "/contacts",
    contact: await page("contacts", "customer_id IS NOT NULL"),
    opportunities: "/opportunities",
    opportunity: await page("opportunities", "category = \"open\""),
    board: "/opportunities/board",
    "board-ends": "/opportunities/board?ends=1",
    nowhere: "/nowhere",
  };
}

const settings = Object.fromEntries(SECTIONS.map((section) => [`settings-${section}`, `/settings/${section}`]));

/** The heading comes with the code of a page, after its address. */
async function lookAtPage(view, name) {
  await view.page.locator("h1").first().waitFor();
  await lookAt(view, name);
}

async function walk(context, look, as, places) {
  const view = await openPage(here.browser, here.server, { look, as });
  for (const [name, path] of Object.entries(places)) {
    await context.test(name, async () => {
      await view.page.goto(path);
      await lookAtPage(view, name);
    });
  }
  await view.done();
}

describe("in every look", { concurrency: true }, () => {
  for (const look of Object.keys(LOOKS)) {
    test(`every screen is in order: ${look}`, async (context) => {
      await walk(context, look, AS, await screens(await apiAs(here.server, AS)));
      await walk(context, look, ADMIN, settings);
    });

    test(`the page before the sign-in is in order: ${look}`, async () => {
      const view = await openPage(here.browser, here.server, { look, as: null, path: "/sign-in" });
      await lookAtPage(view, "sign-in");
      await view.done();
    });
  }
});
