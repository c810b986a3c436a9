import { useTranslation } from "react-i18next";
import type { SettingsInput } from "@/api/notifications";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { RadioGroup } from "@/ui/Radio";
import { NotificationKinds } from "./NotificationKinds";

const OFTEN = ["off", "hourly", "daily"] as const;

interface DigestPartProps {
  values: SettingsInput;
  onChange: (changes: Partial<SettingsInput>) => void;
  errors: Record<string, string>;
}

/** What has not been read, by e-mail: how often, when, and which of it. */
export function DigestPart({ values, onChange, errors }: DigestPartProps) {
  const { t } = useTranslation();
  const { digest, digest_at, kinds } = values;
  return (
    <>
      <p className="mb-3 max-w-xl text-fg2">{t("settings:alerts.digestHint")}</p>
      <RadioGroup
        label={t("settings:alerts.digest")}
        value={digest}
        onChange={(often) => onChange({ digest: often })}
        options={OFTEN.map((often) => ({
          value: often,
          label: t(`settings:alerts.often.${often}`),
        }))}
      />
      {digest === "daily" && (
        <FormField
          label={t("settings:alerts.digestAt")}
          className="mt-3 w-32 phone:w-40"
          error={errors.digest_at}
        >
          {(control) => (
            <Input
              {...control}
              type="time"
              required
              value={digest_at}
              onChange={({ target }) => onChange({ digest_at: target.value })}
            />
          )}
        </FormField>
      )}
      {digest !== "off" && (
        <fieldset className="mt-4">
          <legend className="mb-2 text-fg2 text-xs">{t("settings:alerts.digestKinds")}</legend>
          <NotificationKinds
            way="digest"
            kinds={kinds}
            onChange={(chosen) => onChange({ kinds: chosen })}
          />
        </fieldset>
      )}
    </>
  );
}
