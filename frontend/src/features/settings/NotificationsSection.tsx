import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  type NotificationSettings,
  notificationSettingsQuery,
  putNotificationSettings,
  type SettingsInput,
} from "@/api/notifications";
import { asProblem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Checkbox } from "@/ui/Checkbox";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { toast } from "@/ui/Toast";
import { DigestPart } from "./DigestPart";
import { Frame, Part } from "./Frame";
import { Loaded } from "./Loaded";
import { NotificationKinds } from "./NotificationKinds";

/** What the user is told of, and when not. */
export default function NotificationsSection() {
  const { t } = useTranslation();
  const settings = useQuery(notificationSettingsQuery());
  return (
    <Frame title={t("settings:section.notifications")}>
      <Loaded query={settings}>
        {(current) => <SettingsForm key={current.version} settings={current} />}
      </Loaded>
    </Frame>
  );
}

const NIGHT = { start: "22:00", end: "08:00" };

function useSave({ version }: NotificationSettings) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { queryKey } = notificationSettingsQuery();
  return useMutation({
    mutationFn: (input: SettingsInput) => putNotificationSettings(input, version),
    onSuccess: (written) => {
      client.setQueryData(queryKey, written);
      toast(t("settings:saved"));
    },
    onError: (error) => {
      const problem = asProblem(error);
      if (problem.errors.length > 0) return;
      toast(problem.title, {
        tone: "error",
        ...(problem.detail && { description: problem.detail }),
      });
      if (problem.status === 412) void client.invalidateQueries({ queryKey });
    },
  });
}

interface PartOfForm {
  values: SettingsInput;
  onChange: (changes: Partial<SettingsInput>) => void;
  /** What the server said of a field. */
  errors: Record<string, string>;
}

function SettingsForm({ settings }: { settings: NotificationSettings }) {
  const { t } = useTranslation();
  const { has_mail: hasMail, version: _, ...current } = settings;
  const [values, setValues] = useState<SettingsInput>(current);
  const save = useSave(settings);
  const part: PartOfForm = {
    values,
    onChange: (changes) => setValues((old) => ({ ...old, ...changes })),
    errors: save.error ? asProblem(save.error).fieldErrors() : {},
  };
  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(values);
  }
  return (
    <form onSubmit={submit}>
      <Part title={t("settings:alerts.what")}>
        <NotificationKinds
          way="inbox"
          kinds={values.kinds}
          onChange={(kinds) => part.onChange({ kinds })}
        />
      </Part>
      <Part title={t("settings:alerts.quiet")}>
        <QuietHours {...part} />
      </Part>
      {hasMail && (
        <Part title={t("settings:alerts.digest")}>
          <DigestPart {...part} />
        </Part>
      )}
      <Button type="submit" variant="primary" busy={save.isPending}>
        {t("settings:save")}
      </Button>
    </form>
  );
}

function QuietHours({ values: { quiet_hours: hours }, onChange, errors }: PartOfForm) {
  const { t } = useTranslation();
  const id = useId();
  const times = (["start", "end"] as const).map((end) => (
    <FormField
      key={end}
      label={t(`settings:alerts.${end}`)}
      className="w-32 phone:w-40"
      error={errors[`quiet_hours.${end}`]}
    >
      {(control) => (
        <Input
          {...control}
          type="time"
          required
          value={hours?.[end] ?? ""}
          onChange={({ target }) =>
            hours && onChange({ quiet_hours: { ...hours, [end]: target.value } })
          }
        />
      )}
    </FormField>
  ));
  return (
    <>
      <p className="mb-3 max-w-xl text-fg2">{t("settings:alerts.quietHint")}</p>
      <div className="flex items-center gap-2 phone:min-h-11">
        <Checkbox
          id={id}
          aria-labelledby={`${id}-label`}
          checked={hours !== null}
          onCheckedChange={(isOn) => onChange({ quiet_hours: isOn ? NIGHT : null })}
        />
        <label id={`${id}-label`} htmlFor={id}>
          {t("settings:alerts.quietOn")}
        </label>
      </div>
      {hours && <div className="mt-3 flex gap-3">{times}</div>}
    </>
  );
}
