import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense, useState } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { lazyAhead } from "./lazy";
import { useShortcuts } from "./shortcuts";
import { holdKeys, releaseKeys } from "./typed-ahead";

afterEach(releaseKeys);

function Field({ label }: { label: string }) {
  const [text, setText] = useState("");
  return <input aria-label={label} value={text} onChange={(e) => setText(e.target.value)} />;
}

function Page({ isOpen = false, onM = () => undefined }) {
  useShortcuts({ m: onM });
  return (
    <>
      <Field label="below" />
      {isOpen && (
        <div role="dialog">
          <button type="button">close</button>
          <Field label="above" />
          <Field label="second" />
        </div>
      )}
    </>
  );
}

const below = () => screen.getByRole<HTMLInputElement>("textbox", { name: "below" });
const above = () => screen.getByRole<HTMLInputElement>("textbox", { name: "above" });

test("what is typed before a layer is there is in its first field, and nothing else has seen it", async () => {
  const onM = vi.fn();
  const { rerender } = render(<Page onM={onM} />);
  await userEvent.keyboard("m");
  expect(onM).toHaveBeenCalledTimes(1);

  holdKeys(vi.fn());
  await userEvent.keyboard("lium");
  await userEvent.click(below());
  await userEvent.keyboard("x{Backspace}!");
  expect(onM).toHaveBeenCalledTimes(1);
  expect(below().value).toBe("");

  rerender(<Page isOpen onM={onM} />);
  act(() => above().focus());
  expect(above().value).toBe("lium!");
  await userEvent.keyboard("ng");
  expect(above().value).toBe("lium!ng");
});

test("what follows Tab is not put into the first field", async () => {
  const { rerender } = render(<Page />);
  holdKeys(vi.fn());
  await userEvent.keyboard("a{Tab}b{Backspace}c");
  rerender(<Page isOpen />);
  act(() => above().focus());
  expect(above().value).toBe("a");
});

test("Escape says that the layer is not wanted; Ctrl and its like act as ever", async () => {
  const giveUp = vi.fn();
  const onKey = vi.fn();
  window.addEventListener("keydown", onKey);
  render(<Page />);
  holdKeys(giveUp);
  await userEvent.keyboard("{Escape}");
  expect(giveUp).toHaveBeenCalledTimes(1);
  expect(onKey).not.toHaveBeenCalled();
  await userEvent.keyboard("{Control>}k{/Control}");
  expect(onKey).toHaveBeenCalled();
  window.removeEventListener("keydown", onKey);
});

test("keys act again soon where a layer has no field, and where none comes", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  const onM = vi.fn();
  const { rerender } = render(<Page onM={onM} />);
  holdKeys(vi.fn());
  await user.keyboard("m");
  act(() => void vi.advanceTimersByTime(3_000));
  await user.keyboard("m");
  expect(onM).toHaveBeenCalledTimes(1);

  rerender(<Page isOpen onM={onM} />);
  holdKeys(vi.fn());
  act(() => screen.getByRole("button").focus());
  act(() => void vi.advanceTimersByTime(150));
  await user.keyboard("{Tab}");
  expect(document.activeElement).toBe(above());
  vi.useRealTimers();
});

test("what was loaded ahead is drawn at once, other things when they are there", async () => {
  const [Ready, ahead] = lazyAhead(async () => () => <p>ready</p>);
  const [Late] = lazyAhead(async () => () => <p>late</p>);
  await ahead();
  const drawn = (Component: typeof Ready) =>
    render(
      <Suspense fallback={<p>wait</p>}>
        <Component />
      </Suspense>,
    );
  drawn(Ready);
  expect(screen.queryByText("wait")).toBeNull();
  expect(screen.getByText("ready")).not.toBeNull();
  drawn(Late);
  expect(screen.getByText("wait")).not.toBeNull();
  expect(await screen.findByText("late")).not.toBeNull();
});
