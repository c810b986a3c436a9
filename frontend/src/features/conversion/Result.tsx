import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowUpRight, CircleCheck, Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import {
  type ConversionResult,
  type ConvertedKind,
  type UndoReason,
  undoConversion,
} from "@/api/conversion";
import { asProblem, type Problem } from "@/api/problem";
import { recordKeys } from "@/api/records";
import type { Conversion, Lead } from "@/api/types";
import { useFormat } from "@/lib/format";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { toast } from "@/ui/Toast";
import { collectionOf, pathOf } from "./Candidates";
import { KINDS } from "./plan";
import { useRefreshAll } from "./use-conversion";

/** The reasons of a refusal in words. */
function useReasons(problem: Problem | null): string[] {
  const { t } = useTranslation();
  const { instant } = useFormat();
  const reasons = (problem?.body.reasons ?? []) as UndoReason[];
  return reasons.map(({ reason, until, type, count }) =>
    t(`conversion:reason.${reason}`, {
      when: until === undefined ? "" : instant(until),
      kind: type === undefined ? "" : t(`records:one.${collectionOf(type)}`),
      count,
    }),
  );
}

interface ResultProps {
  lead: Lead;
  conversion: Partial<Conversion>;
  /** What was made, when it has just been made. */
  made?: ConversionResult | undefined;
  onClose: () => void;
}

/** What a lead has become, and the way back. */
export function Result({ lead, conversion, made, onClose }: ResultProps) {
  const { t } = useTranslation();
  const ids: Record<ConvertedKind, string | null | undefined> = {
    customer: conversion.customer_id ?? made?.customer?.id,
    contact: conversion.contact_id ?? made?.contact?.id,
    opportunity: conversion.opportunity_id ?? made?.opportunity?.id,
  };
  const names: Record<ConvertedKind, string | undefined> = {
    customer: made?.customer?.name,
    contact: made?.contact?.name,
    opportunity: made?.opportunity?.name,
  };
  return (
    <div className="flex flex-col gap-4">
      {made && (
        <p className="flex items-center gap-2">
          <CircleCheck className="size-5 shrink-0 text-ok" aria-hidden="true" />
          {t("conversion:done", { name: lead.name })}
        </p>
      )}
      <ul className="flex flex-col gap-2">
        {KINDS.flatMap((kind) => {
          const id = ids[kind];
          return id ? (
            <Made key={kind} kind={kind} id={id} name={names[kind]} onClose={onClose} />
          ) : (
            []
          );
        })}
      </ul>
      {made && made.notes.length > 0 && (
        <ul className="list-disc pl-5 text-fg2">
          {made.notes.map((note) => (
            <li key={note}>{t(`conversion:note.${note}`)}</li>
          ))}
        </ul>
      )}
      <Undo lead={lead} until={conversion.can_undo_until} onDone={onClose} />
    </div>
  );
}

interface MadeProps {
  kind: ConvertedKind;
  id: string;
  name: string | undefined;
  onClose: () => void;
}

function Made({ kind, id, name, onClose }: MadeProps) {
  const { t } = useTranslation();
  const label = t(`records:one.${collectionOf(kind)}`);
  return (
    <li>
      <Link
        to={pathOf(kind, id)}
        onClick={onClose}
        className="flex items-center gap-3 rounded-lg border border-line p-3 hover:border-line-strong hover:bg-hover"
      >
        <Avatar name={name ?? label} kind={kind === "contact" ? "person" : "company"} size="lg" />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">
            {name ?? t("conversion:open", { kind: label })}
          </span>
          <span className="text-fg3 text-xs">{label}</span>
        </span>
        <ArrowUpRight className="size-4 shrink-0 text-fg3" aria-hidden="true" />
      </Link>
    </li>
  );
}

interface UndoProps {
  lead: Lead;
  until: string | undefined;
  onDone: () => void;
}

function Undo({ lead, until, onDone }: UndoProps) {
  const { t } = useTranslation();
  const { instant } = useFormat();
  const client = useQueryClient();
  const refresh = useRefreshAll();
  const undo = useMutation({
    mutationFn: () => undoConversion(lead.id),
    onSuccess: (reopened) => {
      client.setQueryData(recordKeys.one("leads", lead.id), reopened);
      toast(t("conversion:undone", { name: lead.name }));
      onDone();
      return refresh();
    },
  });
  const problem = undo.error ? asProblem(undo.error) : null;
  const reasons = useReasons(problem);
  if (until !== undefined && Date.parse(until) < Date.now()) return null;
  return (
    <div className="border-line border-t pt-3">
      <div className="flex items-center gap-3 phone:flex-col phone:items-start">
        <p className="flex-1 text-fg2">
          {until === undefined
            ? t("conversion:undoHint")
            : t("conversion:undoUntil", { when: instant(until) })}
        </p>
        <Button
          icon={<Undo2 className="size-4" />}
          busy={undo.isPending}
          onClick={() => undo.mutate()}
        >
          {t("conversion:undo")}
        </Button>
      </div>
      {problem && (
        <div role="alert" className="mt-2 text-danger">
          <p>{problem.code === "undo_refused" ? t("conversion:undoRefused") : problem.title}</p>
          <ul className="list-disc pl-5">
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
