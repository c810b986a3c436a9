import { format, parseISO } from "date-fns";
import { DayPicker } from "react-day-picker";
import { enUS } from "react-day-picker/locale/en-US";
import { zhCN } from "react-day-picker/locale/zh-CN";
import { useFormat } from "@/lib/format";

interface CalendarProps {
  value: string | null;
  onChange: (value: string) => void;
}

const day =
  "size-8 rounded-md text-center hover:bg-hover phone:size-11 focus-visible:outline-2 focus-visible:outline-accent";

/** A month to choose a day from; weeks start on Monday. */
export default function Calendar({ value, onChange }: CalendarProps) {
  const { language } = useFormat();
  const selected = value ? parseISO(value) : undefined;
  return (
    <DayPicker
      mode="single"
      required
      locale={language === "zh-CN" ? zhCN : enUS}
      weekStartsOn={1}
      captionLayout="dropdown"
      selected={selected}
      defaultMonth={selected ?? new Date()}
      onSelect={(date: Date) => onChange(format(date, "yyyy-MM-dd"))}
      classNames={{
        root: "relative p-1",
        months: "",
        month_caption: "flex h-8 items-center px-2 font-medium",
        dropdowns: "flex gap-2",
        dropdown_root: "relative",
        dropdown: "absolute inset-0 opacity-0",
        caption_label: "flex items-center gap-1",
        nav: "absolute top-1 right-1 z-10 flex gap-1",
        button_previous:
          "flex size-8 items-center justify-center rounded-md text-fg2 hover:bg-hover phone:size-11",
        button_next:
          "flex size-8 items-center justify-center rounded-md text-fg2 hover:bg-hover phone:size-11",
        chevron: "size-4 fill-current",
        month_grid: "mt-1 border-collapse",
        weekday: "h-8 w-8 font-normal text-fg3 text-xs",
        day: "p-0 text-center tnum",
        day_button: day,
        selected: "[&>button]:bg-accent [&>button]:text-accent-fg",
        today: "font-semibold text-accent",
        outside: "text-fg3",
      }}
    />
  );
}
