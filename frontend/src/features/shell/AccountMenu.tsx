import { useNavigate } from "@tanstack/react-router";
import {
  BookOpen,
  Keyboard,
  ListChecks,
  LogOut,
  Moon,
  Sun,
  SunMoon,
  UserRound,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Me } from "@/api/types";
import { setTheme, useTheme } from "@/lib/theme";
import { Avatar } from "@/ui/Avatar";
import { Menu } from "@/ui/Menu";
import { setOverlay } from "./overlay";
import { useSignOut } from "./use-sign-out";

/** The user's own menu: theme, profile and sessions, shortcuts, sign out. */
export function AccountMenu({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { theme } = useTheme();
  const navigate = useNavigate();
  const leave = useSignOut();
  const themes = [
    { id: "light", label: t("shell:theme.light"), icon: <Sun /> },
    { id: "dark", label: t("shell:theme.dark"), icon: <Moon /> },
    { id: "system", label: t("shell:theme.system"), icon: <SunMoon /> },
  ] as const;
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          aria-label={t("shell:account", { name: me.name })}
          className="flex size-8 shrink-0 items-center justify-center rounded-full hover:bg-hover phone:size-11"
        >
          <Avatar name={me.name} className="size-6" />
        </button>
      }
      header={
        <div className="px-2 py-1.5">
          <p className="font-medium">{me.name}</p>
          <p className="text-fg2 text-xs">{me.email}</p>
        </div>
      }
      groups={[
        themes.map((entry) => ({
          ...entry,
          checked: theme === entry.id,
          onSelect: () => setTheme(entry.id),
        })),
        [
          {
            id: "profile",
            label: t("shell:profile"),
            icon: <UserRound />,
            onSelect: () => void navigate({ to: "/settings/profile" }),
          },
          {
            id: "jobs",
            label: t("shell:jobs"),
            icon: <ListChecks />,
            onSelect: () => void navigate({ to: "/jobs" as string }),
          },
          {
            id: "shortcuts",
            label: t("shell:shortcuts.title"),
            icon: <Keyboard />,
            shortcut: "?",
            onSelect: () => setOverlay("shortcuts"),
          },
          {
            id: "help",
            label: t("shell:help.title"),
            icon: <BookOpen />,
            onSelect: () => void navigate({ to: "/help" }),
          },
        ],
        [
          {
            id: "sign-out",
            label: t("shell:signOut"),
            icon: <LogOut />,
            onSelect: () => void leave(),
          },
        ],
      ]}
    />
  );
}
