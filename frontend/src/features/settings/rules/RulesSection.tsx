import { useQuery } from "@tanstack/react-query";
import { Split } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  type AssignmentRule,
  assignmentRulesQuery,
  deleteRule,
  updateRule,
} from "@/api/assignment";
import { useFormat } from "@/lib/format";
import { Badge } from "@/ui/Badge";
import { EmptyState } from "@/ui/EmptyState";
import { Switch } from "@/ui/Switch";
import { ConfiguredList } from "../ConfiguredList";
import { useWords } from "../conditions/use-words";
import { AddButton, Frame } from "../Frame";
import { Loaded } from "../Loaded";
import { useChange } from "../use-change";
import { useMayConfigure } from "../use-may";
import { RuleDialog } from "./RuleDialog";
import { limitWords, whoWords } from "./rule-words";

/** Who gets the leads that come in by themselves. */
export default function RulesSection() {
  const { t } = useTranslation();
  const rules = useQuery(assignmentRulesQuery());
  const mayEdit = useMayConfigure("configuration");
  const [edited, setEdited] = useState<AssignmentRule | "new" | null>(null);
  const add = mayEdit && (
    <AddButton label={t("settings:rules.add")} onAdd={() => setEdited("new")} />
  );
  return (
    <Frame title={t("settings:section.rules")} description={t("settings:rules.hint")} action={add}>
      <Loaded query={rules}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={<Split />} title={t("settings:rules.empty")}>
              {t("settings:rules.emptyHint")}
            </EmptyState>
          ) : (
            <Rules rules={all} mayEdit={mayEdit} onEdit={setEdited} />
          )
        }
      </Loaded>
      {edited && (
        <RuleDialog rule={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
    </Frame>
  );
}

interface RulesProps {
  rules: AssignmentRule[];
  mayEdit: boolean;
  onEdit: (rule: AssignmentRule) => void;
}

function Rules({ rules, mayEdit, onEdit }: RulesProps) {
  const { t } = useTranslation();
  const words = useWords(rules.map((rule) => rule.condition));
  return (
    <ConfiguredList
      label={t("settings:section.rules")}
      items={rules}
      idOf={({ id }) => id}
      mayEdit={mayEdit}
      onEdit={onEdit}
      // Its switch must not look as if it could not be pressed.
      isFaded={() => false}
      move={({ id, version }, position) => updateRule(id, version, { position })}
      remove={({ id, version }) => deleteRule(id, version)}
      mayReplace={() => false}
      usage={() => <p>{t("settings:rules.removeHint")}</p>}
    >
      {(rule) => (
        <RuleFacts
          rule={rule}
          place={rules.indexOf(rule) + 1}
          condition={words(rule.condition)}
          mayEdit={mayEdit}
        />
      )}
    </ConfiguredList>
  );
}

interface RuleFactsProps {
  rule: AssignmentRule;
  place: number;
  condition: string;
  mayEdit: boolean;
}

/** What there is to know of a rule in its line. */
function RuleFacts({ rule, place, condition, mayEdit }: RuleFactsProps) {
  const { t } = useTranslation();
  const { language, number } = useFormat();
  const change = useChange();
  const facts = [
    whoWords(rule, t),
    ...limitWords(rule, t, language),
    t("settings:rules.given", {
      count: rule.given_30_days,
      text: number(rule.given_30_days),
    }),
  ];
  return (
    <>
      <span className="tnum w-5 shrink-0 self-start pt-2 text-right text-fg3">{place}</span>
      <div className="min-w-0 flex-1 py-2">
        <p className="flex items-center gap-2">
          <span className="truncate font-medium">{rule.name}</span>
          {!rule.is_active && <Badge>{t("settings:rules.off")}</Badge>}
        </p>
        <p className="break-words text-fg2">{condition}</p>
        <p className="break-words text-fg3 text-xs">{facts.join(" · ")}</p>
      </div>
      {mayEdit && (
        <Switch
          aria-label={t("settings:rules.activeNamed", { name: rule.name })}
          checked={rule.is_active}
          disabled={change.isPending}
          onCheckedChange={(is_active) =>
            change.mutate(() => updateRule(rule.id, rule.version, { is_active }))
          }
        />
      )}
    </>
  );
}
