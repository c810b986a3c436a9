import { checkAccessibility } from "./axe.mjs";
import { takePicture } from "./picture.mjs";
import { nothingIsRead } from "./steps.mjs";
import { checkWords } from "./words.mjs";

/** A screen that has come to rest: its words, its picture, and whether everybody can use it. */
export async function lookAt({ page, look }, name) {
  await page.waitForLoadState("networkidle");
  await nothingIsRead(page);
  await checkWords(page, name);
  await takePicture({ page, look }, name);
  await checkAccessibility(page, `${name}, ${look}`);
}
