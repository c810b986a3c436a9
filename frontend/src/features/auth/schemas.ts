import { zodResolver } from "@hookform/resolvers/zod";
import { z } from "@/lib/zod";
import { PASSWORD_LENGTH } from "./password";

const filled = (message: string) => z.string().check(z.trim(), z.minLength(1, message));

const signIn = z.object({
  email: filled("auth:emailMissing"),
  password: z.string().check(z.minLength(1, "auth:passwordMissing")),
  remember: z.boolean(),
});

const setup = z.object({
  token: filled("auth:setup.tokenMissing"),
  organisation_name: filled("auth:setup.organisationMissing"),
  admin: z.object({
    name: filled("auth:setup.nameMissing"),
    email: z.string().check(z.trim(), z.minLength(3, "auth:emailMissing")),
    password: z.string().check(z.minLength(PASSWORD_LENGTH, "auth:setup.passwordShort")),
  }),
  language: z.enum(["zh-CN", "en"]),
  currency: z.string(),
  time_zone: z.string(),
  sample_data: z.boolean(),
});

export type SignInValues = z.infer<typeof signIn>;
export type SetupValues = z.infer<typeof setup>;

export const checkSignIn = zodResolver(signIn);
export const checkSetup = zodResolver(setup);
