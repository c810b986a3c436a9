import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { meQuery } from "./api/me";
import { onSignedOut } from "./api/session";
import { startI18n } from "./lib/i18n";
import { createQueryClient } from "./lib/query";
import { watchSystemTheme } from "./lib/theme";
import { createAppRouter } from "./routes/router";
import { ToastProvider } from "./ui/Toast";
import "./styles/tokens.css";

const client = createQueryClient();
const router = createAppRouter(client);

onSignedOut(() => {
  const { pathname, href } = router.state.location;
  // Who never was signed in is sent to the sign-in page by the route itself.
  const wasSignedIn = client.getQueryData(meQuery().queryKey) !== undefined;
  if (!wasSignedIn || pathname === "/sign-in" || pathname === "/setup") return;
  client.clear();
  void router.navigate({ to: "/sign-in", search: { next: href } as never });
});

watchSystemTheme();
await startI18n();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={client}>
          <ToastProvider>
            <RouterProvider router={router} />
          </ToastProvider>
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>,
  );
}
