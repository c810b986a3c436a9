import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach } from "vitest";
import { changeLanguage, loadTexts, startI18n, textParts } from "@/lib/i18n";
import { loadFloating } from "@/ui/use-floating";

// Pages load their parts when first needed; a busy machine takes its time over that.
configure({ asyncUtilTimeout: 5_000 });

beforeAll(async () => {
  await startI18n("en");
  await Promise.all(textParts.map(loadTexts));
  await loadFloating();
});
// One page serves the tests of all files: what a browser would remember of one must not reach the next.
beforeEach(async () => {
  await changeLanguage("en");
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(cleanup);
