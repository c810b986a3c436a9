import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { Avatar, initialOf } from "./Avatar";
import { Badge, Status, Tag } from "./Badge";
import { Breadcrumb } from "./Breadcrumb";
import { colourOf, colourVars } from "./colours";
import { EmptyState } from "./EmptyState";
import { ErrorState } from "./ErrorState";
import { FormField } from "./FormField";
import { Input } from "./Input";
import { PageHeader } from "./PageHeader";
import { SkeletonRows } from "./Skeleton";

test("the letter of a person is the family name, of a company its own name", () => {
  expect(initialOf("王小明")).toBe("王");
  expect(initialOf("ada lovelace")).toBe("A");
  expect(initialOf("上海明德精密机械有限公司", "company")).toBe("明");
  expect(initialOf("上海", "company")).toBe("上");
  expect(initialOf("(未命名)")).toBe("未");
  expect(initialOf("  ")).toBe("?");
});

test("a name always has the same colour", () => {
  expect(colourOf("林晓")).toBe(colourOf("林晓"));
  expect(colourOf("林晓")).not.toBe("gray");
  expect(colourVars("no such colour").dot).toBe("var(--gray-dot)");
});

test("an avatar is decoration and a status is text", () => {
  render(
    <>
      <Avatar name="林晓" />
      <Status colour="green">Won</Status>
      <Badge colour="red">Hot</Badge>
      <Tag>展会</Tag>
    </>,
  );
  expect(screen.getByText("林").getAttribute("aria-hidden")).toBe("true");
  expect(screen.getByText("Won")).toBeTruthy();
  expect(screen.getByText("Hot")).toBeTruthy();
  expect(screen.getByText("展会")).toBeTruthy();
});

test("an error says what happened, offers a retry and the request id", async () => {
  const retry = vi.fn();
  const { user } = render(
    <ErrorState
      problem={{ title: "Could not load", detail: "No answer", requestId: "req-1" }}
      onRetry={retry}
    />,
  );
  expect(screen.getByRole("alert").textContent).toContain("req-1");
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(retry).toHaveBeenCalledOnce();
});

test("an empty state offers what to do", () => {
  render(<EmptyState title="No leads yet" action={<button type="button">New lead</button>} />);
  expect(screen.getByText("No leads yet")).toBeTruthy();
  expect(screen.getByRole("button", { name: "New lead" })).toBeTruthy();
});

test("a field ties label, hint and error to its control", () => {
  render(
    <FormField label="Name" hint="As on the card" error="Missing" required>
      {(control) => <Input {...control} />}
    </FormField>,
  );
  const input = screen.getByLabelText(/Name/);
  const described = input.getAttribute("aria-describedby")?.split(" ") ?? [];
  const texts = described.map((id) => document.getElementById(id)?.textContent);
  expect(texts).toEqual(["Missing", "As on the card"]);
  expect(input.getAttribute("aria-invalid")).toBe("true");
});

test("a page header is the heading of the page", () => {
  render(
    <PageHeader
      title="Leads"
      meta="12"
      before={<Breadcrumb parts={[{ id: "a", link: <a href="/leads">All</a> }]} />}
    />,
  );
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Leads");
  expect(screen.getByRole("navigation", { name: "Path" })).toBeTruthy();
});

test("loading rows are announced as busy", () => {
  render(<SkeletonRows label="Loading leads" />);
  expect(screen.getByRole("status", { name: "Loading leads" }).getAttribute("aria-busy")).toBe(
    "true",
  );
});
