import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { Suspense, useEffect } from "react";
import { meQuery } from "@/api/me";
import { Arrivals, Bell } from "@/features/notifications";
import { setOverlay } from "@/features/shell/overlay";
import { Shell } from "@/features/shell/Shell";
import { setFormatZone } from "@/lib/format";
import { withTexts } from "@/lib/i18n";
import { lazyNamed } from "@/lib/lazy";
import { usualRecords } from "./usual-records";

const QuickEntry = lazyNamed(() =>
  import("@/features/activities/QuickEntry").then((module) => module.QuickEntry),
);

const FavouriteRail = lazyNamed(() =>
  withTexts("desk", () => import("@/features/at-hand")).then((module) => module.FavouriteRail),
);

/** What others do is shown while somebody is signed in; what does that comes after the first paint. */
function useLive(user: string | undefined) {
  const client = useQueryClient();
  useEffect(() => {
    if (user === undefined) return;
    let end: (() => void) | null = () => undefined;
    void import("@/api/live").then(({ followEvents }) => {
      if (end) end = followEvents(client);
    });
    return () => {
      end?.();
      end = null;
    };
  }, [client, user]);
}

/** The frame of a signed-in user. */
export default function AppRoute() {
  const me = useQuery(meQuery()).data;
  const zone = me?.time_zone ?? me?.organisation.time_zone;
  useEffect(() => setFormatZone(zone), [zone]);
  useLive(me?.id);
  if (!me) return null;
  return (
    <Shell
      me={me}
      renderQuickEntry={(kind, onClose) => (
        <QuickEntry key={kind} kind={kind} usual={usualRecords()} onClose={onClose} />
      )}
      renderAtHand={(narrow) => (
        <Suspense fallback={null}>
          <FavouriteRail isNarrow={narrow} />
        </Suspense>
      )}
      renderBell={(open, onOpenChange) => <Bell open={open} onOpenChange={onOpenChange} />}
    >
      <Arrivals onSeveral={() => setOverlay("inbox")} />
      <Outlet />
    </Shell>
  );
}
