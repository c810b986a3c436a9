import type { BoardAddress } from "@/features/board/BoardPage";
import type { BoardSearch } from "./board-search";
import { readAddress, writeAddress } from "./list-address";

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
