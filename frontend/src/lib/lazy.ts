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

/**
 * A component that is likely to be opened, and how to load it ahead. Once it is there it is drawn at once: one that is still
 * to be asked for takes 300 ms at least, since React does not take away sooner what it shows meanwhile.
 */
export function lazyAhead<Props>(
  load: () => Promise<ComponentType<Props>>,
): [LazyExoticComponent<ComponentType<Props>>, () => Promise<unknown>] {
  let loaded: ComponentType<Props> | undefined;
  const ahead = async () => {
    loaded ??= await load();
    return { default: loaded };
  };
  return [lazy(() => (loaded ? atOnce({ default: loaded }) : ahead())), ahead];
}

// React looks at once whether what it waits for is there, which a promise never is.
function atOnce<T>(value: T): Promise<T> {
  // biome-ignore lint/suspicious/noThenProperty: it is meant to be awaited by React
  return { then: (done: (value: T) => void) => done(value) } as unknown as Promise<T>;
}
