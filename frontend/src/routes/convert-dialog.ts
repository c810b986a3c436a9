import { withTexts } from "@/lib/i18n";
import { lazyNamed } from "@/lib/lazy";

/** The dialog that converts one lead, with its texts. */
export const ConvertDialog = lazyNamed(() =>
  withTexts("conversion", () => import("@/features/conversion/ConvertDialog")).then(
    (module) => module.ConvertDialog,
  ),
);
