import { Dialog as Base } from "@base-ui/react/dialog";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Bell, CornerDownLeft, ListChecks, Plus, Search } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { favouritesQuery } from "@/api/at-hand";
import { searchQuery } from "@/api/search";
import { collectionOf, descriptors, recordTypes } from "@/features/records/descriptors";
import { openQuickCreate } from "@/features/records/quick-create";
import { cn } from "@/lib/cn";
import { isComposing } from "@/lib/composing";
import { useSettledText } from "@/lib/settled";
import { setTheme, useTheme } from "@/lib/theme";
import { Avatar } from "@/ui/Avatar";
import { Kbd } from "@/ui/Kbd";
import { Spinner } from "@/ui/Spinner";
import { places } from "./navigation";
import { setOverlay } from "./overlay";
import { recents, remember } from "./recents";
import { useLanguageChange } from "./Switches";

interface Entry {
  id: string;
  label: string;
  detail?: string | undefined;
  icon: ReactNode;
  shortcut?: string | undefined;
  run: () => void;
}

interface Section {
  id: string;
  label: string;
  entries: Entry[];
}

/** As many favourites stand before what was opened lately. */
const MOST_FAVOURITES = 6;

function useCommands(): Entry[] {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const { dark } = useTheme();
  const changeLanguage = useLanguageChange();
  const isEnglish = i18n.language === "en";
  return [
    ...(["note", "task"] as const).map((kind) => ({
      id: `new-${kind}`,
      label: t(`activities:quick.${kind}`),
      icon: <Plus />,
      shortcut: kind.charAt(0),
      run: () => setOverlay(kind),
    })),
    ...recordTypes.map((type) => ({
      id: `new-${type}`,
      label: t(`records:newOf.${type}`),
      icon: <Plus />,
      run: () => openQuickCreate(type),
    })),
    ...places.map((place) => ({
      id: `go-${place.to}`,
      label: t("shell:goTo", { name: t(place.label) }),
      icon: <place.icon />,
      shortcut: place.shortcut,
      run: () => void navigate({ to: place.to }),
    })),
    {
      id: "inbox",
      label: t("shell:goTo", { name: t("shell:bell.title") }),
      icon: <Bell />,
      shortcut: "g n",
      run: () => setOverlay("inbox"),
    },
    {
      id: "jobs",
      label: t("shell:goTo", { name: t("shell:jobs") }),
      icon: <ListChecks />,
      run: () => void navigate({ to: "/jobs" as string }),
    },
    {
      id: "theme",
      label: dark ? t("shell:light") : t("shell:dark"),
      icon: <CornerDownLeft />,
      run: () => setTheme(dark ? "light" : "dark"),
    },
    {
      id: "language",
      label: isEnglish ? t("shell:toChinese") : t("shell:toEnglish"),
      icon: <CornerDownLeft />,
      run: () => void changeLanguage(isEnglish ? "zh-CN" : "en"),
    },
    {
      id: "shortcuts",
      label: t("shell:shortcuts.title"),
      icon: <CornerDownLeft />,
      shortcut: "?",
      run: () => setOverlay("shortcuts"),
    },
  ];
}

function useSections(text: string): { sections: Section[]; isSearching: boolean } {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isCommand = text.startsWith(">");
  const needle = text.replace(/^>/, "").trim().toLowerCase();
  const settled = useSettledText(isCommand ? "" : needle);
  const found = useQuery({
    ...searchQuery(settled),
    placeholderData: keepPreviousData,
  });
  const commands = useCommands().filter((entry) => entry.label.toLowerCase().includes(needle));

  const toRecord =
    (type: (typeof recordTypes)[number], id: string, name: string): Entry["run"] =>
    () => {
      remember({ type, id, name });
      void navigate({ to: `/${type}/${id}` });
    };
  const hits = isCommand || needle === "" ? [] : (found.data ?? []);
  const records = hits.map((hit) => {
    const type = collectionOf(hit.type);
    return {
      id: hit.id,
      label: hit.name,
      detail: [hit.detail, hit.owner?.name].filter(Boolean).join(" · ") || t(`records:one.${type}`),
      icon: <Avatar name={hit.name} kind={descriptors[type].avatarKind} />,
      run: toRecord(type, hit.id, hit.name),
    };
  });
  const latest = recents().map((recent) => ({
    id: `recent-${recent.id}`,
    label: recent.name,
    detail: t(`records:one.${recent.type}`),
    icon: <Avatar name={recent.name} kind={descriptors[recent.type].avatarKind} />,
    run: toRecord(recent.type, recent.id, recent.name),
  }));
  const starred = useQuery(favouritesQuery()).data?.data ?? [];
  const favourites = starred.flatMap(({ record: { type: singular, id, name } }) => {
    if (name === null) return [];
    const type = collectionOf(singular);
    return {
      id: `favourite-${id}`,
      label: name,
      detail: t(`records:one.${type}`),
      icon: <Avatar name={name} kind={descriptors[type].avatarKind} />,
      run: toRecord(type, id, name),
    };
  });
  const others = latest.filter(
    ({ id }) => !favourites.some((favourite) => id === favourite.id.replace("favourite", "recent")),
  );
  const sections = [
    {
      id: "favourites",
      label: t("desk:favourites"),
      entries: text === "" ? favourites.slice(0, MOST_FAVOURITES) : [],
    },
    { id: "recents", label: t("shell:recents"), entries: text === "" ? others : [] },
    { id: "records", label: t("shell:records"), entries: records },
    { id: "commands", label: t("shell:commands"), entries: commands },
  ].filter((section) => section.entries.length > 0);
  return { sections, isSearching: needle !== "" && !isCommand && found.isFetching };
}

/** Finds records and commands by typing; `>` shows commands only. */
export default function Palette() {
  const { t } = useTranslation();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [place, setPlace] = useState(0);
  const { sections, isSearching } = useSections(text);
  const entries = sections.flatMap((section) => section.entries);
  const index = Math.min(place, entries.length - 1);
  const current = entries[index];

  useEffect(() => {
    if (current)
      list.current?.querySelector("[aria-selected='true']")?.scrollIntoView({ block: "nearest" });
  }, [current]);

  function run(entry: Entry | undefined) {
    if (!entry) return;
    setOverlay(null);
    entry.run();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event)) return;
    if (event.key === "ArrowDown") setPlace((index + 1) % Math.max(1, entries.length));
    else if (event.key === "ArrowUp")
      setPlace((index - 1 + entries.length) % Math.max(1, entries.length));
    else if (event.key === "Enter") run(current);
    else return;
    event.preventDefault();
  }

  return (
    <Base.Root open onOpenChange={(open) => !open && setOverlay(null)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-50 bg-black/30" />
        <Base.Popup
          aria-label={t("shell:search")}
          initialFocus={input}
          className="fixed top-[14vh] left-1/2 z-50 flex max-h-[70vh] w-[min(39rem,calc(100vw-2rem))] -translate-x-1/2 flex-col overflow-hidden rounded-xl bg-raised text-fg shadow-float outline-none phone:inset-0 phone:max-h-none phone:w-full phone:translate-x-0 phone:rounded-none"
        >
          <div className="flex shrink-0 items-center gap-3 border-line border-b px-4">
            {isSearching ? (
              <Spinner className="text-fg3" />
            ) : (
              <Search className="size-4 text-fg3" aria-hidden="true" />
            )}
            <input
              ref={input}
              role="combobox"
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-activedescendant={current ? `${id}-${current.id}` : undefined}
              aria-label={t("shell:searchOrCommand")}
              aria-autocomplete="list"
              placeholder={t("shell:searchOrCommand")}
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setPlace(0);
              }}
              onKeyDown={onKeyDown}
              className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none phone:h-14 phone:text-[16px]"
            />
            <Base.Close className="flex items-center justify-center rounded phone:min-h-11 phone:min-w-11">
              <span className="sr-only phone:hidden">{t("common:close")} </span>
              <Kbd keys="Escape" />
              <span className="md:hidden">{t("common:cancel")}</span>
            </Base.Close>
          </div>
          <div
            ref={list}
            id={`${id}-list`}
            role="listbox"
            aria-label={t("shell:results")}
            tabIndex={-1}
            className="min-h-0 overflow-y-auto p-1.5"
          >
            {sections.map((section) => (
              // biome-ignore lint/a11y/useSemanticElements: a fieldset may not stand in a listbox
              <div key={section.id} role="group" aria-labelledby={`${id}-${section.id}`}>
                <p id={`${id}-${section.id}`} className="px-2.5 pt-2 pb-1 text-fg3 text-xs">
                  {section.label}
                </p>
                {section.entries.map((entry) => (
                  <Line
                    key={entry.id}
                    id={`${id}-${entry.id}`}
                    entry={entry}
                    isCurrent={entry === current}
                    onPoint={() => setPlace(entries.indexOf(entry))}
                    onRun={() => run(entry)}
                  />
                ))}
              </div>
            ))}
          </div>
          {entries.length === 0 && (
            <p role="status" className="px-4 py-6 text-center text-fg2">
              {isSearching ? t("common:searching") : t("common:noMatches")}
            </p>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

interface LineProps {
  id: string;
  entry: Entry;
  isCurrent: boolean;
  onPoint: () => void;
  onRun: () => void;
}

function Line({ id, entry, isCurrent, onPoint, onRun }: LineProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the combobox above
    <div
      id={id}
      role="option"
      aria-selected={isCurrent}
      tabIndex={-1}
      onPointerMove={onPoint}
      onClick={onRun}
      className={cn(
        "flex h-9 items-center gap-2.5 rounded-md px-2.5 phone:h-12 [&_svg]:size-4 [&_svg]:text-fg3",
        isCurrent && "bg-hover",
      )}
    >
      {entry.icon}
      <span className="min-w-0 flex-1 truncate">{entry.label}</span>
      {entry.detail && <span className="max-w-1/2 truncate text-fg2 text-xs">{entry.detail}</span>}
      {entry.shortcut && <Kbd keys={entry.shortcut} />}
    </div>
  );
}
