import {
  type LucideIcon,
  Mail,
  MapPin,
  MessageCircle,
  NotebookPen,
  Phone,
  SquareCheck,
  Users,
} from "lucide-react";
import type { Activity, ActivityKind, Outcome, Priority } from "@/api/types";
import type { ColourName } from "@/ui/colours";

interface Traits {
  icon: LucideIcon;
  /** Somebody began it: they or we. */
  hasDirection: boolean;
  hasOutcome: boolean;
  hasDuration: boolean;
}

const plain = { hasDirection: false, hasOutcome: false, hasDuration: false };

/** What is asked of each kind. */
export const traits: Record<ActivityKind, Traits> = {
  note: { ...plain, icon: NotebookPen },
  call: { icon: Phone, hasDirection: true, hasOutcome: true, hasDuration: true },
  email: { ...plain, icon: Mail, hasDirection: true },
  meeting: { ...plain, icon: Users, hasDuration: true },
  visit: { ...plain, icon: MapPin, hasDuration: true },
  message: { ...plain, icon: MessageCircle, hasDirection: true },
  task: { ...plain, icon: SquareCheck },
};

/** The kinds in the order people meet them. */
export const KINDS = Object.keys(traits) as ActivityKind[];

/** What can come of a call, with the colour it has beside its name. */
export const outcomeColours: Record<Outcome, ColourName> = {
  reached: "green",
  interested: "green",
  left_message: "gray",
  not_reached: "amber",
  not_interested: "red",
  wrong_number: "red",
};

export const OUTCOMES = Object.keys(outcomeColours) as Outcome[];

export const PRIORITIES: Priority[] = ["high", "normal", "low"];

/** Whether something done had been planned, so that it can be opened again. */
export function wasPlanned({ kind, status, due_at }: Activity): boolean {
  return status === "done" && (kind === "task" || due_at !== null);
}
