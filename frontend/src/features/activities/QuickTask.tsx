import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { today } from "@/lib/format";
import { Button } from "@/ui/Button";
import { DateField } from "@/ui/DateField";
import { Input } from "@/ui/Input";
import { blank } from "./draft";
import { reasonsOf, usePosting } from "./use-posting";

/** A line in which a task is written down for oneself; Enter adds it. */
export function QuickTask() {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [date, setDate] = useState<string | null>(today);
  const { post, isPosting, problem } = usePosting();

  async function add(event: FormEvent) {
    event.preventDefault();
    if (isPosting || text.trim() === "") return;
    if (await post({ ...blank("task"), text, date }, [])) setText("");
  }

  return (
    <form
      onSubmit={(event) => void add(event)}
      className="flex flex-wrap gap-2 border-line border-b px-4 py-3 phone:px-3"
    >
      <Input
        className="min-w-48 flex-1 phone:basis-full"
        aria-label={t("activities:newTask")}
        placeholder={t("activities:newTaskHint")}
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <DateField
        className="w-44 phone:flex-1"
        label={t("activities:due")}
        placeholder={t("activities:noDue")}
        value={date}
        onChange={setDate}
      />
      <Button
        type="submit"
        icon={<Plus className="size-4" />}
        busy={isPosting}
        disabled={text.trim() === ""}
      >
        {t("activities:add")}
      </Button>
      {problem && (
        <p role="alert" className="basis-full text-danger">
          {reasonsOf(problem)}
        </p>
      )}
    </form>
  );
}
