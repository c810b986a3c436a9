import { type ComponentType, type LazyExoticComponent, lazy } from "react";

const CALM_MS = 2_000;

/**
 * Loads ahead what is likely to be opened next, once a page has stood for a while and the browser is idle.
 * Browsers that cannot tell when they are idle load it when it is opened. Returns how to give up.
 */
export function whenIdle(load: () => Promise<unknown>): () => void {
  if (!("requestIdleCallback" in window)) return () => undefined;
  const ahead = () => void load().catch(() => undefined);
  const timer = setTimeout(() => requestIdleCallback(ahead), CALM_MS);
  return () => clearTimeout(timer);
}

/** A component of a module, by its name, that is loaded when it is first drawn; stands inside a Suspense. */
export function lazyNamed<Props>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => ({ default: await load() }));
}
