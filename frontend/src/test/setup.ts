import { cleanup } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach } from "vitest";
import { z } from "zod";
import { changeLanguage, startI18n } from "@/lib/i18n";

z.config({ jitless: true });

beforeAll(() => startI18n("en"));
beforeEach(() => changeLanguage("en"));
afterEach(cleanup);
