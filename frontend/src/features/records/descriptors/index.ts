import type { RecordType, SearchHit } from "@/api/types";
import type { Descriptor } from "../model";
import { contacts } from "./contacts";
import { customers } from "./customers";
import { leads } from "./leads";
import { opportunities } from "./opportunities";

/** Every type of record by its collection name. */
export const descriptors: Record<RecordType, Descriptor> = {
  leads,
  customers,
  contacts,
  opportunities,
};

/** The types in the order people meet them. */
export const recordTypes: RecordType[] = ["leads", "customers", "contacts", "opportunities"];

/** The collection of a search result's type. */
export function collectionOf(singular: SearchHit["type"]): RecordType {
  return recordTypes.find((type) => descriptors[type].singular === singular) ?? "customers";
}
