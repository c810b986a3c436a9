import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useEffect } from "react";
import { meQuery } from "@/api/me";
import { Shell } from "@/features/shell/Shell";
import { setFormatZone } from "@/lib/format";
import { lazyNamed } from "@/lib/lazy";
import { usualRecords } from "./usual-records";

const QuickEntry = lazyNamed(() =>
  import("@/features/activities/QuickEntry").then((module) => module.QuickEntry),
);

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
