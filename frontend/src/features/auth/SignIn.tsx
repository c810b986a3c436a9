import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { signIn } from "@/api/me";
import { asProblem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Checkbox } from "@/ui/Checkbox";
import { FormField } from "@/ui/FormField";
import { Input } from "@/ui/Input";
import { EmailField } from "@/ui/TextFields";
import { AuthFrame } from "./AuthFrame";
import type { SignInValues } from "./schemas";
import { useLateCheck } from "./use-late-check";

const loadCheck = () => import("./schemas").then((schemas) => schemas.checkSignIn);

/** Signs a user in with e-mail and password. */
export function SignIn({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation();
  const form = useForm<SignInValues>({
    resolver: useLateCheck(loadCheck),
    defaultValues: { email: "", password: "", remember: true },
  });
  const { errors, isSubmitting } = form.formState;

  async function submit({ email, password, remember }: SignInValues) {
    try {
      await signIn(email, password, remember);
      onSignedIn();
    } catch (error) {
      const problem = asProblem(error);
      const message =
        problem.code === "network" ? t("auth:noNetwork") : (problem.detail ?? problem.title);
      form.setError("root", { message });
      form.setFocus("password");
    }
  }

  const text = (message: string | undefined) => (message === undefined ? undefined : t(message));
  return (
    <AuthFrame title={t("auth:signInTitle")}>
      <form noValidate onSubmit={form.handleSubmit(submit)} className="flex flex-col gap-4">
        <FormField label={t("auth:email")} error={text(errors.email?.message)}>
          {(control) => (
            <EmailField
              {...control}
              autoComplete="username"
              autoFocus
              {...form.register("email")}
            />
          )}
        </FormField>
        <FormField label={t("auth:password")} error={text(errors.password?.message)}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="current-password"
              {...form.register("password")}
            />
          )}
        </FormField>
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control */}
        <label className="flex items-center gap-2 text-fg2 phone:min-h-11">
          <Checkbox
            defaultChecked
            onCheckedChange={(checked) => form.setValue("remember", checked)}
          />
          {t("auth:remember")}
        </label>
        {errors.root && (
          <p role="alert" className="text-danger">
            {errors.root.message}
          </p>
        )}
        <Button type="submit" variant="primary" busy={isSubmitting}>
          {t("auth:signIn")}
        </Button>
      </form>
    </AuthFrame>
  );
}
