import {
  Bell,
  Building,
  Building2,
  CircleDot,
  Compass,
  Gauge,
  KanbanSquare,
  KeyRound,
  LayoutTemplate,
  ShieldCheck,
  Split,
  UserRound,
  Users,
  Waves,
} from "lucide-react";
import type { ComponentType } from "react";
import { isGranted } from "@/api/me";
import type { Permission } from "@/api/types";

/** A page of the settings. */
export interface Section {
  id: string;
  icon: ComponentType<{ className?: string }>;
  /** What must be viewable for it to make sense; nothing for what is one's own. */
  needs?: string;
  /** Of what the user must be able to make some. */
  creates?: string;
  /** What must be the user's to change, where looking at it is not for everybody. */
  configures?: string;
}

/** The pages of the settings by group. */
const groups: { id: "own" | "organisation" | "sales" | "integration"; sections: Section[] }[] = [
  {
    id: "own",
    sections: [
      { id: "profile", icon: UserRound },
      { id: "notifications", icon: Bell },
    ],
  },
  {
    id: "organisation",
    sections: [
      { id: "organisation", icon: Building2, configures: "configuration" },
      { id: "people", icon: Users, needs: "user" },
      { id: "teams", icon: Building, needs: "team" },
      { id: "roles", icon: ShieldCheck, needs: "role" },
    ],
  },
  {
    id: "sales",
    sections: [
      { id: "pipelines", icon: KanbanSquare },
      { id: "statuses", icon: CircleDot },
      { id: "sources", icon: Compass },
      { id: "templates", icon: LayoutTemplate, creates: "activity" },
      { id: "rules", icon: Split, configures: "configuration" },
      { id: "scoring", icon: Gauge, configures: "configuration" },
      { id: "pools", icon: Waves },
    ],
  },
  { id: "integration", sections: [{ id: "keys", icon: KeyRound }] },
];

/** The groups with what the user may see of them. */
export function visibleGroups(permissions: Permission[]) {
  return groups
    .map((group) => ({
      ...group,
      sections: group.sections.filter(
        ({ needs, creates, configures }) =>
          (creates === undefined || isGranted(permissions, creates, "create")) &&
          (needs === undefined || isGranted(permissions, needs, "view")) &&
          (configures === undefined || isGranted(permissions, configures, "configure")),
      ),
    }))
    .filter((group) => group.sections.length > 0);
}
