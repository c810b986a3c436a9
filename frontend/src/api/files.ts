import { currentLanguage } from "@/lib/i18n";
import { api } from "./client";
import { problemFrom, unreachable } from "./problem";
import { refreshSession } from "./session";
import type { Schemas, Whole } from "./types";

/** A file that has arrived, and is its sender's alone until it is attached. */
export type SentFile = Whole<Schemas["File"]>;

/** As many bytes a file may have. */
export const MAX_FILE_BYTES = 25 * 1024 * 1024;

/** As many files one activity may have. */
export const MAX_FILES = 20;

/** What is not attached within this time is thrown away by the server. */
export const KEPT_MS = 24 * 60 * 60 * 1000;

interface Sending {
  signal: AbortSignal;
  /** The same for every attempt, so that a repeated one has no second effect. */
  idempotencyKey: string;
  /** Called with the share that is on its way, from 0 to 1. */
  onProgress: (share: number) => void;
}

function addressOf({ name, type }: File): string {
  const query = new URLSearchParams({ name });
  // What the browser does not know it leaves empty.
  if (type !== "") query.set("type", type);
  return `/api/v1/files?${query}`;
}

function answerOf(request: XMLHttpRequest): unknown {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

/** One attempt; the fetch of browsers cannot tell how far it has come. */
function attempt(file: File, { signal, idempotencyKey, onProgress }: Sending) {
  signal.throwIfAborted();
  return new Promise<XMLHttpRequest>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", addressOf(file));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept-Language", currentLanguage());
    request.setRequestHeader("Idempotency-Key", idempotencyKey);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => resolve(request);
    request.onerror = () => reject(unreachable());
    signal.addEventListener(
      "abort",
      () => {
        reject(new DOMException("Given up", "AbortError"));
        request.abort();
      },
      { once: true },
    );
    request.send(file);
  });
}

/** Sends a file. Refusals are thrown as a Problem. */
export async function sendFile(file: File, sending: Sending): Promise<SentFile> {
  const startedAt = Date.now();
  let request = await attempt(file, sending);
  if (request.status === 401 && (await refreshSession(startedAt))) {
    request = await attempt(file, sending);
  }
  const answer = answerOf(request);
  if (request.status === 201) return answer as SentFile;
  const { status, statusText } = request;
  throw problemFrom(new Response(null, { status, statusText }), answer);
}

/** Throws away a file that was sent and not attached. */
export function deleteFile(id: string): Promise<void> {
  return api.delete(`/files/${id}`);
}
