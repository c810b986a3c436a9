import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { putRecord } from "@/api/record-cache";
import type { Customer } from "@/api/types";
import { toast } from "@/ui/Toast";
import { refreshMoved } from "./claim";
import { refusalWords } from "./refusal";

/** Moves the customer of an id and says what came of it; a refusal stays in the dialog, in words. */
export function useMove(id: string, onDone: () => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const move = useMutation({
    mutationFn: async ({ send, done }: { send: () => Promise<Customer>; done: string }) => {
      const moved = await send();
      putRecord(client, "customers", moved);
      toast(done);
      onDone();
    },
    onSettled: () => refreshMoved(client, id),
  });
  return {
    isMoving: move.isPending,
    move: (send: () => Promise<Customer>, done: string) => move.mutate({ send, done }),
    /** Why it was refused; `receiver` is whom the customer was to go to. */
    refusal: (receiver?: string) =>
      move.error ? refusalWords(asProblem(move.error), t, { receiver }) : undefined,
    forget: move.reset,
  };
}
