import type { TFunction } from "i18next";
import type { AssignmentRule } from "@/api/assignment";
import type { Language } from "@/lib/i18n";

/** The days of the week by their ISO numbers. */
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

const SHOWN_PEOPLE = 3;

/** The name of a day by its ISO number, `周一` or `Mon`. */
export function weekdayName(day: number, language: Language, style: "short" | "long" = "short") {
  // The fifth of January 1970 was a Monday.
  const date = new Date(Date.UTC(1970, 0, 4 + day));
  return new Intl.DateTimeFormat(language, { weekday: style, timeZone: "UTC" }).format(date);
}

/** Days as runs: from Monday to Friday, or Tuesday and Saturday alone. */
function runsOf(days: number[]): number[][] {
  const runs: number[][] = [];
  for (const day of [...days].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && run.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  return runs;
}

function daysWords(days: number[], language: Language, separator: string): string {
  const name = (day: number | undefined) => (day ? weekdayName(day, language) : "");
  return runsOf(days)
    .flatMap((run) =>
      run.length > 2 ? [`${name(run[0])} – ${name(run.at(-1))}`] : run.map((day) => name(day)),
    )
    .join(separator);
}

function peopleWords({ users }: AssignmentRule, t: TFunction): string {
  const names = users
    .slice(0, SHOWN_PEOPLE)
    .map(({ name, is_active }) => (is_active ? name : t("settings:rules.inactive", { name })));
  const text = names.join(t("records:listSeparator"));
  const more = users.length - names.length;
  return more > 0 ? t("settings:rules.andMore", { text, count: more }) : text;
}

/** Who gets the leads of a rule, in words. */
export function whoWords(rule: AssignmentRule, t: TFunction): string {
  if (rule.strategy === "user") return peopleWords(rule, t);
  const people = rule.team
    ? t(rule.with_subteams ? "settings:rules.teamAndBelow" : "settings:rules.inTeam", {
        name: rule.team.name,
      })
    : peopleWords(rule, t);
  return t("settings:rules.among", { strategy: t(`settings:strategy.${rule.strategy}`), people });
}

/** When somebody is passed over, in words: the working days and the caps, as far as there are any. */
export function limitWords(rule: AssignmentRule, t: TFunction, language: Language): string[] {
  const { working_days, max_open, max_per_day } = rule;
  const hasDays = working_days.length > 0 && working_days.length < WEEKDAYS.length;
  return [
    ...(hasDays ? [daysWords(working_days, language, t("records:listSeparator"))] : []),
    ...(max_open === null ? [] : [t("settings:rules.openAtMost", { count: max_open })]),
    ...(max_per_day === null ? [] : [t("settings:rules.perDayAtMost", { count: max_per_day })]),
  ];
}
