import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { isComposing } from "@/lib/composing";
import { controlClass } from "./Input";

interface TagInputProps {
  value: string[];
  onChange: (tags: string[]) => void;
  label?: string;
  placeholder?: string;
  id?: string;
  autoFocus?: boolean;
  "aria-describedby"?: string | undefined;
  "aria-labelledby"?: string | undefined;
}

/** Free tags: Enter or a comma adds one, Backspace in the empty field takes the last away. */
export function TagInput(props: TagInputProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const { value, onChange } = props;

  function add(raw: string) {
    const added = raw.split(/[,，、]/).map((tag) => tag.trim());
    const next = [...new Set([...value, ...added])].filter((tag) => tag !== "");
    if (next.length !== value.length) onChange(next);
    setText("");
  }

  function onKeyDown(event: React.KeyboardEvent) {
    if (isComposing(event)) return;
    if (event.key === "Enter" && text.trim() !== "") {
      event.preventDefault();
      event.stopPropagation();
      add(text);
    } else if (event.key === "Backspace" && text === "") {
      onChange(value.slice(0, -1));
    }
  }

  return (
    <div
      className={cn(
        controlClass,
        "flex min-h-8 flex-wrap items-center gap-1 py-1 focus-within:border-accent phone:min-h-11",
      )}
    >
      {value.map((tag) => (
        <span
          key={tag}
          className="inline-flex h-5 items-center gap-0.5 rounded border border-line-strong pl-1.5 text-fg2 text-xs phone:h-8"
        >
          {tag}
          <button
            type="button"
            aria-label={t("common:removeNamed", { name: tag })}
            className="flex size-5 items-center justify-center rounded text-fg3 hover:text-fg phone:size-8"
            onClick={() => onChange(value.filter((other) => other !== tag))}
          >
            <X className="size-3" />
          </button>
        </span>
      ))}
      <input
        id={props.id}
        aria-label={props.label}
        aria-labelledby={props["aria-labelledby"]}
        aria-describedby={props["aria-describedby"]}
        autoFocus={props.autoFocus}
        value={text}
        placeholder={value.length === 0 ? props.placeholder : undefined}
        onChange={(event) => {
          const next = event.target.value;
          const ends = /[,，、]$/.test(next) && !isComposing(event);
          if (ends) add(next);
          else setText(next);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => text.trim() !== "" && add(text)}
        className="min-w-16 flex-1 bg-transparent outline-none"
      />
    </div>
  );
}
