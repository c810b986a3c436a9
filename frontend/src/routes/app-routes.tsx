import { type AnyRoute, createRoute, redirect } from "@tanstack/react-router";

/** The pages behind the sign-in that are not about one type of record. */
export function appRoutes(parent: AnyRoute): AnyRoute[] {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: "/",
      beforeLoad: () => {
        throw redirect({ to: "/leads" });
      },
    }),
  ];
}
