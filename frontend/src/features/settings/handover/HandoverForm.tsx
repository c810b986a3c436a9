import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Holdings } from "@/api/handover";
import type { User } from "@/api/people";
import { findUsers } from "@/api/search";
import type { Ref } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Checkbox } from "@/ui/Checkbox";
import { Combobox } from "@/ui/Combobox";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { Switch } from "@/ui/Switch";
import { useMayConfigure } from "../use-may";
import { countWords } from "./counts";
import { type Draft, heirOf, shownKinds } from "./draft";
import { HeldCounts } from "./HeldCounts";
import { KindField } from "./KindField";
import { PeopleField } from "./PeopleField";
import { customersPlace, overWords, type Refused } from "./refusal";

interface HandoverFormProps {
  user: User;
  holdings: Holdings;
  draft: Draft;
  onChange: (changes: Partial<Draft>) => void;
  refused: Refused;
}

/** What somebody has, to whom it goes, and whether they are switched off with it. */
export function HandoverForm(props: HandoverFormProps) {
  const { t } = useTranslation();
  const { user, holdings, draft, onChange, refused } = props;
  const place = customersPlace(draft);
  const over = <OverCaps {...props} />;
  return (
    <div className="flex flex-col gap-5">
      <Step title={t("handover:form.has", { name: user.name })}>
        <HeldCounts holdings={holdings} />
      </Step>
      <Step title={t("handover:form.to")}>
        <PeopleField
          label={t("handover:form.everything")}
          value={draft.everything}
          onChange={(everything) => onChange({ everything })}
          except={user.id}
          error={refused.at.everything}
          required
        />
        {place === "everything" && over}
        <Details {...props}>{place === "customers" && over}</Details>
        {holdings.closed_opportunities > 0 && (
          <Tick
            checked={draft.withClosed}
            onChange={(withClosed) => onChange({ withClosed })}
            label={t("handover:form.withClosed", {
              what: countWords(t, "closed_opportunities", holdings.closed_opportunities),
            })}
          />
        )}
      </Step>
      {(holdings.assignment_rules > 0 || holdings.reports > 0) && (
        <div className="grid grid-cols-2 gap-x-3 gap-y-4 phone:grid-cols-1">
          {holdings.assignment_rules > 0 && (
            <OnePerson
              label={t("handover:form.rulesTo", { count: holdings.assignment_rules })}
              hint={t("handover:form.rulesHint")}
              value={heirOf(draft, "rulesTo")}
              onChange={(rulesTo) => onChange({ rulesTo })}
              except={user.id}
              error={refused.at.rulesTo}
            />
          )}
          {holdings.reports > 0 && (
            <OnePerson
              label={t("handover:form.reportsTo", { count: holdings.reports })}
              hint={t("handover:form.reportsHint", { name: user.name })}
              value={heirOf(draft, "reportsTo")}
              onChange={(reportsTo) => onChange({ reportsTo })}
              except={user.id}
              error={refused.at.reportsTo}
            />
          )}
        </div>
      )}
      <FormField label={t("handover:form.reason")} error={refused.at.reason}>
        {(control) => (
          <Input
            {...control}
            maxLength={500}
            autoComplete="off"
            value={draft.reason}
            onChange={(event) => onChange({ reason: event.target.value })}
          />
        )}
      </FormField>
      {user.is_active && <SwitchOff {...props} />}
    </div>
  );
}

function Step({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-3">
      <h3 className="font-medium">{title}</h3>
      {children}
    </section>
  );
}

/** Kind by kind, for whoever does not give everything to the same. */
function Details({ children, ...props }: HandoverFormProps & { children: ReactNode }) {
  const { t } = useTranslation();
  const { user, holdings, draft, onChange, refused } = props;
  const isOwn = Object.values(draft.kinds).some(({ way }) => way !== "everything");
  const [isWanted, setWanted] = useState(isOwn);
  const kinds = shownKinds(holdings);
  const isOpen = isWanted || kinds.some((kind) => refused.at[kind] !== undefined);
  const id = useId();
  return (
    <div>
      <Button
        variant="ghost"
        size="sm"
        className="-ml-2"
        aria-expanded={isOpen}
        aria-controls={id}
        icon={isOpen ? <ChevronDown className="size-4" /> : <ChevronRight className="size-4" />}
        onClick={() => setWanted(!isOpen)}
      >
        {t("handover:form.details")}
      </Button>
      <div id={id} hidden={!isOpen} className="mt-1">
        {kinds.map((kind) => (
          <KindField
            key={kind}
            kind={kind}
            count={holdings[kind]}
            value={draft.kinds[kind]}
            onChange={(value) => onChange({ kinds: { ...draft.kinds, [kind]: value } })}
            mayStay={user.is_active && !draft.deactivate}
            except={user.id}
            error={refused.at[kind]}
          />
        ))}
        {children}
      </div>
    </div>
  );
}

interface TickProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: string;
}

function Tick({ checked, onChange, label }: TickProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
    <label className="flex min-h-8 items-center gap-2 phone:min-h-11">
      <Checkbox checked={checked} onCheckedChange={onChange} />
      {label}
    </label>
  );
}

/** Who would own more customers than their pool allows, and the way past it for whoever sets the rules. */
function OverCaps({ draft, onChange, refused }: HandoverFormProps) {
  const { t } = useTranslation();
  const mayExceed = useMayConfigure("configuration");
  if (refused.over.length === 0) return null;
  return (
    <div role="alert" className="rounded-md bg-danger-soft p-3">
      <p className="font-medium text-danger">{t("handover:refused.caps")}</p>
      <ul className="mt-1 text-fg2">
        {refused.over.map((over) => (
          <li key={over.user.id}>{overWords(t, over)}</li>
        ))}
      </ul>
      {mayExceed && (
        <Tick
          checked={draft.exceedCaps}
          onChange={(exceedCaps) => onChange({ exceedCaps })}
          label={t("handover:refused.exceed")}
        />
      )}
    </div>
  );
}

interface OnePersonProps {
  label: string;
  hint: string;
  value: Ref | null;
  onChange: (person: Ref | null) => void;
  except: string;
  error: string | undefined;
}

function OnePerson({ label, hint, value, onChange, except, error }: OnePersonProps) {
  return (
    <FormField label={label} hint={hint} error={error}>
      {(control) => (
        <Combobox
          {...control}
          value={value}
          onChange={onChange}
          search={async (text, signal) =>
            (await findUsers(text, signal)).filter(({ id }) => id !== except)
          }
          renderIcon={(person) => <Avatar name={person.name} />}
        />
      )}
    </FormField>
  );
}

function SwitchOff({ user, holdings, draft, onChange, refused }: HandoverFormProps) {
  const { t } = useTranslation();
  const id = useId();
  const error = refused.at.deactivate;
  function change(deactivate: boolean) {
    // Whoever is switched off keeps nothing.
    const kinds = Object.entries(draft.kinds).map(([kind, value]) => [
      kind,
      deactivate && value.way === "stay" ? { ...value, way: "everything" } : value,
    ]);
    onChange({ deactivate, kinds: Object.fromEntries(kinds) });
  }
  return (
    <div className="flex items-start gap-3 border-line border-t pt-4">
      <Switch
        id={id}
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-hint`}
        checked={draft.deactivate}
        onCheckedChange={change}
        className="mt-0.5"
      />
      <div className="min-w-0 flex-1">
        <label id={`${id}-label`} htmlFor={id}>
          {t("handover:form.deactivate", { name: user.name })}
        </label>
        <p id={`${id}-hint`} className="text-fg3 text-xs">
          {t("handover:form.deactivateHint")}
          {holdings.api_keys > 0 && ` ${t("handover:form.keys", { count: holdings.api_keys })}`}
        </p>
        {error && (
          <p role="alert" className="text-danger text-xs">
            {error}
          </p>
        )}
      </div>
    </div>
  );
}
