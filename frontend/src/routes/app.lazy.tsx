import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useEffect } from "react";
import { meQuery } from "@/api/me";
import { descriptors } from "@/features/records/descriptors";
import { recents } from "@/features/shell/recents";
import { Shell } from "@/features/shell/Shell";
import { setFormatZone } from "@/lib/format";
import { lazyNamed } from "@/lib/lazy";

const QuickEntry = lazyNamed(() =>
  import("@/features/activities/QuickEntry").then((module) => module.QuickEntry),
);

/** The records opened lately, as what something may be about. */
function usualRecords() {
  return recents().map(({ type, id, name }) => ({ type: descriptors[type].singular, id, name }));
}

/** The frame of a signed-in user. */
export default function AppRoute() {
  const me = useQuery(meQuery()).data;
  const zone = me?.time_zone ?? me?.organisation.time_zone;
  useEffect(() => setFormatZone(zone), [zone]);
  if (!me) return null;
  return (
    <Shell
      me={me}
      renderQuickEntry={(kind, onClose) => (
        <QuickEntry key={kind} kind={kind} usual={usualRecords()} onClose={onClose} />
      )}
    >
      <Outlet />
    </Shell>
  );
}
