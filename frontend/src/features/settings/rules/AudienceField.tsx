import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AssignmentRule } from "@/api/assignment";
import { teamsQuery } from "@/api/people";
import { directoryQuery, findUsers } from "@/api/search";
import { Avatar } from "@/ui/Avatar";
import { Badge } from "@/ui/Badge";
import { Checkbox } from "@/ui/Checkbox";
import { Combobox } from "@/ui/Combobox";
import { FormField } from "@/ui/FormField";
import { IconButton } from "@/ui/IconButton";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { Select } from "@/ui/Select";
import type { Form } from "../FormDialog";
import { indented } from "../tree";
import type { RuleDraft } from "./draft";

interface AudienceFieldProps {
  form: Form<RuleDraft>;
  /** The rule as it stands; knows the names of its people. */
  rule: AssignmentRule | null;
}

interface Person {
  id: string;
  name: string;
  is_active: boolean;
}

/** Those who may be chosen by name, and those the rule names already. */
function usePeople(rule: AssignmentRule | null): Map<string, Person> {
  const everyone = useQuery(directoryQuery()).data ?? [];
  return new Map([...(rule?.users ?? []), ...everyone].map((person) => [person.id, person]));
}

/** Who gets the leads: one person, several in their order, or the members of a team. */
export function AudienceField(props: AudienceFieldProps) {
  const { t } = useTranslation();
  const { form } = props;
  const { strategy, audience } = form.values;
  if (strategy === "user") return <OnePerson {...props} />;
  return (
    <div className="col-span-full flex flex-col items-start gap-2">
      <SegmentedControl<RuleDraft["audience"]>
        label={t("settings:rules.audience")}
        value={audience}
        onChange={(next) => form.set({ audience: next })}
        options={[
          { value: "people", label: t("settings:rules.people") },
          { value: "team", label: t("settings:rules.team") },
        ]}
      />
      {audience === "team" ? <TeamMembers form={form} /> : <SeveralPeople {...props} />}
    </div>
  );
}

function OnePerson({ form, rule }: AudienceFieldProps) {
  const { t } = useTranslation();
  const people = usePeople(rule);
  const [id] = form.values.user_ids;
  return (
    <FormField
      className="col-span-full"
      label={t("settings:rules.person")}
      required
      error={form.error("user_ids")}
    >
      {(control) => (
        <Combobox
          {...control}
          value={id === undefined ? null : { id, name: people.get(id)?.name ?? "…" }}
          onChange={(person) => form.set({ user_ids: person ? [person.id] : [] })}
          search={findUsers}
          renderIcon={(person) => <Avatar name={person.name} />}
        />
      )}
    </FormField>
  );
}

function SeveralPeople({ form, rule }: AudienceFieldProps) {
  const { t } = useTranslation();
  const people = usePeople(rule);
  const { user_ids } = form.values;
  const add = (id: string | undefined) =>
    id !== undefined && !user_ids.includes(id) && form.set({ user_ids: [...user_ids, id] });

  function move(id: string, by: number) {
    const order = user_ids.filter((other) => other !== id);
    order.splice(user_ids.indexOf(id) + by, 0, id);
    form.set({ user_ids: order });
  }

  return (
    <div className="w-full">
      {user_ids.length > 0 && (
        <ol
          aria-label={t("settings:rules.chosen")}
          className="mb-2 max-h-64 overflow-y-auto border-line border-t"
        >
          {user_ids.map((id, index) => (
            <PersonLine
              key={id}
              person={people.get(id) ?? { id, name: "…", is_active: true }}
              isFirst={index === 0}
              isLast={index === user_ids.length - 1}
              onMove={(by) => move(id, by)}
              onRemove={() => form.set({ user_ids: user_ids.filter((other) => other !== id) })}
            />
          ))}
        </ol>
      )}
      <FormField label={t("settings:rules.addPerson")} error={form.error("user_ids")}>
        {(control) => (
          <Combobox
            {...control}
            value={null}
            onChange={(person) => add(person?.id)}
            search={async (text, signal) =>
              (await findUsers(text, signal)).filter(({ id }) => !user_ids.includes(id))
            }
            renderIcon={(person) => <Avatar name={person.name} />}
          />
        )}
      </FormField>
    </div>
  );
}

interface PersonLineProps {
  person: Person;
  isFirst: boolean;
  isLast: boolean;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

function PersonLine({ person, isFirst, isLast, onMove, onRemove }: PersonLineProps) {
  const { t } = useTranslation();
  const { name } = person;
  return (
    <li className="flex min-h-9 items-center gap-2 border-line border-b">
      <Avatar name={name} />
      <span className="min-w-0 truncate">{name}</span>
      {!person.is_active && <Badge>{t("settings:people.inactive")}</Badge>}
      <div className="ml-auto flex shrink-0 items-center">
        <IconButton
          size="sm"
          label={t("common:moveUpNamed", { name })}
          disabled={isFirst}
          onClick={() => onMove(-1)}
        >
          <ArrowUp />
        </IconButton>
        <IconButton
          size="sm"
          label={t("common:moveDownNamed", { name })}
          disabled={isLast}
          onClick={() => onMove(1)}
        >
          <ArrowDown />
        </IconButton>
        <IconButton size="sm" label={t("common:removeNamed", { name })} onClick={onRemove}>
          <X />
        </IconButton>
      </div>
    </li>
  );
}

function TeamMembers({ form }: { form: Form<RuleDraft> }) {
  const { t } = useTranslation();
  const teams = useQuery(teamsQuery()).data ?? [];
  const { team_id, with_subteams } = form.values;
  return (
    <div className="grid w-full grid-cols-2 items-end gap-x-3 gap-y-2 phone:grid-cols-1">
      <FormField label={t("settings:team")} required error={form.error("team_id")}>
        {(control) => (
          <Select
            {...control}
            value={team_id}
            onChange={(next) => form.set({ team_id: next })}
            placeholder={t("settings:rules.chooseTeam")}
            options={indented(teams)}
          />
        )}
      </FormField>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control */}
      <label className="flex h-8 items-center gap-2 phone:h-11">
        <Checkbox
          checked={with_subteams}
          onCheckedChange={(on) => form.set({ with_subteams: on })}
        />
        {t("settings:rules.withSubteams")}
      </label>
    </div>
  );
}
