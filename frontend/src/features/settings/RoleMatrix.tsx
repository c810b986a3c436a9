import { useTranslation } from "react-i18next";
import type { Permission } from "@/api/types";
import { cn } from "@/lib/cn";
import { Select } from "@/ui/Select";
import { Switch } from "@/ui/Switch";
import {
  ACTIONS,
  admits,
  CONFIGURED,
  OWNED,
  SCOPES,
  type Scope,
  scopeOf,
  withScope,
} from "./matrix";

interface RoleMatrixProps {
  grants: Permission[];
  /** Absent when the role cannot be changed. */
  onChange?: ((grants: Permission[]) => void) | undefined;
}

/** What a role may do: how far for records, whether for people and configuration. */
export function RoleMatrix({ grants, onChange }: RoleMatrixProps) {
  return (
    <div className="flex flex-col gap-6">
      <OwnedMatrix grants={grants} onChange={onChange} />
      <ConfiguredMatrix grants={grants} onChange={onChange} />
    </div>
  );
}

const head = "h-8 pr-2 text-left font-normal text-fg3 text-xs";
const corner = "sticky left-0 z-[1] bg-panel";

function OwnedMatrix({ grants, onChange }: RoleMatrixProps) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section inside a section would say no more
    <div
      role="region"
      aria-label={t("settings:roles.records")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
      className="-mx-1 relative overflow-x-auto px-1"
    >
      <table aria-label={t("settings:roles.records")} className="w-full border-collapse">
        <thead>
          <tr className="border-line border-b">
            <td className={corner} />
            {OWNED.map((type) => (
              <th key={type} scope="col" className={head}>
                {t(`settings:type.${type}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ACTIONS.map((action) => (
            <tr key={action} className="border-line border-b">
              <th
                scope="row"
                className={cn(corner, "h-10 w-24 whitespace-nowrap pr-3 text-left font-normal")}
              >
                {t(`settings:action.${action}`)}
              </th>
              {OWNED.map((type) => (
                <td key={type} className="min-w-32 py-1 pr-2">
                  {admits(type, action) && (
                    <ScopeCell
                      scope={scopeOf(grants, type, action)}
                      label={t("settings:roles.cell", {
                        action: t(`settings:action.${action}`),
                        type: t(`settings:type.${type}`),
                      })}
                      onChange={
                        onChange && ((scope) => onChange(withScope(grants, type, action, scope)))
                      }
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ScopeCellProps {
  scope: Scope;
  label: string;
  onChange: ((scope: Scope) => void) | undefined;
}

function ScopeCell({ scope, label, onChange }: ScopeCellProps) {
  const { t } = useTranslation();
  if (!onChange) {
    return (
      <span className={cn("flex items-center gap-2", scope === "none" && "text-fg3")}>
        <Reach scope={scope} />
        {t(`settings:scope.${scope}`)}
      </span>
    );
  }
  return (
    <Select<Scope>
      label={label}
      value={scope}
      onChange={(next) => next && onChange(next)}
      className={cn("border-transparent bg-transparent px-2", scope === "none" && "text-fg3")}
      options={SCOPES.map((value) => ({
        value,
        label: t(`settings:scope.${value}`),
        icon: <Reach scope={value} />,
      }))}
    />
  );
}

/** How far a scope reaches, as bars; the words beside it say the same. */
function Reach({ scope }: { scope: Scope }) {
  const level = SCOPES.indexOf(scope);
  return (
    <span aria-hidden="true" className="flex items-end gap-px">
      {SCOPES.slice(1).map((step, index) => (
        <span
          key={step}
          className={cn("w-[3px] rounded-[1px]", index < level ? "bg-accent" : "bg-line-strong")}
          style={{ height: 4 + index * 2 }}
        />
      ))}
    </span>
  );
}

function ConfiguredMatrix({ grants, onChange }: RoleMatrixProps) {
  const { t } = useTranslation();
  const actions = ["view", "configure"] as const;
  return (
    <table aria-label={t("settings:roles.configuration")} className="w-full border-collapse">
      <thead>
        <tr className="border-line border-b">
          <td />
          {actions.map((action) => (
            <th key={action} scope="col" className={cn(head, "w-32")}>
              {t(`settings:action.${action}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {CONFIGURED.map((type) => (
          <tr key={type} className="border-line border-b">
            <th scope="row" className="h-10 text-left font-normal">
              {t(`settings:type.${type}`)}
            </th>
            {actions.map((action) => (
              <td key={action} className="py-1">
                <Switch
                  aria-label={t("settings:roles.cell", {
                    action: t(`settings:action.${action}`),
                    type: t(`settings:type.${type}`),
                  })}
                  checked={scopeOf(grants, type, action) === "all"}
                  disabled={!onChange}
                  onCheckedChange={(on) =>
                    onChange?.(withScope(grants, type, action, on ? "all" : "none"))
                  }
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
