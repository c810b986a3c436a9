import { type FieldPath, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { setUp } from "@/api/me";
import { asProblem } from "@/api/problem";
import { changeLanguage, currentLanguage } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { LateSelect } from "@/ui/LateSelect";
import { RadioGroup } from "@/ui/Radio";
import { EmailField } from "@/ui/TextFields";
import { AuthFrame } from "./AuthFrame";
import { PASSWORD_LENGTH } from "./password";
import type { SetupValues } from "./schemas";
import { useLateCheck } from "./use-late-check";

const loadCheck = () => import("./schemas").then((schemas) => schemas.checkSetup);

const CURRENCIES = ["CNY", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "SGD"];

interface SetupProps {
  /** The one-time token of the address printed on the console. */
  token: string;
  onDone: () => void;
}

/** The first run: who administers, which language, money and time, and what to start with. */
export function Setup({ token, onDone }: SetupProps) {
  const { t } = useTranslation();
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const form = useForm<SetupValues>({
    resolver: useLateCheck(loadCheck),
    defaultValues: {
      token,
      organisation_name: "",
      admin: { name: "", email: "", password: "" },
      language: currentLanguage(),
      currency: currentLanguage() === "zh-CN" ? "CNY" : "USD",
      time_zone: here,
      sample_data: false,
    },
  });
  const { errors, isSubmitting } = form.formState;
  const values = form.watch();

  async function submit(request: SetupValues) {
    try {
      await setUp(request);
      await changeLanguage(request.language);
      onDone();
    } catch (error) {
      const problem = asProblem(error);
      for (const [path, message] of Object.entries(problem.fieldErrors())) {
        form.setError(path as FieldPath<SetupValues>, { message });
      }
      form.setError("root", { message: problem.detail ?? problem.title });
    }
  }

  // Messages of the form are keys, those of the server are texts.
  const text = (message: string | undefined) =>
    message?.startsWith("auth:") ? t(message) : message;
  return (
    <AuthFrame title={t("auth:setup.title")} isWide>
      <form
        noValidate
        onSubmit={form.handleSubmit(submit)}
        className="grid grid-cols-2 gap-4 phone:grid-cols-1"
      >
        {token === "" && (
          <FormField
            label={t("auth:setup.token")}
            hint={t("auth:setup.tokenHint")}
            error={text(errors.token?.message)}
            className="col-span-full"
          >
            {(control) => <Input {...control} {...form.register("token")} autoComplete="off" />}
          </FormField>
        )}
        <FormField
          label={t("auth:setup.organisation")}
          error={text(errors.organisation_name?.message)}
          className="col-span-full"
        >
          {(control) => (
            <Input
              {...control}
              autoFocus
              autoComplete="organization"
              {...form.register("organisation_name")}
            />
          )}
        </FormField>
        <FormField label={t("auth:setup.name")} error={text(errors.admin?.name?.message)}>
          {(control) => <Input {...control} autoComplete="name" {...form.register("admin.name")} />}
        </FormField>
        <FormField label={t("auth:email")} error={text(errors.admin?.email?.message)}>
          {(control) => (
            <EmailField {...control} autoComplete="username" {...form.register("admin.email")} />
          )}
        </FormField>
        <FormField
          label={t("auth:password")}
          hint={t("auth:setup.passwordHint", { count: PASSWORD_LENGTH })}
          error={text(errors.admin?.password?.message)}
          className="col-span-full"
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="new-password"
              {...form.register("admin.password")}
            />
          )}
        </FormField>
        <FormField label={t("auth:language")}>
          {(control) => (
            <LateSelect
              {...control}
              value={values.language}
              onChange={(language) => language && form.setValue("language", language)}
              options={[
                { value: "zh-CN", label: "中文" },
                { value: "en", label: "English" },
              ]}
            />
          )}
        </FormField>
        <FormField label={t("common:currency")}>
          {(control) => (
            <LateSelect
              {...control}
              value={values.currency}
              onChange={(currency) => currency && form.setValue("currency", currency)}
              options={CURRENCIES.map((code) => ({ value: code, label: code }))}
            />
          )}
        </FormField>
        <FormField
          label={t("auth:setup.timeZone")}
          error={text(errors.time_zone?.message)}
          className="col-span-full"
        >
          {(control) => <Input {...control} list="time-zones" {...form.register("time_zone")} />}
        </FormField>
        <datalist id="time-zones">
          {Intl.supportedValuesOf("timeZone").map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        <fieldset className="col-span-full">
          <legend className="mb-1 text-fg2 text-xs">{t("auth:setup.start")}</legend>
          <RadioGroup
            label={t("auth:setup.start")}
            value={values.sample_data ? "sample" : "empty"}
            onChange={(choice) => form.setValue("sample_data", choice === "sample")}
            options={[
              {
                value: "empty",
                label: t("auth:setup.empty"),
                hint: t("auth:setup.emptyHint"),
              },
              {
                value: "sample",
                label: t("auth:setup.sample"),
                hint: t("auth:setup.sampleHint"),
              },
            ]}
          />
        </fieldset>
        {errors.root && (
          <p role="alert" className="col-span-full text-danger">
            {errors.root.message}
          </p>
        )}
        <Button type="submit" variant="primary" busy={isSubmitting} className="col-span-full">
          {t("auth:setup.submit")}
        </Button>
      </form>
    </AuthFrame>
  );
}
