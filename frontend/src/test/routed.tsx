import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router";
import { screen } from "@testing-library/react";
import type { ReactElement } from "react";
import { render } from "./render";

/** Renders a page that links or navigates; every other address shows only its path. */
export async function renderRouted(element: ReactElement) {
  const root = createRootRoute({ component: Outlet });
  const page = createRoute({
    getParentRoute: () => root,
    path: "/",
    component: () => <main>{element}</main>,
  });
  const other = createRoute({ getParentRoute: () => root, path: "$", component: () => null });
  const router = createRouter({
    routeTree: root.addChildren([page, other]),
    history: createMemoryHistory({ initialEntries: ["/"] }),
  });
  await router.load();
  const view = render(<RouterProvider router={router as never} />);
  await screen.findByRole("main");
  return { ...view, path: () => router.state.location.pathname };
}
