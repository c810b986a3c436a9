import { Mail, Phone } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { Input } from "./Input";

type Props = Omit<ComponentProps<"input">, "type">;

/** A phone number as people write it; the server makes it E.164. */
export function PhoneField({ className, ...rest }: Props) {
  return (
    <div className="relative">
      <Phone className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-fg3" />
      <Input
        type="tel"
        inputMode="tel"
        autoComplete="off"
        className={cn("tnum pl-8", className)}
        {...rest}
      />
    </div>
  );
}

/** An e-mail address; blanks pasted around it are dropped. */
export function EmailField({ className, onBlur, onChange, ...rest }: Props) {
  return (
    <div className="relative">
      <Mail className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-fg3" />
      <Input
        type="text"
        inputMode="email"
        autoCapitalize="off"
        autoComplete="off"
        spellCheck={false}
        className={cn("pl-8", className)}
        onChange={onChange}
        onBlur={(event) => {
          const trimmed = event.target.value.trim();
          if (trimmed !== event.target.value) {
            event.target.value = trimmed;
            onChange?.(event);
          }
          onBlur?.(event);
        }}
        {...rest}
      />
    </div>
  );
}
