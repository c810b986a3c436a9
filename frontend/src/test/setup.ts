import { cleanup } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach } from "vitest";
import { changeLanguage, startI18n } from "@/lib/i18n";
import { loadFloating } from "@/ui/use-floating";

beforeAll(async () => {
  await startI18n("en");
  await loadFloating();
});
beforeEach(() => changeLanguage("en"));
afterEach(cleanup);
