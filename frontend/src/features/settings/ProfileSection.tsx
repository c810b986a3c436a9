import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Monitor, Moon, Sun } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { changePassword } from "@/api/account";
import { meQuery, updateMe } from "@/api/me";
import { asProblem } from "@/api/problem";
import type { Me } from "@/api/types";
import { changeLanguage } from "@/lib/i18n";
import { setTheme, type Theme, useTheme } from "@/lib/theme";
import { Avatar } from "@/ui/Avatar";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { toast } from "@/ui/Toast";
import { CalendarFeed } from "./CalendarFeed";
import { Frame, Part } from "./Frame";
import { LanguageField, TextField, ZoneField } from "./fields";
import { Loaded } from "./Loaded";
import { SessionList } from "./SessionList";

/** What the user may change about themselves. */
export default function ProfileSection() {
  const { t } = useTranslation();
  const me = useQuery(meQuery());
  return (
    <Frame title={t("settings:section.profile")}>
      <Loaded query={me}>
        {(user) => (
          <>
            <Part title={t("settings:profile.about")}>
              <AboutForm key={user.version} me={user} />
            </Part>
            <Part title={t("settings:profile.look")}>
              <ThemePicker me={user} />
            </Part>
            <Part title={t("settings:feed.title")}>
              <CalendarFeed />
            </Part>
            <Part title={t("settings:profile.password")}>
              <PasswordForm />
            </Part>
            <Part title={t("settings:profile.sessions")}>
              <SessionList />
            </Part>
          </>
        )}
      </Loaded>
    </Frame>
  );
}

type MeChanges = Parameters<typeof updateMe>[0];

function useMeUpdate(me: Me) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: MeChanges) => updateMe(changes, me.version),
    onSuccess: (changed) => client.setQueryData(meQuery().queryKey, changed),
    onError: (error) => {
      if (asProblem(error).status === 412) {
        void client.invalidateQueries({ queryKey: meQuery().queryKey });
      }
    },
  });
}

function AboutForm({ me }: { me: Me }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const update = useMeUpdate(me);
  const current = i18n.language === "en" ? "en" : "zh-CN";
  const [values, setValues] = useState({
    name: me.name,
    language: me.language ?? current,
    time_zone: me.time_zone ?? me.organisation.time_zone,
  });
  const errors = update.error ? asProblem(update.error).fieldErrors() : {};
  const set = (changes: Partial<typeof values>) => setValues({ ...values, ...changes });
  async function submit(event: FormEvent) {
    event.preventDefault();
    try {
      await update.mutateAsync(values);
    } catch (error) {
      const problem = asProblem(error);
      if (Object.keys(problem.fieldErrors()).length === 0) {
        toast(problem.title, { tone: "error" });
      }
      return;
    }
    toast(t("settings:saved"));
    if (values.language !== current) {
      await changeLanguage(values.language);
      await client.invalidateQueries();
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <div className="mb-4 flex items-center gap-3">
        <Avatar name={me.name} size="lg" />
        <div className="min-w-0">
          <p className="truncate">{me.email}</p>
          <p className="mt-0.5 flex flex-wrap gap-1">
            {me.roles.map((role) => (
              <Badge key={role.id}>{role.name}</Badge>
            ))}
            {me.team && <Badge>{me.team.name}</Badge>}
          </p>
        </div>
      </div>
      <div className="grid grid-cols-3 gap-3 phone:grid-cols-1">
        <TextField
          label={t("settings:people.name")}
          value={values.name}
          autoComplete="name"
          onChange={(name) => set({ name })}
          error={errors.name}
        />
        <LanguageField value={values.language} onChange={(language) => set({ language })} />
        <ZoneField
          value={values.time_zone}
          onChange={(zone) => zone !== null && set({ time_zone: zone })}
          error={errors.time_zone}
        />
      </div>
      <Button type="submit" variant="primary" className="mt-4" busy={update.isPending}>
        {t("settings:save")}
      </Button>
    </form>
  );
}

const THEMES = [
  { value: "light", icon: <Sun /> },
  { value: "dark", icon: <Moon /> },
  { value: "system", icon: <Monitor /> },
] as const;

function ThemePicker({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { theme } = useTheme();
  const update = useMeUpdate(me);
  return (
    <SegmentedControl<Theme>
      label={t("settings:profile.look")}
      value={theme}
      onChange={(next) => {
        setTheme(next);
        update.mutate({ theme: next });
      }}
      options={THEMES.map(({ value, icon }) => ({
        value,
        icon,
        label: t(`settings:theme.${value}`),
      }))}
    />
  );
}

function PasswordForm() {
  const { t } = useTranslation();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useMutation({
    mutationFn: () => changePassword(current, next),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      toast(t("settings:profile.passwordChanged"));
    },
  });
  const problem = change.error ? asProblem(change.error) : null;
  const errors = problem?.fieldErrors() ?? {};
  const isWrong = problem?.code === "invalid_credentials";
  const complaint = problem && !isWrong && Object.keys(errors).length === 0 ? problem : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <div className="grid max-w-xl grid-cols-2 gap-3 phone:grid-cols-1">
        <TextField
          type="password"
          autoComplete="current-password"
          label={t("settings:profile.currentPassword")}
          value={current}
          onChange={setCurrent}
          error={
            errors.current_password ?? (isWrong ? t("settings:profile.wrongPassword") : undefined)
          }
        />
        <TextField
          type="password"
          autoComplete="new-password"
          label={t("settings:profile.newPassword")}
          value={next}
          onChange={setNext}
          error={errors.new_password ?? complaint?.detail ?? complaint?.title}
        />
      </div>
      <Button
        type="submit"
        className="mt-4"
        busy={change.isPending}
        disabled={current === "" || next === ""}
      >
        {t("settings:profile.changePassword")}
      </Button>
    </form>
  );
}
