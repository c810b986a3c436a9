import { createContext } from "react";
import type { AnyRecord } from "@/api/types";

/**
 * Stands between an owner that was chosen in place and the record: answers whether it asks on its own what is to become
 * of what belongs to the record. Otherwise the owner is written like any other field.
 */
export const OwnerChange = createContext<
  ((record: AnyRecord, owner: unknown) => boolean) | undefined
>(undefined);
