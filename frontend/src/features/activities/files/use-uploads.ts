import { useEffect, useRef, useState } from "react";
import { deleteFile, type SentFile, sendFile } from "@/api/files";
import { asProblem } from "@/api/problem";
import type { Attached } from "../draft";
import { type Candidate, enqueue, type Upload } from "./uploads";

/** As many files are sent at the same time. */
const AT_ONCE = 2;

type Change = (change: (attached: Attached[]) => Attached[]) => void;

function attachedOf({ id, name, media_type, size, href, created_at }: SentFile): Attached {
  return { id, name, media_type, size, href, created_at };
}

/** Sends files, two at a time, and attaches those that have arrived. */
export function useUploads(attached: Attached[], change: Change) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const running = useRef(new Map<string, AbortController>());
  const set = (key: string, changes: Partial<Upload>) =>
    setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...changes } : one)));
  const drop = (key: string) => setUploads((all) => all.filter((one) => one.key !== key));

  async function start({ key, file }: Upload) {
    const controller = new AbortController();
    const { signal } = controller;
    running.current.set(key, controller);
    set(key, { state: "sending", share: 0 });
    try {
      const onProgress = (share: number) => set(key, { share });
      const sent = await sendFile(file, { signal, idempotencyKey: key, onProgress });
      running.current.delete(key);
      drop(key);
      change((old) => [...old, attachedOf(sent)]);
    } catch (error) {
      running.current.delete(key);
      if (signal.aborted) drop(key);
      else set(key, { state: "refused", problem: asProblem(error) });
    }
  }

  useEffect(() => {
    const waiting = uploads.filter(
      ({ state, key }) => state === "waiting" && !running.current.has(key),
    );
    for (const upload of waiting.slice(0, Math.max(0, AT_ONCE - running.current.size))) {
      void start(upload);
    }
  });
  useEffect(() => {
    const all = running.current;
    return () => {
      for (const controller of all.values()) controller.abort();
    };
  }, []);

  return {
    uploads,
    isRunning: uploads.some(({ state }) => state !== "refused"),
    refused: uploads.filter(({ state }) => state === "refused").length,
    add(candidates: Candidate[]) {
      setUploads((all) => {
        const fit = all.filter(({ unfit }) => unfit === null);
        return [...all, ...enqueue(candidates, attached.length + fit.length)];
      });
    },
    /** What may have arrived goes under the same key; a refusal would be repeated under it. */
    retry({ key, problem }: Upload) {
      const next = problem?.status === 0 ? key : crypto.randomUUID();
      set(key, { key: next, state: "waiting", problem: null });
    },
    /** Gives up what is on its way, or takes away what was refused. */
    cancel({ key }: Upload) {
      running.current.get(key)?.abort();
      drop(key);
    },
    /** Takes a file away again; one that was sent for this draft goes for good. */
    detach({ id, created_at }: Attached) {
      change((old) => old.filter((file) => file.id !== id));
      // The server throws it away by itself if this fails.
      if (created_at !== undefined) deleteFile(id).catch(() => undefined);
    },
  };
}

/** What sends files, as its parts see it. */
export type Uploads = ReturnType<typeof useUploads>;
