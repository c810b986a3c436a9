import { useId } from "react";
import { useTranslation } from "react-i18next";
import { NOTIFICATION_KINDS, type NotificationKind, type SettingsInput } from "@/api/notifications";
import { Checkbox } from "@/ui/Checkbox";

interface NotificationKindsProps {
  /** By which way it is told. */
  way: "inbox" | "digest";
  kinds: SettingsInput["kinds"];
  onChange: (kinds: SettingsInput["kinds"]) => void;
}

/** What is told: a box for each kind. */
export function NotificationKinds({ way, kinds, onChange }: NotificationKindsProps) {
  return (
    <ul className="flex flex-col gap-2">
      {NOTIFICATION_KINDS.map((kind) => (
        <Kind
          key={kind}
          kind={kind}
          hasHint={way === "inbox"}
          isOn={kinds[kind][way]}
          onChange={(isOn) => onChange({ ...kinds, [kind]: { ...kinds[kind], [way]: isOn } })}
        />
      ))}
    </ul>
  );
}

interface KindProps {
  kind: NotificationKind;
  /** Whether it is said what that means. */
  hasHint: boolean;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

function Kind({ kind, hasHint, isOn, onChange }: KindProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <li className="flex items-start gap-2.5 phone:py-1.5">
      <Checkbox
        id={id}
        aria-labelledby={`${id}-label`}
        aria-describedby={hasHint ? `${id}-hint` : undefined}
        checked={isOn}
        onCheckedChange={onChange}
        className="mt-0.5"
      />
      <div className="min-w-0 flex-1">
        <label id={`${id}-label`} htmlFor={id}>
          {t(`settings:alerts.kind.${kind}`)}
        </label>
        {hasHint && (
          <p id={`${id}-hint`} className="text-fg3 text-xs">
            {t(`settings:alerts.kindHint.${kind}`)}
          </p>
        )}
      </div>
    </li>
  );
}
