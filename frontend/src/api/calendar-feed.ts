import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { asProblem } from "./problem";
import type { Schemas } from "./types";

/** The link under which other calendars read one's tasks, without its address. */
type CalendarFeed = Schemas["CalendarFeed"];

/** My calendar link; null while there is none. */
export function calendarFeedQuery() {
  return queryOptions({
    queryKey: ["me", "calendar-feed"] as const,
    queryFn: async ({ signal }): Promise<CalendarFeed | null> => {
      try {
        return await api.get<CalendarFeed>("/me/calendar-feed", {}, signal);
      } catch (error) {
        if (asProblem(error).status === 404) return null;
        throw error;
      }
    },
  });
}

/** Makes a link, in place of the one there was; the answer is the only one that holds it. */
export function createCalendarFeed() {
  return api.post<Schemas["NewCalendarFeed"]>("/me/calendar-feed");
}

/** Ends the link at once. */
export function endCalendarFeed() {
  return api.delete("/me/calendar-feed");
}
