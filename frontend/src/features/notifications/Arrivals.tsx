import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { unreadQuery } from "@/api/notifications";
import { withTexts } from "@/lib/i18n";

interface ArrivalsProps {
  /** What the message of several at once leads to. */
  onSeveral: () => void;
}

/** Says so in passing when notifications come while the page is open, save in quiet hours; shows nothing itself. */
export function Arrivals({ onSeveral }: ArrivalsProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { unread, is_quiet: isQuiet = true } = useQuery(unreadQuery()).data ?? {};
  const known = useRef<number | undefined>(undefined);
  const latest = useRef(onSeveral);
  latest.current = onSeveral;
  useEffect(() => {
    const before = known.current;
    known.current = unread;
    if (unread === undefined || before === undefined || unread <= before || isQuiet) return;
    void withTexts("notifications", () => import("./announce")).then(({ announce }) =>
      announce(client, {
        most: unread - before,
        open: ({ to, search }) => void navigate({ to, search: search as never }),
        openAll: () => latest.current(),
      }),
    );
  }, [unread, isQuiet, client, navigate]);
  return null;
}
