import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { type BoardAddress, BoardPage } from "@/features/board/BoardPage";
import { readBoardAddress, writeBoardAddress } from "./board-address";
import type { BoardSearch } from "./board-search";
import { BoardSwitch } from "./board-switch";

/** The opportunities as a board. */
export default function BoardRoute() {
  const search = useSearch({ strict: false }) as BoardSearch;
  const navigate = useNavigate();
  const address = useMemo(() => readBoardAddress(search), [search]);
  const change = useCallback(
    (changes: Partial<BoardAddress>) =>
      void navigate({
        to: ".",
        search: ((old: BoardSearch) =>
          writeBoardAddress({ ...readBoardAddress(old), ...changes })) as never,
        replace: true,
      }),
    [navigate],
  );
  return <BoardPage address={address} onAddress={change} actions={<BoardSwitch value="board" />} />;
}
