import { fireEvent } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { afterPress } from "./press";

const settled = () => new Promise((resolve) => setTimeout(resolve));

test.each(["pointerUp", "pointerCancel", "contextMenu"] as const)(
  "what waits for a press is run when it ends: %s",
  async (end) => {
    const run = vi.fn();
    fireEvent.pointerDown(document.body);
    afterPress(run);
    await settled();
    expect(run).not.toHaveBeenCalled();
    fireEvent[end](document.body);
    expect(run).not.toHaveBeenCalled();
    await settled();
    expect(run).toHaveBeenCalledOnce();
    afterPress(run);
    await settled();
    expect(run).toHaveBeenCalledTimes(2);
  },
);
