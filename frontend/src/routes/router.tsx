import type { QueryClient } from "@tanstack/react-query";
import {
  createBrowserHistory,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouterHistory,
  redirect,
} from "@tanstack/react-router";
import { meQuery, setupQuery } from "@/api/me";
import { asProblem, Problem } from "@/api/problem";
import type { TrashType } from "@/api/records";
import type { RecordType } from "@/api/types";
import { withTexts } from "@/lib/i18n";
import { parseSearch, stringifySearch } from "@/lib/search-params";
import { appRoutes } from "./app-routes";
import { validateListSearch } from "./list-search";
import { NotFound } from "./NotFound";
import { RouteError } from "./RouteError";

interface RouterContext {
  client: QueryClient;
}

export const rootRoute = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: RouteError,
});

/** Only paths of this page may be returned to after signing in, never other sites. */
function safePath(value: unknown): string | undefined {
  return typeof value === "string" && /^\/[^/\\]/.test(value) ? value : undefined;
}

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = safePath(search.next);
    return next === undefined ? {} : { next };
  },
  beforeLoad: async ({ context }) => {
    const setup = await context.client.fetchQuery(setupQuery()).catch(() => ({ required: false }));
    if (setup.required) throw redirect({ to: "/setup" });
  },
  component: lazyRouteComponent(() => withTexts("auth", () => import("./sign-in.lazy"))),
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/setup",
  validateSearch: (search: Record<string, unknown>): { token?: string } =>
    typeof search.token === "string" ? { token: search.token } : {},
  component: lazyRouteComponent(() => withTexts("auth", () => import("./setup.lazy"))),
});

/** Everything behind the sign-in. */
export const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "app",
  beforeLoad: async ({ context, location }) => {
    try {
      return { me: await context.client.ensureQueryData(meQuery()) };
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw asProblem(error);
      throw redirect({ to: "/sign-in", search: { next: location.href } });
    }
  },
  component: lazyRouteComponent(() => withTexts("app", () => import("./app.lazy"))),
});

const RECORD_TYPES: RecordType[] = ["leads", "customers", "contacts", "opportunities"];

const listRoutes = RECORD_TYPES.map((type) =>
  createRoute({
    getParentRoute: () => appRoute,
    path: `/${type}`,
    staticData: { recordType: type },
    validateSearch: validateListSearch(type),
    component: lazyRouteComponent(() => import("./list.lazy")),
  }),
);

const recordRoutes = RECORD_TYPES.map((type) =>
  createRoute({
    getParentRoute: () => appRoute,
    path: `/${type}/$id`,
    staticData: { recordType: type },
    component: lazyRouteComponent(() => import("./record.lazy")),
  }),
);

const trashRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/trash",
  validateSearch: (search: Record<string, unknown>): { type?: TrashType } => {
    const types: TrashType[] = [...RECORD_TYPES, "activities"];
    const type = types.find((known) => known === search.type);
    return type === undefined ? {} : { type };
  },
  component: lazyRouteComponent(() => import("./trash.lazy")),
});

const routeTree = rootRoute.addChildren([
  signInRoute,
  setupRoute,
  appRoute.addChildren([...listRoutes, ...recordRoutes, trashRoute, ...appRoutes(appRoute)]),
]);

/** The router of the application; the cache travels with it, so that routes can read before they draw. */
export function createAppRouter(
  client: QueryClient,
  history: RouterHistory = createBrowserHistory(),
) {
  return createRouter({
    routeTree,
    context: { client },
    history,
    parseSearch,
    stringifySearch,
    defaultPreload: false,
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: false,
  });
}

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** The type of record a list or record route is about. */
    recordType?: RecordType;
  }
}
