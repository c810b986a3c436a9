import { useQuery } from "@tanstack/react-query";
import { Dices } from "lucide-react";
import { useTranslation } from "react-i18next";
import { meQuery } from "@/api/me";
import {
  createUser,
  rolesQuery,
  teamsQuery,
  type User,
  type UserInput,
  updateUser,
} from "@/api/people";
import { findUsers } from "@/api/search";
import { Checkbox } from "@/ui/Checkbox";
import { Combobox } from "@/ui/Combobox";
import { CopyButton } from "@/ui/CopyButton";
import { FormField } from "@/ui/FormField";
import { IconButton } from "@/ui/IconButton";
import { Input } from "@/ui/Input";
import { Select } from "@/ui/Select";
import { type Form, FormDialog } from "./FormDialog";
import { LanguageField, TextField, ZoneField } from "./fields";
import { indented } from "./tree";

type Values = Omit<UserInput, "is_active"> & { manager: { id: string; name: string } | null };

const LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** A password nobody would guess, without letters that look alike. */
function randomPassword(): string {
  const numbers = crypto.getRandomValues(new Uint32Array(16));
  return [...numbers].map((number) => LETTERS[number % LETTERS.length]).join("");
}

function initialOf(user: User | null, language: "zh-CN" | "en", zone: string): Values {
  return {
    name: user?.name ?? "",
    email: user?.email ?? "",
    language: user ? user.language : language,
    time_zone: user ? user.time_zone : zone,
    team_id: user?.team_id ?? null,
    manager_id: user?.manager_id ?? null,
    manager: user?.manager ?? null,
    role_ids: user?.roles.map((role) => role.id) ?? [],
    password: "",
  };
}

function send(user: User | null, values: Values) {
  const { manager, password, ...input } = values;
  const body = {
    ...input,
    manager_id: manager?.id ?? null,
    ...(password !== "" && { password }),
  };
  return user ? updateUser(user.id, user.version, body) : createUser(body);
}

/** Makes or changes a person: who they are, what they may do, where they belong. */
export function PersonDialog({ user, onClose }: { user: User | null; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const zone = useQuery(meQuery()).data?.organisation.time_zone ?? "UTC";
  const language = i18n.language === "en" ? "en" : "zh-CN";
  return (
    <FormDialog<Values>
      title={user ? t("settings:people.editTitle", { name: user.name }) : t("settings:people.add")}
      submitLabel={user ? t("settings:save") : t("settings:people.create")}
      initial={initialOf(user, language, zone)}
      save={(values) => send(user, values)}
      refresh={["people"]}
      onClose={onClose}
    >
      {(form) => (
        <>
          <TextField
            label={t("settings:people.name")}
            required
            value={form.values.name}
            onChange={(name) => form.set({ name })}
            error={form.error("name")}
          />
          <TextField
            label={t("settings:email")}
            required
            type="email"
            value={form.values.email}
            onChange={(email) => form.set({ email })}
            error={form.error("email")}
          />
          <RolesField form={form} />
          <TeamField form={form} />
          <FormField label={t("settings:manager")} error={form.error("manager_id")}>
            {(control) => (
              <Combobox
                {...control}
                value={form.values.manager}
                onChange={(manager) => form.set({ manager })}
                search={findUsers}
              />
            )}
          </FormField>
          <LanguageField
            value={form.values.language}
            onChange={(chosen) => form.set({ language: chosen })}
          />
          <ZoneField
            value={form.values.time_zone}
            onChange={(time_zone) => time_zone !== null && form.set({ time_zone })}
            error={form.error("time_zone")}
          />
          <PasswordField form={form} isNew={user === null} />
        </>
      )}
    </FormDialog>
  );
}

function RolesField({ form }: { form: Form<Values> }) {
  const { t } = useTranslation();
  const roles = useQuery(rolesQuery()).data ?? [];
  const { role_ids } = form.values;
  function toggle(id: string, on: boolean) {
    const others = role_ids.filter((other) => other !== id);
    form.set({ role_ids: on ? [...others, id] : others });
  }
  const error = form.error("role_ids");
  return (
    <fieldset className="col-span-full">
      <legend className="mb-1 text-fg2 text-xs">{t("settings:section.roles")}</legend>
      <div className="grid grid-cols-3 gap-x-3 phone:grid-cols-2">
        {roles.map((role) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
          <label key={role.id} className="flex h-8 items-center gap-2 phone:h-11">
            <Checkbox
              checked={role_ids.includes(role.id)}
              onCheckedChange={(on) => toggle(role.id, on)}
            />
            <span className="truncate">{role.name}</span>
          </label>
        ))}
      </div>
      {error && <p className="text-danger text-xs">{error}</p>}
    </fieldset>
  );
}

function TeamField({ form }: { form: Form<Values> }) {
  const { t } = useTranslation();
  const teams = useQuery(teamsQuery()).data ?? [];
  return (
    <FormField label={t("settings:team")} error={form.error("team_id")}>
      {(control) => (
        <Select
          {...control}
          value={form.values.team_id}
          onChange={(team_id) => form.set({ team_id })}
          emptyLabel={t("settings:noTeam")}
          options={indented(teams)}
        />
      )}
    </FormField>
  );
}

function PasswordField({ form, isNew }: { form: Form<Values>; isNew: boolean }) {
  const { t } = useTranslation();
  const { password } = form.values;
  return (
    <FormField
      className="col-span-full"
      label={isNew ? t("settings:people.firstPassword") : t("settings:people.newPassword")}
      hint={isNew ? t("settings:people.firstPasswordHint") : t("settings:people.newPasswordHint")}
      error={form.error("password")}
      required={isNew}
    >
      {(control) => (
        <div className="flex items-center gap-1">
          <Input
            {...control}
            autoComplete="new-password"
            spellCheck={false}
            value={password}
            onChange={(event) => form.set({ password: event.target.value })}
          />
          <IconButton
            label={t("settings:people.generate")}
            onClick={() => form.set({ password: randomPassword() })}
          >
            <Dices />
          </IconButton>
          <CopyButton label={t("settings:people.copyPassword")} text={password} />
        </div>
      )}
    </FormField>
  );
}
