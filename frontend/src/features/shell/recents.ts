import type { RecordType } from "@/api/types";

/** A record the user opened lately. */
export interface Recent {
  type: RecordType;
  id: string;
  name: string;
}

const STORAGE_KEY = "rapport.recents";
const KEPT = 8;

function isRecent(value: unknown): value is Recent {
  return typeof value === "object" && value !== null && "id" in value && "name" in value;
}

/** The records opened lately, latest first. */
export function recents(): Recent[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isRecent) : [];
  } catch {
    return [];
  }
}

/** Puts a record at the head of the recents. */
export function remember(recent: Recent): void {
  const others = recents().filter((other) => other.id !== recent.id);
  localStorage.setItem(STORAGE_KEY, JSON.stringify([recent, ...others].slice(0, KEPT)));
}
