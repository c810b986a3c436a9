import { Building2, CircleAlert, ContactRound, Target } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import type { ConversionMode, ConversionPreview, ConvertedKind } from "@/api/conversion";
import { findRecords } from "@/api/search";
import { Combobox } from "@/ui/Combobox";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { Candidates, collectionOf } from "./Candidates";
import { proposedValues } from "./fields";
import { Conflicts, CreateForm } from "./PartForm";
import { candidatesOf, mayCreate, type PartPlan, valuesOf } from "./plan";

const ICONS: Record<ConvertedKind, ReactNode> = {
  customer: <Building2 />,
  contact: <ContactRound />,
  opportunity: <Target />,
};

interface PartCardProps {
  kind: ConvertedKind;
  part: PartPlan;
  preview: ConversionPreview;
  leadWins: boolean;
  /** What keeps this part from being sent. */
  obstacle: string | undefined;
  /** The server's complaints by field. */
  errors: Record<string, string>;
  onChange: (changes: Partial<PartPlan>) => void;
  /** Further fields, such as pipeline and stage. */
  children?: ReactNode;
}

/** One of the three records: created, linked, or left out. */
export function PartCard(props: PartCardProps) {
  const { t } = useTranslation();
  const { kind, part, preview, obstacle } = props;
  const id = useId();
  const modes = (["create", "link", "none"] as const).filter(
    (mode) => mode !== "create" || mayCreate(preview, kind),
  );
  return (
    <section
      aria-labelledby={id}
      className="flex min-w-0 flex-col gap-3 rounded-xl border border-line bg-panel p-3.5"
    >
      <header className="flex flex-col gap-2.5">
        <h3 id={id} className="flex items-center gap-2 font-medium [&_svg]:size-4 [&_svg]:text-fg3">
          {ICONS[kind]}
          {t(`records:one.${collectionOf(kind)}`)}
        </h3>
        <SegmentedControl<ConversionMode>
          label={t(`records:one.${collectionOf(kind)}`)}
          value={part.mode}
          onChange={(mode) => props.onChange({ mode, edits: {} })}
          className="w-full"
          options={modes.map((mode) => ({ value: mode, label: t(`conversion:mode.${mode}`) }))}
        />
        {!mayCreate(preview, kind) && (
          <p className="text-fg3 text-xs">{t(`conversion:forbidden.${kind}`)}</p>
        )}
      </header>
      {part.mode === "link" && <LinkPart {...props} />}
      {part.mode === "create" && <CreatePart {...props} />}
      {part.mode === "none" && <p className="text-fg3">{t(`conversion:none.${kind}`)}</p>}
      {obstacle && (
        <p className="flex items-center gap-1.5 text-danger text-xs">
          <CircleAlert className="size-3.5 shrink-0" aria-hidden="true" />
          {t(obstacle)}
        </p>
      )}
    </section>
  );
}

function CreatePart({ kind, part, preview, errors, onChange, children }: PartCardProps) {
  const { t } = useTranslation();
  const candidates = candidatesOf(preview, kind);
  return (
    <>
      {candidates.length > 0 && (
        <div className="flex flex-col gap-1.5">
          <p className="text-warn text-xs">{t("conversion:maybeSame")}</p>
          <Candidates
            kind={kind}
            candidates={candidates.slice(0, 2)}
            chosen={null}
            onChoose={({ id, name }) => onChange({ mode: "link", linked: { id, name }, edits: {} })}
          />
        </div>
      )}
      <CreateForm
        kind={kind}
        values={valuesOf(preview, kind, part)}
        proposed={proposedValues(kind, preview.proposed[kind])}
        errors={errors}
        onChange={(name, value) => onChange({ edits: { ...part.edits, [name]: value } })}
      >
        {children}
      </CreateForm>
    </>
  );
}

function LinkPart({ kind, part, preview, leadWins, onChange }: PartCardProps) {
  const { t } = useTranslation();
  const link = (linked: PartPlan["linked"]) => onChange({ linked, edits: {} });
  const candidates = candidatesOf(preview, kind);
  const chosen = candidates.find((candidate) => candidate.id === part.linked?.id);
  const conflicts = preview.conflicts.filter(
    (conflict) => conflict.record === kind && conflict.id === part.linked?.id,
  );
  function leave(name: string) {
    const { [name]: _left, ...edits } = part.edits;
    onChange({ edits });
  }
  return (
    <>
      <Candidates
        kind={kind}
        candidates={candidates}
        chosen={part.linked?.id ?? null}
        onChoose={({ id, name }) => link({ id, name })}
      />
      <Combobox
        label={t(`conversion:find.${kind}`)}
        placeholder={t(`conversion:find.${kind}`)}
        value={chosen ? null : part.linked}
        onChange={link}
        search={(text, signal) => findRecords(collectionOf(kind), text, signal)}
      />
      {part.linked && chosen?.is_editable === false && (
        <p className="text-fg3 text-xs">{t("conversion:linkedUnwritten")}</p>
      )}
      {part.linked && chosen?.is_editable !== false && kind !== "opportunity" && (
        <Conflicts
          kind={kind}
          conflicts={conflicts}
          edits={part.edits}
          leadWins={leadWins}
          onTake={(name, value) => onChange({ edits: { ...part.edits, [name]: value } })}
          onLeave={leave}
        />
      )}
    </>
  );
}
