import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Contact, Conversion, Customer, Lead, Opportunity, Ref } from "./types";

/** The three records a lead turns into. */
export type ConvertedKind = "customer" | "contact" | "opportunity";

export type ConversionMode = "create" | "link" | "none";

/** What happens with one of the three. */
export interface ConversionPart {
  mode: ConversionMode;
  id?: string | undefined;
  fields?: Record<string, unknown> | undefined;
}

/** A conversion as it is asked for. */
export interface ConversionRequest {
  customer: ConversionPart;
  contact: ConversionPart;
  opportunity: ConversionPart;
  fill: "blank_only" | "lead_wins";
  on_duplicate?: "fail" | "force";
  duplicate_reason?: string;
}

/** A record that may be the same as the lead's. */
export interface Candidate {
  id: string;
  name: string;
  owner?: Ref | null;
  /** 0 to 100. */
  score?: number;
  matched?: string[];
  is_editable?: boolean;
  customer_id?: string | null;
}

/** A field in which the linked record and the lead differ. */
export interface ConversionConflict {
  record: ConvertedKind;
  id: string;
  field: string;
  current: unknown;
  lead: unknown;
}

export interface ConversionCandidates {
  customers: Candidate[];
  contacts: Candidate[];
  opportunities: Candidate[];
  /** How many more there are that the caller may not see. */
  hidden: number;
}

/** What a conversion would find, make and miss. */
export interface ConversionPreview {
  candidates: ConversionCandidates;
  proposed: Partial<Record<ConvertedKind, Record<string, unknown> | null>>;
  missing: { pointer: string; code: string }[];
  forbidden: string[];
  conflicts: ConversionConflict[];
  carried_over?: { tags?: string[]; source?: string | null };
}

/** Why a conversion can no longer be taken back. */
export interface UndoReason {
  reason: "too_late" | "changed_by_others" | "has_dependants" | "not_converted";
  until?: string;
  type?: ConvertedKind;
  id?: string;
  count?: number;
}

/** What a conversion made. */
export interface ConversionResult {
  conversion: Conversion;
  lead: Lead;
  customer: Customer | null;
  contact: Contact | null;
  opportunity: Opportunity | null;
  /** What did not go as asked, such as `customer_linked_without_writing`. */
  notes: string[];
}

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
