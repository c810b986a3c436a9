import { useNavigate } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "@/api/types";
import { currentRun, onRun } from "@/features/records/bulk-run";
import { currentConflict, onConflict } from "@/features/records/conflict";
import { currentWish, onWish } from "@/features/records/quick-create";
import { withTexts } from "@/lib/i18n";
import { lazyAhead, lazyNamed, whenIdle } from "@/lib/lazy";
import { usePhone } from "@/lib/media";
import { useShortcuts } from "@/lib/shortcuts";
import { HeaderEnd } from "@/ui/PageHeader";
import { places } from "./navigation";
import { closeOverlay, setOverlay, useOverlay } from "./overlay";
import { Rail } from "./Rail";

// What every visit is likely to open is loaded ahead, other layers when they are opened.
const [QuickCreate, loadQuickCreate] = lazyAhead(() =>
  import("@/features/records/QuickCreate").then((module) => module.QuickCreate),
);
const [Palette, loadPalette] = lazyAhead(() =>
  withTexts("desk", () => import("./Palette")).then((module) => module.default),
);
const BottomBar = lazyNamed(() => import("./BottomBar").then((module) => module.BottomBar));
const CreateChooser = lazyNamed(() =>
  import("./CreateChooser").then((module) => module.CreateChooser),
);
const BulkRun = lazyNamed(() =>
  withTexts("bulk", () => import("@/features/records/BulkRun")).then((module) => module.BulkRun),
);
const ConflictDialog = lazyNamed(() =>
  import("@/features/records/ConflictDialog").then((module) => module.ConflictDialog),
);
const ShortcutSheet = lazy(() => withTexts("shortcuts", () => import("./ShortcutSheet")));

interface ShellProps {
  me: Me;
  children: ReactNode;
  /** The dialog in which a note or a task is written down wherever one is. */
  renderQuickEntry: (kind: "note" | "task", onClose: () => void) => ReactNode;
  /** The bell, and what it opens. */
  renderBell: (open: boolean, onOpenChange: (open: boolean) => void) => ReactNode;
  /** What stands under the places of the rail, which may be narrow. */
  renderAtHand: (narrow: boolean) => ReactNode;
}

/** The frame around every page of a signed-in user. */
export function Shell({ me, children, renderQuickEntry, renderBell, renderAtHand }: ShellProps) {
  const { t } = useTranslation();
  const isPhone = usePhone();
  const navigate = useNavigate();
  const overlay = useOverlay();
  const wish = useSyncExternalStore(onWish, currentWish);
  const run = useSyncExternalStore(onRun, currentRun);
  const conflict = useSyncExternalStore(onConflict, currentConflict);

  const bell = renderBell(overlay === "inbox", (open) =>
    open ? setOverlay("inbox") : closeOverlay("inbox"),
  );

  useEffect(() => whenIdle(() => Promise.all([loadPalette(), loadQuickCreate()])), []);

  useShortcuts(
    {
      "$mod+k": () => setOverlay("palette"),
      "Shift+?": () => setOverlay("shortcuts"),
      c: () => setOverlay("create"),
      n: () => setOverlay("note"),
      t: () => setOverlay("task"),
      "g n": () => setOverlay("inbox"),
      ...Object.fromEntries(
        places.flatMap(({ shortcut, to }) =>
          shortcut ? [[shortcut, () => void navigate({ to })]] : [],
        ),
      ),
    },
    "frame",
  );

  return (
    <div className="flex h-dvh phone:flex-col">
      <a
        href="#main"
        className="absolute top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-2 text-accent-fg focus:translate-y-0"
      >
        {t("shell:skip")}
      </a>
      {!isPhone && <Rail me={me} bell={bell} renderAtHand={renderAtHand} />}
      <main
        id="main"
        tabIndex={-1}
        className="relative min-h-0 min-w-0 flex-1 overflow-hidden outline-none"
      >
        <HeaderEnd value={isPhone ? bell : null}>{children}</HeaderEnd>
      </main>
      <Suspense fallback={null}>
        {isPhone && <BottomBar me={me} />}
        {wish && <QuickCreate />}
        {run && <BulkRun />}
        {conflict && <ConflictDialog />}
        {overlay === "create" && <CreateChooser open onOpenChange={() => setOverlay(null)} />}
        {(overlay === "note" || overlay === "task") &&
          renderQuickEntry(overlay, () => setOverlay(null))}
        {overlay === "palette" && <Palette />}
        {overlay === "shortcuts" && <ShortcutSheet />}
      </Suspense>
    </div>
  );
}
