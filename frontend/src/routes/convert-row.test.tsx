import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { useState } from "react";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { descriptors } from "@/features/records/descriptors";
import { type ListAddress, ListPage } from "@/features/records/ListPage";
import { renderRouted } from "@/test/routed";
import { lead, me } from "@/test/samples";
import { useConvertRow } from "./convert-row";

const conversion = {
  id: "v-1",
  customer_id: "c-1",
  contact_id: null,
  opportunity_id: null,
  converted_at: "2026-11-01T08:00:00Z",
  converted_by: "u-amy",
  can_undo_until: "2026-12-01T08:00:00Z",
};
const leads = [
  lead("l-1", { name: "王小明" }),
  lead("l-2", { name: "林晓", can: { edit: true, delete: true, assign: true, convert: false } }),
  lead("l-3", { name: "陈静", status_category: "converted", conversion }),
];
const empty = { data: [] };

const server = setupServer(
  http.get("*/api/v1/me", () => HttpResponse.json(me())),
  http.get("*/api/v1/lead-statuses", () => HttpResponse.json(empty)),
  http.get("*/api/v1/activities", () => HttpResponse.json({ data: [], page: {} })),
  http.get("*/api/v1/sources", () => HttpResponse.json(empty)),
  http.get("*/api/v1/pipelines", () => HttpResponse.json(empty)),
  http.get("*/api/v1/users/directory", () => HttpResponse.json(empty)),
  http.get("*/api/v1/leads/summary", () => HttpResponse.json(empty)),
  http.get("*/api/v1/leads", () =>
    HttpResponse.json({
      data: leads,
      page: { limit: 100, has_more: false },
      meta: { total: 3, total_is_exact: true },
    }),
  ),
  http.post("*/api/v1/leads/l-1/conversion/preview", () => new Promise(() => undefined)),
);

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(() => {
  for (const name of ["clientHeight", "clientWidth"] as const) {
    vi.spyOn(HTMLElement.prototype, name, "get").mockReturnValue(900);
  }
});
afterAll(() => server.close());

const start: ListAddress = { q: "", view: "all", sort: "-created_at", chosen: {}, peek: null };

function Sample() {
  const [address, setAddress] = useState(start);
  const { actions, dialog } = useConvertRow("leads");
  return (
    <>
      <ListPage
        descriptor={descriptors.leads}
        address={address}
        onAddress={(changes) => setAddress((old) => ({ ...old, ...changes }))}
        rowActions={actions}
      />
      {dialog}
    </>
  );
}

test("a lead that may be converted has a button for it in its row; others have none", async () => {
  const { user } = await renderRouted(<Sample />);
  await screen.findByRole("link", { name: "王小明" });
  const buttons = screen.getAllByRole("button", { name: /^Convert: / });
  expect(buttons.map((button) => button.getAttribute("aria-label"))).toEqual(["Convert: 王小明"]);
  await user.click(screen.getByRole("button", { name: "Convert: 王小明" }));
  expect(await screen.findByRole("dialog", { name: /王小明/ })).toBeTruthy();
});

test("V converts the lead in focus, and does nothing on one that cannot be", async () => {
  const { user } = await renderRouted(<Sample />);
  const link = await screen.findByRole("link", { name: "陈静" });
  link.closest<HTMLElement>("[role='row']")?.focus();
  await user.keyboard("v");
  expect(screen.queryByRole("dialog")).toBeNull();
  screen.getByRole("link", { name: "王小明" }).closest<HTMLElement>("[role='row']")?.focus();
  await user.keyboard("v");
  await waitFor(() => expect(screen.getByRole("dialog", { name: /王小明/ })).toBeTruthy());
});
