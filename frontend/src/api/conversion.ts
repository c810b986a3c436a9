import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Contact, Customer, Lead, Narrow, Narrowed, Opportunity, Schemas } from "./types";

/** The three records a lead turns into. */
export type ConvertedKind = "customer" | "contact" | "opportunity";

export type ConversionMode = Schemas["ConversionMode"];

/** What happens with one of the three. */
export type ConversionPart = Narrowed<
  "ConversionPart",
  { id?: string | undefined; fields?: Record<string, unknown> | undefined }
>;

/** What becomes of what is planned about the lead: it goes along, stays there, or is closed. */
export type OpenTasks = "move" | "keep" | "close";

/** A conversion as it is asked for. */
export type ConversionRequest = Narrowed<
  "ConversionRequest",
  {
    customer: ConversionPart;
    contact: ConversionPart;
    opportunity: ConversionPart;
    on_duplicate?: Schemas["DuplicateMode"];
    open_tasks?: OpenTasks;
  }
>;

/** A record that may be the same as the lead's; deals have a customer in place of a score. */
export type Candidate = Pick<Schemas["Candidate"], "id" | "name"> &
  Partial<Schemas["Candidate"] & Schemas["OpenOpportunity"]>;

/** A field in which the linked record and the lead differ. */
export type ConversionConflict = Narrow<"FieldConflict", { record: ConvertedKind }>;

export type ConversionCandidates = Schemas["Candidates"];

/** What a conversion would find, make and miss. */
export type ConversionPreview = Narrow<
  "ConversionPreview",
  {
    proposed: Partial<Record<ConvertedKind, Record<string, unknown> | null>>;
    conflicts: ConversionConflict[];
  }
>;

/** Why a conversion can no longer be taken back; a member of the problem `undo_refused`. */
export interface UndoReason {
  reason: "too_late" | "changed_by_others" | "has_dependants" | "not_converted" | "old_values_gone";
  until?: string;
  type?: ConvertedKind;
  id?: string;
  count?: number;
}

/** What a conversion made. */
export type ConversionResult = Narrow<
  "ConversionResult",
  {
    lead: Lead;
    customer: Customer | null;
    contact: Contact | null;
    opportunity: Opportunity | null;
  }
>;

/** What would happen; a lead is asked once and again whenever another record is linked. */
export function conversionPreviewQuery(lead: string, request: Partial<ConversionRequest>) {
  return queryOptions({
    queryKey: ["records", "leads", "conversion", lead, request] as const,
    queryFn: ({ signal }) =>
      api.post<ConversionPreview>(`/leads/${lead}/conversion/preview`, request, { signal }),
    placeholderData: (before) => before,
    staleTime: 0,
    gcTime: 0,
  });
}

/** Converts the version of the lead the user saw. */
export function convertLead(
  lead: { id: string; version: number },
  request: ConversionRequest,
  idempotencyKey: string,
) {
  return api.post<ConversionResult>(`/leads/${lead.id}/conversion`, request, {
    version: lead.version,
    idempotencyKey,
  });
}

/** Takes a conversion back; refused with the reasons when others have built on it. */
export function undoConversion(lead: string) {
  return api.post<Lead>(`/leads/${lead}/conversion/undo`);
}
