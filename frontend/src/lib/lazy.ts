import { type ComponentType, type LazyExoticComponent, lazy } from "react";

/** A component of a module, by its name, that is loaded when it is first drawn; stands inside a Suspense. */
export function lazyNamed<Props>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => ({ default: await load() }));
}
