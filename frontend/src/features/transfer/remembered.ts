import { type Along, type Cascade, COMPANIONS } from "@/api/handover";

const STORAGE_KEY = "rapport.transfer";
const CHOICES: Along[] = ["none", "same_owner", "all"];

/** What goes along as the user chose last in this browser; at first what is of the same owner. */
export function rememberedCascade(): Cascade {
  let stored: Record<string, unknown> = {};
  try {
    stored = Object(JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "{}"));
  } catch {
    // Something else has written there: it is written anew with the next choice.
  }
  const choose = (name: string) => CHOICES.find((choice) => choice === stored[name]);
  return Object.fromEntries(
    COMPANIONS.map((name) => [name, choose(name) ?? "same_owner"]),
  ) as Cascade;
}

/** Keeps what was chosen for the next time. */
export function rememberCascade(cascade: Cascade): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify(cascade));
}
