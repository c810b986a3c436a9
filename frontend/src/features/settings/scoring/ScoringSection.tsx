import { useQuery } from "@tanstack/react-query";
import { Gauge } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { configurationKey, organisationQuery } from "@/api/configure";
import {
  deleteScoringRule,
  type ScoringRule,
  scoringRulesQuery,
  updateScoringRule,
} from "@/api/scoring";
import { useFormat } from "@/lib/format";
import { signed } from "@/lib/signed";
import { Badge } from "@/ui/Badge";
import { EmptyState } from "@/ui/EmptyState";
import { Switch } from "@/ui/Switch";
import { useWords } from "../conditions/use-words";
import { AddButton, Frame, Part } from "../Frame";
import { LineMenu } from "../LineMenu";
import { Loaded } from "../Loaded";
import { RemoveDialog } from "../RemoveDialog";
import { useChange } from "../use-change";
import { useMayConfigure } from "../use-may";
import { ScoringDialog } from "./ScoringDialog";
import { behaviourWords, lastingWords } from "./scoring-words";
import { ThresholdsForm } from "./ThresholdsForm";

/** For what leads get points, and from which score they are warm and hot. */
export default function ScoringSection() {
  const { t } = useTranslation();
  const rules = useQuery(scoringRulesQuery());
  const organisation = useQuery(organisationQuery());
  const mayEdit = useMayConfigure("configuration");
  const [edited, setEdited] = useState<ScoringRule | "new" | null>(null);
  const [removed, setRemoved] = useState<ScoringRule | null>(null);
  return (
    <Frame
      title={t("settings:section.scoring")}
      description={t("scoring:hint")}
      action={mayEdit && <AddButton label={t("scoring:add")} onAdd={() => setEdited("new")} />}
    >
      <Loaded query={rules}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={<Gauge />} title={t("scoring:empty")}>
              {t("scoring:emptyHint")}
            </EmptyState>
          ) : (
            <Rules rules={all} mayEdit={mayEdit} onEdit={setEdited} onRemove={setRemoved} />
          )
        }
      </Loaded>
      {mayEdit && (
        <div className="mt-7">
          <Part title={t("scoring:thresholds.title")}>
            <Loaded query={organisation}>
              {(of) => <ThresholdsForm key={of.version} of={of} />}
            </Loaded>
          </Part>
        </div>
      )}
      {edited && (
        <ScoringDialog rule={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
      {removed && (
        <RemoveDialog
          name={removed.name}
          replacements={[]}
          usage={<p>{t("scoring:rule.removeHint")}</p>}
          remove={() => deleteScoringRule(removed.id, removed.version)}
          refresh={configurationKey}
          onClose={() => setRemoved(null)}
        />
      )}
    </Frame>
  );
}

interface RulesProps {
  rules: ScoringRule[];
  mayEdit: boolean;
  onEdit: (rule: ScoringRule) => void;
  onRemove: (rule: ScoringRule) => void;
}

function Rules({ rules, mayEdit, onEdit, onRemove }: RulesProps) {
  const { t } = useTranslation();
  const words = useWords(rules.map((rule) => rule.condition));
  return (
    <ul aria-label={t("settings:section.scoring")} className="border-line border-t">
      {rules.map((rule) => (
        <li key={rule.id} className="flex min-h-11 items-center gap-2 border-line border-b">
          <RuleFacts rule={rule} condition={words(rule.condition)} />
          {mayEdit && (
            <>
              <ActiveSwitch rule={rule} />
              <LineMenu
                name={rule.name}
                onEdit={() => onEdit(rule)}
                onRemove={() => onRemove(rule)}
              />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

/** What there is to know of a rule in its line. */
function RuleFacts({ rule, condition }: { rule: ScoringRule; condition: string }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { behaviour } = rule;
  return (
    <>
      <span className="tnum w-11 shrink-0 self-start pt-2 pr-1 text-right font-medium">
        {signed(rule.points, number)}
      </span>
      <div className="min-w-0 flex-1 py-2">
        <p className="flex items-center gap-2">
          <span className="truncate font-medium">{rule.name}</span>
          {!rule.is_active && <Badge>{t("scoring:rule.off")}</Badge>}
        </p>
        <p className="break-words text-fg2">
          {behaviour ? behaviourWords(behaviour, t) : condition}
        </p>
        {behaviour && (
          <p className="break-words text-fg3 text-xs">{lastingWords(behaviour, t).join(" · ")}</p>
        )}
      </div>
    </>
  );
}

function ActiveSwitch({ rule }: { rule: ScoringRule }) {
  const { t } = useTranslation();
  const change = useChange();
  return (
    <Switch
      aria-label={t("scoring:rule.activeNamed", { name: rule.name })}
      checked={rule.is_active}
      disabled={change.isPending}
      onCheckedChange={(is_active) =>
        change.mutate(() => updateScoringRule(rule.id, rule.version, { is_active }))
      }
    />
  );
}
