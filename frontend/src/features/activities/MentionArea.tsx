import { keepPreviousData, useQuery } from "@tanstack/react-query";
import {
  type ComponentProps,
  type KeyboardEvent,
  type RefObject,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { peopleQuery } from "@/api/search";
import type { Ref } from "@/api/types";
import { isComposing, isSending } from "@/lib/composing";
import { useSettledText } from "@/lib/settled";
import { Textarea } from "@/ui/Textarea";
import { Candidates, candidateId } from "./Candidates";
import { type Asked, askedAt, type Written, withMention } from "./mentions";

/** As many candidates are offered; who is not among them is found by typing on. */
const MOST = 8;

interface MentionAreaProps extends Omit<ComponentProps<"textarea">, "value" | "onChange" | "ref"> {
  value: Written;
  onChange: (value: Written) => void;
  box?: RefObject<HTMLTextAreaElement | null>;
}

/** Who is being asked for at the caret, until that is left or given up. */
function useAsked(value: Written) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const givenUp = useRef<number | null>(null);
  const query = asked?.query ?? "";
  const settled = useSettledText(query);
  const people = useQuery({
    ...peopleQuery(settled),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
  });
  return {
    asked,
    people: asked === null ? [] : (people.data ?? []).slice(0, MOST),
    /** Whether they are those who fit what has been typed by now. */
    isFound: settled === query && people.isSuccess && !people.isPlaceholderData,
    look(written: Written, caret: number) {
      const found = askedAt(written, caret);
      if (found?.from !== givenUp.current) givenUp.current = null;
      setAsked(givenUp.current === null ? found : null);
    },
    giveUp() {
      givenUp.current = asked?.from ?? null;
      setAsked(null);
    },
    leave: () => setAsked(null),
    pick: (person: Ref) => asked && withMention(value, asked, person),
  };
}

/** Several lines of text in which `@` names a colleague. */
export function MentionArea({
  value,
  onChange,
  box,
  onKeyDown,
  onBlur,
  ...rest
}: MentionAreaProps) {
  const id = useId();
  const own = useRef<HTMLTextAreaElement>(null);
  const area = box ?? own;
  const [place, setPlace] = useState(0);
  const caret = useRef<number | null>(null);
  const { asked, people, isFound, look, giveUp, leave, pick } = useAsked(value);
  const index = Math.min(place, people.length - 1);
  const isOpen = asked !== null && people.length > 0;

  useLayoutEffect(() => {
    if (caret.current === null) return;
    area.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  function choose(person: Ref | undefined) {
    const picked = person && pick(person);
    if (!picked) return;
    caret.current = picked.caret;
    onChange(picked.written);
    leave();
    setPlace(0);
  }

  /** Whether a key was meant for the candidates. */
  function steer(event: KeyboardEvent): boolean {
    if (!isOpen || isComposing(event) || isSending(event) || event.shiftKey) return false;
    if (event.key === "ArrowDown") setPlace((index + 1) % people.length);
    else if (event.key === "ArrowUp") setPlace((index - 1 + people.length) % people.length);
    else if (event.key === "Escape") giveUp();
    // Who types faster than the answer comes must not get somebody of the question before.
    else if (!isFound) return false;
    else if (event.key === "Enter" || event.key === "Tab") choose(people[index]);
    else return false;
    return true;
  }

  return (
    <>
      <Textarea
        {...rest}
        ref={area}
        value={value.text}
        aria-autocomplete="list"
        aria-controls={isOpen ? id : undefined}
        aria-activedescendant={isOpen ? candidateId(id, index) : undefined}
        onChange={({ target }) => {
          const written = { text: target.value, mentions: value.mentions };
          onChange(written);
          look(written, target.selectionStart);
          setPlace(0);
        }}
        onSelect={({ currentTarget: { value: text, selectionStart } }) =>
          look({ text, mentions: value.mentions }, selectionStart)
        }
        onBlur={(event) => {
          leave();
          onBlur?.(event);
        }}
        onKeyDown={(event) => {
          if (!steer(event)) return onKeyDown?.(event);
          event.preventDefault();
          // Escape and Enter mean the candidates, not what is around them.
          event.stopPropagation();
        }}
      />
      {isOpen && (
        <Candidates
          id={id}
          area={area}
          at={asked.from}
          people={people}
          current={index}
          onPoint={setPlace}
          onPick={choose}
          onClose={giveUp}
        />
      )}
    </>
  );
}
