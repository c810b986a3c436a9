import { useQuery } from "@tanstack/react-query";
import { type StickyNote, stickyNotesQuery } from "@/api/at-hand";
import { meQuery } from "@/api/me";
import { asProblem } from "@/api/problem";
import { ErrorState } from "@/ui/ErrorState";
import { Note } from "./Note";
import { useBlank } from "./use-blank";
import { Waiting } from "./Waiting";

/** All notes of the user, and a paper to begin on. */
export function Notes() {
  const query = useQuery(stickyNotesQuery());
  const me = useQuery(meQuery()).data;
  if (query.data && me) return <Wall notes={query.data.data} user={me.id} />;
  if (!query.isError) return <Waiting />;
  return <ErrorState problem={asProblem(query.error)} onRetry={() => void query.refetch()} />;
}

function Wall({ notes, user }: { notes: StickyNote[]; user: string }) {
  const blankKey = `rapport.note.${user}.new`;
  const { blank, isKnown, holding } = useBlank(blankKey, null, notes);
  const shown = isKnown ? notes : [blank, ...notes];
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-3">
      {shown.map((note) => (
        <li key={note.id} className="min-w-0" {...(note.id === blank.id && holding)}>
          <Note
            note={note}
            hasSubject
            draftKey={note.id === blank.id ? blankKey : `rapport.note.${user}.${note.id}`}
          />
        </li>
      ))}
    </ul>
  );
}
