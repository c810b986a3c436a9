import { type ListSearch, validateListSearch } from "./list-search";

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
