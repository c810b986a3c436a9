import { useState } from "react";
import { TodayTasks } from "@/features/activities/TodayTasks";
import { HomePage } from "@/features/home/HomePage";
import { recents } from "@/features/shell/recents";

/** The home page. */
export default function HomeRoute() {
  const [recent] = useState(recents);
  return <HomePage recents={recent} renderTasks={() => <TodayTasks />} />;
}
