import type { BoardAddress } from "@/features/board/BoardPage";
import { type ListSearch, readAddress, validateListSearch, writeAddress } from "./list-search";

/** The address of the board: that of the list, with the pipeline and whether the ends are shown. */
export type BoardSearch = ListSearch & { pipeline?: string; ends?: string };

const validateList = validateListSearch("opportunities");

/** Keeps what the board understands. */
export function validateBoardSearch(search: Record<string, unknown>): BoardSearch {
  return {
    ...validateList(search),
    ...(typeof search.pipeline === "string" && { pipeline: search.pipeline }),
    ...(search.ends === "1" && { ends: "1" }),
  };
}

/** The address as the board uses it. */
export function readBoardAddress(search: BoardSearch): BoardAddress {
  return {
    ...readAddress("opportunities", search),
    pipeline: search.pipeline ?? null,
    hasEnds: search.ends === "1",
  };
}

/** Writes an address, leaving out what is as it always is. */
export function writeBoardAddress(address: BoardAddress): BoardSearch {
  return {
    ...writeAddress("opportunities", address),
    ...(address.pipeline !== null && { pipeline: address.pipeline }),
    ...(address.hasEnds && { ends: "1" }),
  };
}
