import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  type ApiKey,
  type ApiKeyScope,
  apiKeysKey,
  apiKeysQuery,
  createApiKey,
  revokeApiKey,
} from "@/api/keys";
import { asProblem } from "@/api/problem";
import { toDate, useFormat } from "@/lib/format";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Checkbox } from "@/ui/Checkbox";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { DateField } from "@/ui/DateField";
import { EmptyState } from "@/ui/EmptyState";
import { FormField } from "@/ui/FormField";
import { SegmentedControl } from "@/ui/SegmentedControl";
import { type SimpleColumn, SimpleTable } from "@/ui/SimpleTable";
import { toast } from "@/ui/Toast";
import { type Form, FormDialog } from "./FormDialog";
import { Frame } from "./Frame";
import { TextField } from "./fields";
import { Loaded } from "./Loaded";
import { SecretDialog } from "./SecretDialog";
import { useMayConfigure } from "./use-may";

/** What programs sign in with. */
export default function KeysSection() {
  const { t } = useTranslation();
  const maySeeAll = useMayConfigure("api_key");
  const [whose, setWhose] = useState<"mine" | "all">("mine");
  const keys = useQuery(apiKeysQuery(whose === "all"));
  const [isCreating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const add = (
    <Button variant="primary" icon={<Plus className="size-4" />} onClick={() => setCreating(true)}>
      {t("settings:keys.add")}
    </Button>
  );
  return (
    <Frame title={t("settings:section.keys")} description={t("settings:keys.hint")} action={add}>
      {maySeeAll && (
        <SegmentedControl
          label={t("settings:keys.whose")}
          value={whose}
          onChange={setWhose}
          className="mb-3"
          options={[
            { value: "mine", label: t("settings:keys.mine") },
            { value: "all", label: t("settings:keys.all") },
          ]}
        />
      )}
      <Loaded query={keys}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={<KeyRound />} title={t("settings:keys.empty")} action={add}>
              {t("settings:keys.emptyHint")}
            </EmptyState>
          ) : (
            <Keys keys={all} isShared={whose === "all"} />
          )
        }
      </Loaded>
      {isCreating && <KeyDialog onClose={() => setCreating(false)} onMade={setSecret} />}
      {secret !== null && (
        <SecretDialog
          title={t("settings:keys.made")}
          description={t("settings:keys.madeHint")}
          copyLabel={t("settings:keys.copy")}
          secret={secret}
          onClose={() => setSecret(null)}
        />
      )}
    </Frame>
  );
}

function useKeyColumns(isShared: boolean): SimpleColumn<ApiKey>[] {
  const { t } = useTranslation();
  const { relativeDay, date } = useFormat();
  return [
    {
      id: "name",
      header: t("settings:name"),
      cell: (key) => (
        <span>
          <span className="block truncate">{key.name}</span>
          <span className="block truncate text-fg3 text-xs">
            <code>{key.prefix}…</code>
            {isShared && key.user && ` · ${key.user.name}`}
          </span>
        </span>
      ),
    },
    {
      id: "scopes",
      header: t("settings:keys.scopes"),
      cell: (key) => (
        <span className="flex flex-wrap gap-1">
          {key.scopes.map((scope) => (
            <Badge key={scope}>{scope}</Badge>
          ))}
        </span>
      ),
    },
    {
      id: "used",
      header: t("settings:keys.lastUsed"),
      cell: (key) => (key.last_used_at ? relativeDay(key.last_used_at) : t("settings:never")),
    },
    {
      id: "expires",
      header: t("settings:keys.expires"),
      isMinor: true,
      cell: (key) => date(toDate(key.expires_at)),
    },
  ];
}

function Keys({ keys, isShared }: { keys: ApiKey[]; isShared: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const columns = useKeyColumns(isShared);
  const [asked, setAsked] = useState<ApiKey | null>(null);
  const revoke = useMutation({
    mutationFn: (key: ApiKey) => revokeApiKey(key.id),
    onSuccess: () => client.invalidateQueries({ queryKey: apiKeysKey }),
    onError: (error) => toast(asProblem(error).title, { tone: "error" }),
    onSettled: () => setAsked(null),
  });
  return (
    <>
      <SimpleTable
        label={t("settings:section.keys")}
        rows={keys}
        columns={columns}
        actions={(key) => (
          <Button
            size="sm"
            variant="ghost"
            aria-label={t("settings:keys.revokeNamed", { name: key.name })}
            onClick={() => setAsked(key)}
          >
            {t("settings:keys.revoke")}
          </Button>
        )}
      />
      <ConfirmDialog
        open={asked !== null}
        onOpenChange={() => setAsked(null)}
        title={t("settings:keys.revokeTitle", { name: asked?.name ?? "" })}
        confirmLabel={t("settings:keys.revoke")}
        danger
        busy={revoke.isPending}
        onConfirm={() => asked && revoke.mutate(asked)}
      >
        {t("settings:keys.revokeHint")}
      </ConfirmDialog>
    </>
  );
}

const TYPES = ["*", "leads", "customers", "contacts", "opportunities", "activities"] as const;
const RIGHTS = ["read", "write"] as const;

interface KeyValues {
  name: string;
  scopes: ApiKeyScope[];
  expires_at: string | null;
}

interface KeyDialogProps {
  onClose: () => void;
  onMade: (secret: string) => void;
}

function KeyDialog({ onClose, onMade }: KeyDialogProps) {
  const { t } = useTranslation();
  return (
    <FormDialog<KeyValues>
      title={t("settings:keys.add")}
      submitLabel={t("settings:keys.create")}
      initial={{ name: "", scopes: ["*:read"], expires_at: null }}
      save={async ({ name, scopes, expires_at }) => {
        const made = await createApiKey({
          name,
          scopes,
          ...(expires_at !== null && { expires_at: `${expires_at}T23:59:59Z` }),
        });
        onMade(made.key);
      }}
      refresh={apiKeysKey}
      onClose={onClose}
    >
      {(form) => (
        <>
          <TextField
            label={t("settings:name")}
            hint={t("settings:keys.nameHint")}
            required
            value={form.values.name}
            onChange={(name) => form.set({ name })}
            error={form.error("name")}
          />
          <FormField
            label={t("settings:keys.expires")}
            hint={t("settings:keys.expiresHint")}
            error={form.error("expires_at")}
          >
            {(control) => (
              <DateField
                {...control}
                value={form.values.expires_at}
                onChange={(expires_at) => form.set({ expires_at })}
              />
            )}
          </FormField>
          <ScopesField form={form} />
        </>
      )}
    </FormDialog>
  );
}

function ScopesField({ form }: { form: Form<KeyValues> }) {
  const { t } = useTranslation();
  const { scopes } = form.values;
  const error = form.error("scopes");
  function toggle(scope: ApiKeyScope, on: boolean) {
    const others = scopes.filter((other) => other !== scope);
    form.set({ scopes: on ? [...others, scope] : others });
  }
  return (
    <div className="col-span-full">
      <table aria-label={t("settings:keys.scopes")} className="w-full max-w-96 border-collapse">
        <thead>
          <tr className="border-line border-b text-fg3 text-xs">
            <td className="h-8">{t("settings:keys.scopes")}</td>
            {RIGHTS.map((right) => (
              <th key={right} scope="col" className="font-normal">
                {t(`settings:keys.${right}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {TYPES.map((type) => (
            <tr key={type} className="border-line border-b">
              <th scope="row" className="h-9 text-left font-normal phone:h-12">
                {type === "*" ? t("settings:keys.everything") : t(`records:plural.${type}`)}
              </th>
              {RIGHTS.map((right) => (
                <td key={right}>
                  <Checkbox
                    className="mx-auto"
                    aria-label={`${type}:${right}`}
                    checked={scopes.includes(`${type}:${right}`)}
                    onCheckedChange={(on) => toggle(`${type}:${right}`, on)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {error && <p className="mt-1 text-danger text-xs">{error}</p>}
    </div>
  );
}
