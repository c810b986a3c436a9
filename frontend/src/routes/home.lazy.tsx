import { Suspense, useState } from "react";
import { TodayTasks } from "@/features/activities/TodayTasks";
import { HomePage } from "@/features/home/HomePage";
import { recents } from "@/features/shell/recents";
import { withTexts } from "@/lib/i18n";
import { lazyNamed } from "@/lib/lazy";
import { Skeleton } from "@/ui/Skeleton";

const loadAtHand = () => withTexts("desk", () => import("@/features/at-hand/home"));
const Favourites = lazyNamed(() => loadAtHand().then((module) => module.Favourites));
const Notes = lazyNamed(() => loadAtHand().then((module) => module.Notes));

/** The home page. */
export default function HomeRoute() {
  const [recent] = useState(recents);
  return (
    <HomePage
      recents={recent}
      renderTasks={() => <TodayTasks />}
      renderNotes={() => (
        <Suspense fallback={<Skeleton className="my-3 w-1/2" />}>
          <Notes />
        </Suspense>
      )}
      renderFavourites={() => (
        <Suspense fallback={<Skeleton className="my-3 w-1/2" />}>
          <Favourites />
        </Suspense>
      )}
    />
  );
}
