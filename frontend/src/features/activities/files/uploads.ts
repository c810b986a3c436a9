import { MAX_FILE_BYTES, MAX_FILES } from "@/api/files";
import type { Problem } from "@/api/problem";

/** Why a file is not sent at all. */
type Unfit = "empty" | "folder" | "tooLarge" | "tooMany";

/** What somebody wants to attach; folders come by being dropped. */
export interface Candidate {
  file: File;
  isFolder: boolean;
}

/** A file on its way to the server, or one that was refused. */
export interface Upload {
  /** Also the idempotency key of what is sent. */
  key: string;
  file: File;
  state: "waiting" | "sending" | "refused";
  /** How much of it is on its way, from 0 to 1. */
  share: number;
  unfit: Unfit | null;
  problem: Problem | null;
}

function unfitness({ file, isFolder }: Candidate, place: number): Unfit | null {
  if (isFolder) return "folder";
  if (file.size === 0) return "empty";
  if (file.size > MAX_FILE_BYTES) return "tooLarge";
  return place >= MAX_FILES ? "tooMany" : null;
}

/** What becomes of candidates when so many files are there already. */
export function enqueue(candidates: Candidate[], taken: number): Upload[] {
  let place = taken;
  return candidates.map((candidate) => {
    const unfit = unfitness(candidate, place);
    if (unfit === null) place += 1;
    return {
      key: crypto.randomUUID(),
      file: candidate.file,
      state: unfit === null ? "waiting" : "refused",
      share: 0,
      unfit,
      problem: null,
    };
  });
}

/** Whether sending it once more may go better. */
export function canRetry({ state, problem }: Upload): boolean {
  if (state !== "refused" || problem === null) return false;
  const { status } = problem;
  return status === 0 || status >= 500 || [401, 408, 409, 429].includes(status);
}

/** The files in what was dropped or pasted. A folder looks like a file until it is asked. */
export function candidatesOf({ files, items }: DataTransfer): Candidate[] {
  const entries = [...items]
    .filter(({ kind }) => kind === "file")
    .map((item) => item.webkitGetAsEntry?.());
  return [...files].map((file, index) => ({
    file,
    isFolder: entries[index]?.isDirectory === true,
  }));
}

const PLACE = /^\/attachments\/(\d+)$/;

/** Whether all that is wrong with an activity is that files of it are no longer there. */
export function isOnlyGone({ errors }: Problem): boolean {
  return (
    errors.length > 0 &&
    errors.every(({ pointer, code }) => code === "not_found" && PLACE.test(pointer ?? ""))
  );
}

/** Those of the files of an activity that the server no longer has. */
export function goneOf<T>({ errors }: Problem, attached: T[]): T[] {
  const places = errors
    .filter(({ code }) => code === "not_found")
    .map(({ pointer }) => Number(PLACE.exec(pointer ?? "")?.[1] ?? -1));
  return attached.filter((_, index) => places.includes(index));
}
