import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { apiAs } from "../lib/api.mjs";
import { openPage } from "../lib/browser.mjs";
import { lookAt } from "../lib/look.mjs";
import { LOOKS } from "../lib/looks.mjs";
import { stage } from "../lib/stage.mjs";
import { arrowTo, dialog, eventually } from "../lib/steps.mjs";
import { words } from "../lib/words.mjs";

const here = stage();
const AS = "sales@example.com";

const button = (place, name) => place.getByRole("button", { name, exact: true });
const composerOf = (page, t) => page.getByRole("region", { name: t("activities:composer") });
const timelineOf = (page, t) => page.getByRole("region", { name: t("records:timeline") });
const ofLead = ({ id }) => `/activities?filter=${encodeURIComponent(`lead_id = "${id}"`)}`;

const quote = {
  name: "报价单 2026.pdf",
  mimeType: "application/pdf",
  buffer: Buffer.from("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"),
};
const picture = {
  name: "样品.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==",
    "base64",
  ),
};

/** Files in a folder of their own: the browser reads large ones from there at once. Answers with their places. */
function onDisk(contents) {
  const folder = mkdtempSync(join(tmpdir(), "rapport-files-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return Object.entries(contents).map(([name, content]) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  });
}

async function choose(page, composer, t, files) {
  const chooser = page.waitForEvent("filechooser");
  await button(composer, t("files:attach")).click();
  await (await chooser).setFiles(files);
}

/** What a hand does that drags a file from its desktop over an element and lets it go. */
async function dropOn(page, place, { name, type, text }, meanwhile) {
  const dataTransfer = await page.evaluateHandle(
    (file) => {
      const held = new DataTransfer();
      held.items.add(new File([file.text], file.name, { type: file.type }));
      return held;
    },
    { name, type, text },
  );
  await place.dispatchEvent("dragover", { dataTransfer });
  await meanwhile?.();
  await place.dispatchEvent("drop", { dataTransfer });
}

async function download(page, link) {
  const coming = page.waitForEvent("download");
  await link.click();
  return readFileSync(await (await coming).path());
}

/** The box of a record with a note begun in it. */
async function begin(page, t, look) {
  const composer = composerOf(page, t);
  const box = composer.getByRole("textbox", { name: t("activities:kinds.note"), exact: true });
  await composer.waitFor();
  if (look === "phone") await box.click();
  else await page.keyboard.press("n");
  await button(composer, t("files:attach")).waitFor();
  return { composer, box };
}

test("files are chosen and dropped, a lying one is refused; who sees the record has the same bytes, others have none", async () => {
  const t = words("zh-CN");
  const api = await apiAs(here.server, AS);
  const lead = await api.post("/leads", {
    family_name: "鲁",
    given_name: "青禾",
    company_name: "潍坊鸢都风筝有限公司",
  });
  const view = await openPage(here.browser, here.server, { as: AS, path: `/leads/${lead.id}` });
  const { page } = view;
  const { composer, box } = await begin(page, t);
  await box.fill("对方要的报价和样品照片");
  await choose(page, composer, t, [quote]);
  await button(composer, t("common:removeNamed", { name: quote.name })).waitFor();
  const dropped = { name: "会议记录.txt", type: "text/plain", text: "一、价格\n二、交期\n" };
  await dropOn(page, composer, dropped, () => composer.getByText(t("files:drop")).waitFor());
  await button(composer, t("common:removeNamed", { name: dropped.name })).waitFor();
  assert.equal(await composer.getByText(t("files:drop")).count(), 0);

  // A picture that calls itself a contract, an empty file and one that is too large: each says why at itself.
  view.expectStatus(422);
  const wrong = onDisk({ "合同.pdf": picture.buffer, "空.txt": "", "录像.mp4": Buffer.alloc(25 * 1024 * 1024 + 1) });
  await choose(page, composer, t, wrong);
  await composer.getByRole("alert").nth(2).waitFor();
  assert.equal(await composer.getByRole("alert").count(), 3);
  await lookAt(view, "attaching-refused");
  for (const name of ["合同.pdf", "空.txt", "录像.mp4"])
    await button(composer, t("common:removeNamed", { name })).click();

  // The draft keeps what has arrived.
  await page.reload();
  await button(composerOf(page, t), t("common:removeNamed", { name: quote.name })).waitFor();
  await composerOf(page, t)
    .getByRole("textbox", { name: t("activities:kinds.note"), exact: true })
    .press("Control+Enter");
  const files = timelineOf(page, t).getByRole("list", { name: t("files:attachments") });
  await files.first().waitFor();
  assert.deepEqual(
    await download(page, files.getByRole("link", { name: new RegExp(quote.name) })),
    quote.buffer,
  );
  assert.deepEqual(
    await download(page, files.getByRole("link", { name: new RegExp(dropped.name) })),
    Buffer.from(dropped.text),
  );

  const { data } = await api.get(ofLead(lead));
  assert.deepEqual(
    data[0].attachments.map(({ name }) => name),
    [quote.name, dropped.name],
  );
  const contentFor = async (email) => {
    const colleague = await openPage(here.browser, here.server, { as: email });
    const answer = await colleague.page.context().request.get(data[0].attachments[0].href);
    const body = await answer.body();
    await colleague.done();
    return { status: answer.status(), body };
  };
  const manager = await contentFor("manager@example.com");
  assert.equal(manager.status, 200);
  assert.deepEqual(manager.body, quote.buffer);
  assert.equal((await contentFor("sales2@example.com")).status, 404);

  // One is taken out in the form of the note, another put in.
  await button(timelineOf(page, t), t("activities:moreOf", { name: data[0].name })).click();
  await page.getByRole("menuitem", { name: t("activities:edit"), exact: true }).click();
  const form = dialog(page, t("common:editNamed", { name: t("activities:kinds.note") }));
  await button(form, t("common:removeNamed", { name: dropped.name })).click();
  await choose(page, form, t, [picture]);
  await button(form, t("records:edit.save")).click();
  await form.waitFor({ state: "detached" });
  await files.getByRole("link", { name: new RegExp(picture.name) }).waitFor();
  const after = await api.get(ofLead(lead));
  assert.deepEqual(
    after.data[0].attachments.map(({ name }) => name),
    [quote.name, picture.name],
  );
  await view.done();
});

test("what is pasted is attached; what is taken away again is gone at the server; saving waits for what is on its way", async () => {
  const t = words("en");
  const api = await apiAs(here.server, AS);
  const lead = await api.post("/leads", {
    family_name: "Okafor",
    given_name: "Ada",
    company_name: "Lagos Looms",
  });
  const view = await openPage(here.browser, here.server, {
    look: "en-dark",
    as: AS,
    path: `/leads/${lead.id}`,
  });
  const { page } = view;
  const { composer, box } = await begin(page, t);
  let sent;
  page.on("response", async (answer) => {
    if (answer.url().includes("/api/v1/files?") && answer.ok()) sent ??= await answer.json();
  });
  await box.evaluate((area) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(["pasted"], "clip.txt", { type: "text/plain" }));
    area.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
    );
  });
  await eventually(
    "it has arrived",
    async () => sent,
    (file) => file?.name === "clip.txt",
  );
  await button(composer, t("common:removeNamed", { name: "clip.txt" })).click();
  const found = () => api.send("GET", `/files/${sent.id}`);
  await eventually("it is thrown away", found, ({ status }) => status === 404);

  // The line is slow: the note is saved when the file is there, not before and not without it.
  let letGo;
  const held = new Promise((resolve) => {
    letGo = resolve;
  });
  await page.route("**/api/v1/files?*", async (route) => {
    await held;
    await route.continue();
  });
  await choose(page, composer, t, [picture]);
  await composer
    .getByRole("progressbar", { name: t("files:sending", { name: picture.name }) })
    .waitFor();
  await box.fill("The sample");
  await box.press("Control+Enter");
  await composer.getByText(t("files:sendingAll")).waitFor();
  assert.equal((await api.get(ofLead(lead))).data.length, 0);
  letGo();
  await timelineOf(page, t)
    .getByRole("link", { name: new RegExp(picture.name) })
    .waitFor();
  await view.done();
});

for (const look of Object.keys(LOOKS)) {
  test(`a call begins with a template and has files: ${look}`, async () => {
    const t = words(LOOKS[look].language);
    const api = await apiAs(here.server, AS);
    const lead = await api.post("/leads", {
      family_name: "孟",
      given_name: "一舟",
      company_name: "舟山群岛水产有限公司",
    });
    const view = await openPage(here.browser, here.server, {
      look,
      as: AS,
      path: `/leads/${lead.id}`,
    });
    const { page } = view;
    const { composer, box } = await begin(page, t, look);
    const menu = page.getByRole("menu");
    if (look === "phone") await button(composer, t("templates:menu")).click();
    else {
      await box.press("Escape");
      await page.keyboard.press("m");
    }
    const firstCall = menu.getByRole("menuitem", { name: /首次电话/ });
    await firstCall.waitFor();
    await lookAt(view, "template-menu");
    if (look === "phone") await firstCall.click();
    else {
      await arrowTo(page, firstCall);
      await page.keyboard.press("Enter");
    }
    const call = composer.getByRole("textbox", { name: t("activities:kinds.call"), exact: true });
    await call.waitFor();
    assert.match(await call.inputValue(), /^首次联系 孟一舟\n\*\*舟山群岛水产有限公司\*\*\n/);
    await choose(page, composer, t, [quote, picture]);
    await button(composer, t("common:removeNamed", { name: picture.name })).waitFor();
    await button(composer, t("common:removeNamed", { name: quote.name })).waitFor();
    await lookAt(view, "attaching");
    await composer.getByRole("button", { name: new RegExp(`^${t("activities:post")}`) }).click();
    const files = timelineOf(page, t)
      .getByRole("list", { name: t("files:attachments") })
      .first();
    await files.waitFor();
    assert.deepEqual(
      await download(page, files.getByRole("link", { name: new RegExp(quote.name) })),
      quote.buffer,
    );
    const { data } = await api.get(ofLead(lead));
    const [done] = data.filter(({ kind }) => kind === "call");
    assert.equal(done.duration_minutes, 15);
    assert.equal(
      data.filter(({ kind, status }) => kind === "task" && status === "open").length,
      1,
      "the next step is planned",
    );
    assert.equal(
      await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
      true,
      "nothing is cut off",
    );
    await lookAt(view, "attachments");
    await view.done();
  });

  test(`a template of one's own is made, used for another record, and taken back: ${look}`, async () => {
    const t = words(LOOKS[look].language);
    const api = await apiAs(here.server, AS);
    const name = `回访 ${look}`;
    const customer = await api.post("/customers", { name: "舟山定海造船有限公司" });
    const view = await openPage(here.browser, here.server, {
      look,
      as: AS,
      path: "/settings/templates",
    });
    const { page } = view;
    await button(page, t("templates:add")).click();
    const form = dialog(page, t("templates:add"));
    await form.getByRole("textbox", { name: t("settings:name") }).fill(name);
    await form.getByRole("combobox", { name: t("activities:kind") }).click();
    await page.getByRole("option", { name: t("activities:kinds.visit"), exact: true }).click();
    await form.getByRole("textbox", { name: t("templates:subject"), exact: true }).fill("回访 ");
    await button(form, t("templates:place.customer_name")).click();
    await form.getByRole("textbox", { name: t("templates:body"), exact: true }).fill("联系人：");
    await button(form, t("templates:place.contact_name")).click();
    await lookAt(view, "template-form");
    await button(form, t("templates:add")).click();
    await form.waitFor({ state: "detached" });
    const mine = page.getByRole("list", { name: t("templates:own") });
    await mine.getByText(name).waitFor();
    await lookAt(view, "templates");

    await page.goto(`/customers/${customer.id}`);
    const { composer, box } = await begin(page, t, look);
    await box.fill("打了一半的字");
    await button(composer, t("templates:menu")).click();
    await page.getByRole("menuitem", { name: new RegExp(name) }).click();
    const visit = composer.getByRole("textbox", { name: t("activities:kinds.visit"), exact: true });
    await visit.waitFor();
    assert.equal(await visit.inputValue(), "回访 舟山定海造船有限公司\n联系人：");
    await composer
      .getByText(t("templates:missing", { places: t("templates:place.contact_name") }))
      .waitFor();
    await lookAt(view, "template-filled");
    await button(page, t("records:undo")).click();
    await eventually(
      "what was typed is back",
      () => box.inputValue(),
      (text) => text === "打了一半的字",
    );

    await page.goto("/settings/templates");
    await button(mine, t("settings:actionsOf", { name })).click();
    await page.getByRole("menuitem", { name: t("settings:remove"), exact: true }).click();
    const question = dialog(page, t("settings:removeTitle", { name }));
    await button(question, t("settings:remove")).click();
    await mine.getByText(name).waitFor({ state: "detached" });
    await view.done();
  });
}
