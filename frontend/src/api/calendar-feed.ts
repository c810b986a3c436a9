import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Schemas } from "./types";

type Answer = Schemas["CalendarFeed"];
/** The link under which other calendars read one's tasks, without its address. */
type CalendarFeed = Answer & { created_at: string };

const isThere = (answer: Answer): answer is CalendarFeed => typeof answer.created_at === "string";

/** My calendar link; null while there is none. */
export function calendarFeedQuery() {
  return queryOptions({
    queryKey: ["me", "calendar-feed"] as const,
    queryFn: async ({ signal }): Promise<CalendarFeed | null> => {
      const answer = await api.get<Answer>("/me/calendar-feed", {}, signal);
      return isThere(answer) ? answer : null;
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
