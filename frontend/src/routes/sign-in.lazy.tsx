import { useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { SignIn } from "@/features/auth/SignIn";

/** The sign-in page; returns to where the user wanted to go. */
export default function SignInRoute() {
  const { next } = useSearch({ strict: false }) as { next?: string };
  const router = useRouter();
  const client = useQueryClient();
  return (
    <SignIn
      onSignedIn={() => {
        client.clear();
        router.history.push(next ?? "/");
      }}
    />
  );
}
