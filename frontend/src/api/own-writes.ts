import { type Write, writing } from "./client";

const REMEMBERED = 1_000;
const DEPTH = 4;
/** They are asked by POST but write nothing. */
const QUESTION = /\/(search|preview)$/;

/** Calls back for every record in an answer. */
function eachRecord(answer: unknown, tell: (id: string, version: number) => void, depth = 0): void {
  if (typeof answer !== "object" || answer === null || depth > DEPTH) return;
  if ("id" in answer && "version" in answer) {
    const { id, version } = answer;
    if (typeof id === "string" && typeof version === "number") tell(id, version);
  }
  for (const part of Object.values(answer)) eachRecord(part, tell, depth + 1);
}

/** What has been written from this tab. */
export type OwnWrites = ReturnType<typeof watchOwnWrites>;

/** Remembers which versions were written from this tab: whoever wrote them has shown them already. Calls back at each. */
export function watchOwnWrites(onWrite: () => void) {
  const written = new Map<string, number>();

  function note(id: string, version: number) {
    const known = written.get(id) ?? 0;
    written.delete(id);
    written.set(id, Math.max(known, version));
    const [oldest] = written.keys();
    if (written.size > REMEMBERED && oldest !== undefined) written.delete(oldest);
  }

  writing.onDone = ({ path, version, answer }: Write) => {
    if (QUESTION.test(path)) return;
    onWrite();
    eachRecord(answer, note);
    // What was deleted is answered with nothing.
    const id = path.split("/")[2];
    if (answer === undefined && id !== undefined && version !== undefined) note(id, version + 1);
  };

  return {
    /** The last version of a record that was written from here; 0 when none was. */
    versionOf: (id: string) => written.get(id) ?? 0,
    stop() {
      writing.onDone = undefined;
    },
  };
}
