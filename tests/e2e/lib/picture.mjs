import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../../docs/images", import.meta.url));

/** Writes docs/images/<name>.<look>.png when pictures are asked for (`make screenshots`). */
export async function takePicture({ page, look }, name) {
  if (!process.env.SCREENSHOTS) return;
  mkdirSync(FOLDER, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(FOLDER, `${name}.${look}.png`), animations: "disabled", caret: "hide" });
}
