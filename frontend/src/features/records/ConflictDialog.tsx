import { useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { RadioGroup } from "@/ui/Radio";
import { toast } from "@/ui/Toast";
import { type Conflict, currentConflict, onConflict, showConflict } from "./conflict";
import { descriptors } from "./descriptors";
import { FieldValue } from "./FieldValue";
import { fieldOf, memberOf } from "./model";
import { sameValue, writtenOf } from "./payload";

type Choice = "mine" | "theirs";

/** Asks, field by field, whose value to keep when two people changed one record. */
export function ConflictDialog() {
  const conflict = useSyncExternalStore(onConflict, currentConflict);
  return conflict ? <ConflictForm key={conflict.current.version} conflict={conflict} /> : null;
}

function differs({ type, current, mine }: Conflict, name: string): boolean {
  const field = descriptors[type].fields.find((candidate) => candidate.name === name);
  // What was calculated may look the same, and is not what somebody says.
  const theirs = field?.authorMember ? writtenOf(current, field) : memberOf(current, name);
  return !sameValue(theirs, mine[name]);
}

function ConflictForm({ conflict }: { conflict: Conflict }) {
  const { t } = useTranslation();
  const names = Object.keys(conflict.changes).filter((name) => differs(conflict, name));
  const [choices, setChoices] = useState<Record<string, Choice>>({});
  const [isSaving, setSaving] = useState(false);

  function close() {
    conflict.giveUp();
    showConflict(null);
  }

  async function save() {
    const mine = names.filter((name) => choices[name] !== "theirs");
    showConflict(null);
    if (mine.length === 0) return;
    setSaving(true);
    try {
      await conflict.resolve(
        Object.fromEntries(mine.map((name) => [name, conflict.changes[name]])),
      );
    } catch (error) {
      const problem = asProblem(error);
      toast(problem.title, {
        tone: "error",
        ...(problem.detail && { description: problem.detail }),
      });
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t("records:conflict.title")}
      description={t("records:conflict.explain", {
        name: conflict.changedBy ?? t("records:someone"),
      })}
      keepOnOutsidePress
      footer={
        <>
          <Button onClick={close}>{t("records:conflict.keepTheirs")}</Button>
          <Button variant="primary" busy={isSaving} onClick={() => void save()}>
            {t("records:conflict.save")}
          </Button>
        </>
      }
    >
      <ul className="flex flex-col divide-y divide-line">
        {names.map((name) => (
          <ConflictField
            key={name}
            conflict={conflict}
            name={name}
            choice={choices[name] ?? "mine"}
            onChoose={(choice) => setChoices((old) => ({ ...old, [name]: choice }))}
          />
        ))}
      </ul>
    </Dialog>
  );
}

interface ConflictFieldProps {
  conflict: Conflict;
  name: string;
  choice: Choice;
  onChoose: (choice: Choice) => void;
}

function ConflictField({ conflict, name, choice, onChoose }: ConflictFieldProps) {
  const { t } = useTranslation();
  const field = fieldOf(descriptors[conflict.type], name);
  const value = (of: unknown, record = conflict.current) => (
    <FieldValue field={field} value={of} record={record} />
  );
  return (
    <li className="py-3">
      <p className="mb-1 font-medium">{t(field.label)}</p>
      <RadioGroup
        label={t(field.label)}
        value={choice}
        onChange={onChoose}
        options={[
          {
            value: "mine",
            label: (
              <Version title={t("records:conflict.mine")}>{value(conflict.mine[name])}</Version>
            ),
          },
          {
            value: "theirs",
            label: (
              <Version title={t("records:conflict.theirs")}>
                {value(memberOf(conflict.current, name))}
              </Version>
            ),
          },
        ]}
      />
      <p className="flex gap-3 pl-6 text-fg3 text-xs">
        <span className="w-20 shrink-0">{t("records:conflict.before")}</span>
        {value(memberOf(conflict.base, name), conflict.base)}
      </p>
    </li>
  );
}

function Version({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <span className="flex gap-3">
      <span className="w-20 shrink-0 text-fg3">{title}</span>
      <span className="min-w-0 flex-1">{children}</span>
    </span>
  );
}
