import {
  Building2,
  CalendarRange,
  ContactRound,
  House,
  KanbanSquare,
  ListTodo,
  Settings,
  Sparkles,
  Trash2,
} from "lucide-react";

/** A place in the left rail. */
export interface Place {
  to: string;
  /** A translation key. */
  label: string;
  icon: typeof House;
  /** The keys that go there. */
  shortcut?: string;
}

export const home: Place = { to: "/", label: "shell:nav.home", icon: House, shortcut: "g h" };

export const tasks: Place = {
  to: "/tasks",
  label: "activities:myDay",
  icon: ListTodo,
  shortcut: "g t",
};

export const calendar: Place = {
  to: "/calendar",
  label: "activities:calendar",
  icon: CalendarRange,
  shortcut: "g k",
};

export const recordPlaces: Place[] = [
  { to: "/leads", label: "records:plural.leads", icon: Sparkles, shortcut: "g l" },
  { to: "/customers", label: "records:plural.customers", icon: Building2, shortcut: "g c" },
  { to: "/contacts", label: "records:plural.contacts", icon: ContactRound, shortcut: "g p" },
  {
    to: "/opportunities",
    label: "records:plural.opportunities",
    icon: KanbanSquare,
    shortcut: "g o",
  },
];

export const trash: Place = {
  to: "/trash",
  label: "records:trash.title",
  icon: Trash2,
  shortcut: "g x",
};

export const settings: Place = {
  to: "/settings",
  label: "shell:nav.settings",
  icon: Settings,
  shortcut: "g s",
};

/** Every place, in the order of the rail. */
export const places: Place[] = [home, tasks, calendar, ...recordPlaces, trash, settings];
