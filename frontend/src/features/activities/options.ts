import type { TFunction } from "i18next";
import { collections } from "@/api/activities";
import { findAnything, findRecords, findUsers } from "@/api/search";
import type { About, Participant, Singular } from "@/api/types";
import type { Option } from "@/ui/Combobox";

/** How many of each type are offered before anything is typed. */
const FEW = 5;

/** A record or a person as a choice; the type travels in the id. */
export function optionOf({ type, id, name }: About | Participant, detail?: string): Option {
  return { id: `${type} ${id}`, name: name ?? "", detail };
}

/** What a choice stands for. */
export function chosen<T extends About | Participant>({ id, name }: Option): T {
  const [type, of] = id.split(" ");
  return { type, id: of, name } as T;
}

/** Some of what could be read; what could not is left out. */
async function allOf(reading: Promise<Option[]>[]): Promise<Option[]> {
  const answers = await Promise.allSettled(reading);
  return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
}

/** Finds records of some types; a few of the latest while nothing is typed. */
export async function findAbout(types: Singular[], t: TFunction, q: string, signal: AbortSignal) {
  const word = (type: Singular) => t(`records:one.${collections[type]}`);
  if (q !== "") {
    const hits = await findAnything(q, signal);
    return hits
      .filter(({ type }) => types.includes(type as Singular))
      .map((hit) =>
        optionOf(
          hit as About,
          [word(hit.type as Singular), hit.detail].filter(Boolean).join(" · "),
        ),
      );
  }
  return allOf(
    types.map(async (type) => {
      const found = await findRecords(collections[type], "", signal);
      return found.slice(0, FEW).map((one) => optionOf({ ...one, type }, word(type)));
    }),
  );
}

/** Finds colleagues and contacts, as who took part. */
export function findPeople(t: TFunction, q: string, signal: AbortSignal) {
  return allOf([
    findUsers(q, signal).then((users) =>
      users.map(({ id, name }) => optionOf({ type: "user", id, name }, t("activities:colleague"))),
    ),
    findRecords("contacts", q, signal).then((contacts) =>
      contacts.map(({ id, name, detail }) =>
        optionOf({ type: "contact", id, name }, detail ?? t("records:one.contacts")),
      ),
    ),
  ]);
}
