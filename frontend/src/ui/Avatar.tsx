import { cn } from "@/lib/cn";
import { colourOf, colourVars } from "./colours";

// Places in front of a Chinese company's own name say little: 上海明德… is known as 明.
const PLACE =
  /^(北京|上海|天津|重庆|广州|深圳|杭州|南京|苏州|成都|武汉|西安|青岛|宁波|厦门|长沙|郑州|合肥|无锡|佛山|东莞|济南|大连|沈阳|福州|昆明|中国|江苏|浙江|广东|山东|四川|湖北|湖南|福建|安徽|河南|河北)(省|市)?/;

/** The letter that stands for a name: 姓 of a person, the own name of a company, else the first. */
export function initialOf(name: string, kind: "person" | "company" = "person"): string {
  const trimmed = name.trim();
  const own = kind === "company" ? trimmed.replace(PLACE, "") || trimmed : trimmed;
  const letter = [...own].find((char) => /[\p{L}\p{N}]/u.test(char));
  return (letter ?? "?").toUpperCase();
}

interface AvatarProps {
  name: string;
  kind?: "person" | "company";
  size?: "sm" | "md" | "lg";
  className?: string;
}

const sizes = {
  sm: "size-5 text-[10.5px]",
  md: "size-7 text-xs",
  lg: "size-9 text-base",
};

/** A letter on a colour that always belongs to the same name. People are round, companies square. */
export function Avatar({ name, kind = "person", size = "sm", className }: AvatarProps) {
  const vars = colourVars(colourOf(name));
  return (
    <span
      aria-hidden="true"
      className={cn(
        "inline-flex shrink-0 select-none items-center justify-center font-semibold",
        kind === "person" ? "rounded-full" : size === "sm" ? "rounded" : "rounded-md",
        sizes[size],
        className,
      )}
      style={{ background: vars.soft, color: vars.text }}
    >
      {initialOf(name, kind)}
    </span>
  );
}
