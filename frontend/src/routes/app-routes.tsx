import { type AnyRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { type Language, withTexts } from "@/lib/i18n";
import { validateBoardSearch } from "./board-search";
import { validateCalendarSearch } from "./calendar-search";

/** The pages behind the sign-in that are not about one type of record. */
export function appRoutes(parent: AnyRoute): AnyRoute[] {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: "/",
      component: lazyRouteComponent(() => withTexts("home", () => import("./home.lazy"))),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: "/tasks",
      validateSearch: (search: Record<string, unknown>): { whose?: "team" } =>
        search.whose === "team" ? { whose: "team" } : {},
      component: lazyRouteComponent(() => import("./tasks.lazy")),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: "/calendar",
      validateSearch: validateCalendarSearch,
      component: lazyRouteComponent(() => withTexts("calendar", () => import("./calendar.lazy"))),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: "/jobs",
      validateSearch: (search: Record<string, unknown>): { whose?: "all" } =>
        search.whose === "all" ? { whose: "all" } : {},
      component: lazyRouteComponent(() => withTexts("jobs", () => import("./jobs.lazy"))),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: "/jobs/$id",
      component: lazyRouteComponent(() =>
        withTexts("jobs", () => withTexts("conversion", () => import("./job.lazy"))),
      ),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: "/help",
      validateSearch: ({ language }: Record<string, unknown>): { language?: Language } =>
        language === "en" || language === "zh-CN" ? { language } : {},
      component: lazyRouteComponent(() => import("./help.lazy")),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: "/opportunities/board",
      validateSearch: validateBoardSearch,
      component: lazyRouteComponent(() => withTexts("board", () => import("./board.lazy"))),
    }),
    ...["/settings", "/settings/$section"].map((path) =>
      createRoute({
        getParentRoute: () => parent,
        path,
        component: lazyRouteComponent(() => withTexts("settings", () => import("./settings.lazy"))),
      }),
    ),
  ];
}
