import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { COMPANIONS, type CompanionsPreview, transferPreviewQuery } from "@/api/handover";
import { asProblem } from "@/api/problem";
import { directoryQuery, findUsers } from "@/api/search";
import type { Customer, Ref } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Combobox } from "@/ui/Combobox";
import { ErrorState } from "@/ui/ErrorState";
import { FormField } from "@/ui/FormField";
import { Question } from "@/ui/Question";
import { Skeleton } from "@/ui/Skeleton";
import { AlongField } from "./AlongField";
import { rememberedCascade } from "./remembered";
import { placesOf, useTransfer } from "./use-transfer";

interface TransferDialogProps {
  /** The customer as it was when this was asked. */
  customer: Customer;
  /** Whom it is to go to, where that was chosen already. */
  owner: string | null;
  onClose: () => void;
}

/** Gives a customer to somebody else, and asks what goes along. */
export function TransferDialog({ customer, owner: given, onClose }: TransferDialogProps) {
  const { t } = useTranslation();
  const [picked, setPicked] = useState<Ref | null | undefined>(undefined);
  const [cascade, setCascade] = useState(rememberedCascade);
  const everyone = useQuery({ ...directoryQuery(), enabled: given !== null }).data;
  const named = given === null ? undefined : everyone?.find(({ id }) => id === given);
  const chosen = given === null ? null : { id: given, name: named?.name ?? "…" };
  const owner = picked === undefined ? chosen : picked;
  const { isMoving, move, forget, problem } = useTransfer(customer, onClose);
  const preview = useQuery({
    ...transferPreviewQuery(customer.id, owner?.id ?? null),
    placeholderData: keepPreviousData,
  });
  const places = placesOf(problem);
  const cap =
    places.cap !== undefined
      ? t("handover:refused.cap", { name: owner?.name, count: Number(places.cap) })
      : undefined;

  return (
    <Question
      title={t("handover:transfer.title", { name: customer.name })}
      description={t("handover:transfer.hint")}
      submitLabel={t("handover:transfer.submit")}
      isBusy={isMoving}
      isReady={owner !== null && owner.name !== "…" && preview.data !== undefined}
      onSubmit={() => owner && move({ owner, cascade })}
      onClose={onClose}
    >
      {places.above && (
        <p role="alert" className="text-danger">
          {places.above}
        </p>
      )}
      <FormField label={t("handover:transfer.owner")} required error={cap ?? places.owner_id}>
        {(control) => (
          <Combobox
            {...control}
            value={owner}
            onChange={(person) => {
              setPicked(person);
              forget();
            }}
            search={async (text, signal) =>
              (await findUsers(text, signal)).filter(({ id }) => id !== customer.owner_id)
            }
            renderIcon={(person) => <Avatar name={person.name} />}
          />
        )}
      </FormField>
      {preview.isError ? (
        <ErrorState problem={asProblem(preview.error)} onRetry={() => void preview.refetch()} />
      ) : (
        <Companions counts={preview.data}>
          {(kind, counts) => (
            <AlongField
              key={kind}
              kind={kind}
              counts={counts}
              value={cascade[kind]}
              onChange={(value) => {
                setCascade((old) => ({ ...old, [kind]: value }));
                forget();
              }}
              error={places[`cascade.${kind}`]}
            />
          )}
        </Companions>
      )}
    </Question>
  );
}

interface CompanionsProps {
  counts: CompanionsPreview | undefined;
  children: (
    kind: (typeof COMPANIONS)[number],
    counts: CompanionsPreview["contacts"],
  ) => React.ReactNode;
}

/** The kinds of which there is something that could go along. */
function Companions({ counts, children }: CompanionsProps) {
  const { t } = useTranslation();
  if (!counts) {
    return (
      <div role="status" aria-busy="true" aria-label={t("handover:along.counting")}>
        {COMPANIONS.map((kind) => (
          <Skeleton key={kind} className="mb-3 h-8 w-full phone:h-11" />
        ))}
      </div>
    );
  }
  const kinds = COMPANIONS.filter((kind) => counts[kind].all > 0);
  if (kinds.length === 0) return <p className="text-fg2">{t("handover:along.nothing")}</p>;
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-medium">{t("handover:along.legend")}</legend>
      {kinds.map((kind) => children(kind, counts[kind]))}
    </fieldset>
  );
}
