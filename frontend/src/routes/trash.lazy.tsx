import { useNavigate, useSearch } from "@tanstack/react-router";
import type { TrashType } from "@/api/records";
import { TrashPage } from "@/features/records/TrashPage";

/** The trash. */
export default function TrashRoute() {
  const { type } = useSearch({ strict: false }) as { type?: TrashType };
  const navigate = useNavigate();
  return (
    <TrashPage
      types={type === undefined ? [] : [type]}
      onTypes={([chosen]) =>
        void navigate({
          to: "/trash",
          search: (chosen === undefined ? {} : { type: chosen }) as never,
        })
      }
    />
  );
}
