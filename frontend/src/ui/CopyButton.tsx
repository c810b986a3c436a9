import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "./IconButton";

const SHOWN = 2_000;

interface CopyButtonProps {
  text: string;
  label: string;
}

/** Puts a text on the clipboard and shows that it did. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <IconButton
      label={label}
      data-copied={isCopied || undefined}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      {isCopied ? <Check className="text-ok" /> : <Copy />}
    </IconButton>
  );
}
