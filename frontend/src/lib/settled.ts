import { useEffect, useState } from "react";

const PAUSE_MS = 120;

/** Waits for the typing to pause, but not longer than a blink. */
export function useSettledText(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
