const REFRESH_PATH = "/api/v1/auth/refresh";
const REFRESHED_AT = "rapport.refreshed_at";

const listeners = new Set<() => void>();
let running: Promise<boolean> | null = null;

/** Calls back when the session has ended for good and the user must sign in. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function lastRefresh(): number {
  return Number(localStorage.getItem(REFRESHED_AT) ?? 0);
}

async function refresh(failedAt: number): Promise<boolean> {
  // Another tab may have refreshed while this one waited for the lock; a second use of the
  // same refresh token would revoke the whole session.
  if (lastRefresh() > failedAt) return true;
  const response = await globalThis.fetch(REFRESH_PATH, {
    method: "POST",
    credentials: "same-origin",
  });
  // A body nobody reads keeps its connection busy.
  await response.arrayBuffer();
  if (!response.ok) return false;
  localStorage.setItem(REFRESHED_AT, String(Date.now()));
  return true;
}

function locked(failedAt: number): Promise<boolean> {
  if (!("locks" in navigator) || !navigator.locks) return refresh(failedAt);
  return navigator.locks.request("rapport-refresh", () => refresh(failedAt));
}

/** Refreshes the session once, however many requests and tabs ask; false when it has ended. */
export async function refreshSession(failedAt: number): Promise<boolean> {
  running ??= locked(failedAt).finally(() => {
    running = null;
  });
  return running;
}

function isAuthPath(url: string): boolean {
  return /\/api\/v1\/(auth\/(login|refresh|logout)|setup)/.test(url);
}

/** Sends a request; when the access cookie has run out, refreshes it and sends once more. */
export async function fetchWithSession(request: Request): Promise<Response> {
  const startedAt = Date.now();
  const again = request.clone();
  const response = await globalThis.fetch(request);
  if (response.status !== 401 || isAuthPath(request.url)) return response;
  if (await refreshSession(startedAt)) {
    await response.arrayBuffer();
    return globalThis.fetch(again);
  }
  for (const listener of listeners) listener();
  return response;
}
