import { Check, Plus, X } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { collections } from "@/api/activities";
import type { About, Participant, Singular } from "@/api/types";
import { cn } from "@/lib/cn";
import { Combobox, type Option } from "@/ui/Combobox";
import { FormField } from "@/ui/FormField";
import { type Draft, recordsOf } from "./draft";
import { chosen, findAbout, findPeople } from "./options";

interface LinksProps {
  draft: Draft;
  onChange: (changes: Partial<Draft>) => void;
  /** What it is about in any case. */
  fixed?: About[];
  /** What goes with that, to be left out or taken along. */
  usual?: About[];
}

const TYPES = Object.keys(collections) as Singular[];

/** What else it is about, and who took part. */
export function Links({ draft, onChange, fixed = [], usual = [] }: LinksProps) {
  const { t } = useTranslation();
  const { without, more, people } = draft;
  const on = new Set(recordsOf(draft, fixed, usual).map(({ id }) => id));
  const open = TYPES.filter((type) => fixed.every((about) => about.type !== type));
  const nameOf = ({ name }: About | Participant) => name ?? t("records:linked");

  function toggle({ type, id }: About) {
    if (on.has(id)) return onChange({ without: [...without, id] });
    // One of a type at most: it comes back in the place of what was added instead.
    onChange({
      without: without.filter((other) => other !== id),
      more: more.filter((other) => other.type !== type),
    });
  }

  function add(about: About) {
    if (usual.some(({ id }) => id === about.id)) return on.has(about.id) || toggle(about);
    onChange({ more: [...more.filter(({ type }) => type !== about.type), about] });
  }

  return (
    <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
      <Chips
        label={t("activities:aboutWhich")}
        find={t("activities:addRecord")}
        search={(text, signal) => findAbout(open, t, text, signal)}
        onAdd={(option) => add(chosen<About>(option))}
      >
        {fixed.map((about) => (
          <span key={about.id} className={cn(chipClass, onClass)}>
            <span className="truncate">{nameOf(about)}</span>
          </span>
        ))}
        {usual.map((about) => (
          <button
            key={about.id}
            type="button"
            aria-pressed={on.has(about.id)}
            className={cn(chipClass, on.has(about.id) ? onClass : offClass)}
            onClick={() => toggle(about)}
          >
            {on.has(about.id) ? <Check {...icon} /> : <Plus {...icon} />}
            <span className="truncate">{nameOf(about)}</span>
          </button>
        ))}
        {more.map((about) => (
          <Removable
            key={about.id}
            name={nameOf(about)}
            onRemove={() => onChange({ more: more.filter(({ id }) => id !== about.id) })}
          />
        ))}
      </Chips>
      <Chips
        label={t("activities:participants")}
        find={t("activities:addPerson")}
        search={async (text, signal) => {
          const found = await findPeople(t, text, signal);
          return found.filter((one) => people.every(({ id }) => id !== chosen(one).id));
        }}
        onAdd={(option) => onChange({ people: [...people, chosen<Participant>(option)] })}
      >
        {people.map((person) => (
          <Removable
            key={person.id}
            name={nameOf(person)}
            onRemove={() => onChange({ people: people.filter(({ id }) => id !== person.id) })}
          />
        ))}
      </Chips>
    </div>
  );
}

const icon = { className: "size-3.5 shrink-0", "aria-hidden": true } as const;
const chipClass =
  "inline-flex h-7 min-w-0 max-w-full items-center gap-1 rounded-full border px-2.5 phone:h-11 phone:px-4";
const onClass = "border-transparent bg-accent-soft text-accent-strong";
const offClass = "border-line-strong border-dashed text-fg2 hover:bg-hover hover:text-fg";

function Removable({ name, onRemove }: { name: string; onRemove: () => void }) {
  const { t } = useTranslation();
  return (
    <span className={cn(chipClass, onClass, "pr-1 phone:pr-0")}>
      <span className="truncate">{name}</span>
      <button
        type="button"
        aria-label={t("common:removeNamed", { name })}
        className="flex size-6 shrink-0 items-center justify-center rounded-full hover:bg-hover phone:size-11"
        onClick={onRemove}
      >
        <X {...icon} />
      </button>
    </span>
  );
}

interface ChipsProps {
  label: string;
  /** What the button that adds one says. */
  find: string;
  search: (text: string, signal: AbortSignal) => Promise<Option[]>;
  onAdd: (option: Option) => void;
  children: ReactNode;
}

/** Some chips under a label, and a button behind which more are found. */
function Chips({ label, find, search, onAdd, children }: ChipsProps) {
  const [isFinding, setFinding] = useState(false);
  const button = useRef<HTMLButtonElement>(null);

  function pick(option: Option | null) {
    if (!option) return;
    onAdd(option);
    setFinding(false);
    requestAnimationFrame(() => button.current?.focus());
  }

  return (
    <FormField label={label} isGroup>
      {(control) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend beside the label
        <div
          role="group"
          aria-labelledby={control["aria-labelledby"]}
          className="flex min-w-0 flex-wrap items-center gap-1"
        >
          {children}
          {isFinding ? (
            <Combobox
              autoFocus
              label={find}
              value={null}
              onChange={pick}
              search={search}
              placeholder={find}
              className="min-w-40 flex-1"
            />
          ) : (
            <button
              ref={button}
              type="button"
              className={cn(chipClass, offClass)}
              onClick={() => setFinding(true)}
            >
              <Plus {...icon} />
              <span className="truncate">{find}</span>
            </button>
          )}
        </div>
      )}
    </FormField>
  );
}
