import { type ClipboardEvent, type DragEvent, useEffect, useState } from "react";
import { type Candidate, candidatesOf } from "./uploads";

function hasFiles({ dataTransfer }: { dataTransfer: DataTransfer | null }): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

/** A file that is dropped beside the place would be opened by the browser in place of the page, and what was typed be gone. */
function refuse(event: globalThis.DragEvent): void {
  if (!hasFiles(event) || event.defaultPrevented) return;
  event.preventDefault();
  if (event.dataTransfer) event.dataTransfer.dropEffect = "none";
}

/** Takes files that are dropped on an element or pasted into it. */
export function useDrop(onFiles: (candidates: Candidate[]) => void) {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    window.addEventListener("dragover", refuse);
    window.addEventListener("drop", refuse);
    return () => {
      window.removeEventListener("dragover", refuse);
      window.removeEventListener("drop", refuse);
    };
  }, []);

  function onDragOver(event: DragEvent) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    setOver(true);
  }
  function onDragLeave({ currentTarget, relatedTarget }: DragEvent) {
    if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false);
  }
  function onDrop(event: DragEvent) {
    setOver(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    onFiles(candidatesOf(event.dataTransfer));
  }
  function onPaste(event: ClipboardEvent) {
    const { clipboardData } = event;
    // Cells of a table come as text and as a picture of it: the text is meant.
    if (clipboardData.files.length === 0 || clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    onFiles(candidatesOf(clipboardData));
  }
  return { isOver, zone: { onDragOver, onDragLeave, onDrop, onPaste } };
}
