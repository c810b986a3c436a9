import { Link } from "@tanstack/react-router";
import { CalendarClock, Ellipsis, Hourglass, TriangleAlert } from "lucide-react";
import { type KeyboardEvent, memo, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Opportunity, Stage } from "@/api/types";
import { NextStep } from "@/features/records/NextStep";
import { cn } from "@/lib/cn";
import { isComposing } from "@/lib/composing";
import { daysFromToday, useFormat } from "@/lib/format";
import { IN_HAND } from "@/lib/in-hand";
import { Avatar } from "@/ui/Avatar";
import { Tag } from "@/ui/Badge";
import { IconButton } from "@/ui/IconButton";
import { MoveMenu } from "./MoveMenu";
import { daysInStage } from "./model";
import type { BoardActions } from "./types";
import { useCardDrag } from "./use-card-drag";

interface CardProps {
  card: Opportunity;
  stage: Stage;
  index: number;
  actions: BoardActions;
}

const STEPS: Record<string, [number, number]> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

/** The neighbouring card, in the column or in the next one that has any. */
function neighbourOf(
  from: HTMLElement,
  [columns, rows]: [number, number],
): HTMLElement | undefined {
  const all = [...document.querySelectorAll<HTMLElement>("[data-board-column]")].map((column) => [
    ...column.querySelectorAll<HTMLElement>("[data-board-card]"),
  ]);
  const here = all.findIndex((cards) => cards.includes(from));
  const row = all[here]?.indexOf(from) ?? 0;
  if (rows !== 0) return all[here]?.[row + rows];
  for (let index = here + columns; all[index]; index += columns) {
    const cards = all[index] ?? [];
    const card = cards[Math.min(row, cards.length - 1)];
    if (card) return card;
  }
  return undefined;
}

/** An opportunity on the board. M opens "Move to…", the arrows go to its neighbours. */
export const Card = memo(function Card({ card, stage, index, actions }: CardProps) {
  const { t } = useTranslation();
  const element = useRef<HTMLLIElement>(null);
  const link = useRef<HTMLAnchorElement>(null);
  const menu = useRef<HTMLButtonElement>(null);
  const canMove = card.can.edit;
  const { dragging, edge } = useCardDrag(element, {
    cardId: card.id,
    stageId: stage.id,
    enabled: canMove,
  });

  useEffect(() => {
    if (actions.focusAfterMove.current !== card.id) return;
    actions.focusAfterMove.current = null;
    link.current?.focus();
  }, [actions, card.id]);

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (isComposing(event) || event.metaKey || event.ctrlKey || event.altKey) return;
    const by = STEPS[event.key];
    if (by) {
      event.preventDefault();
      neighbourOf(event.currentTarget, by)?.focus();
    } else if (event.key.toLowerCase() === "m" && canMove) {
      event.preventDefault();
      menu.current?.click();
    }
  }

  return (
    <li
      ref={element}
      {...(dragging && { [IN_HAND]: "" })}
      className={cn(
        "group relative mb-2 rounded-lg border border-line bg-panel px-3 pt-2.5 pb-2 shadow-card transition-[border-color,opacity] duration-100 hover:border-line-strong has-[a:focus-visible]:border-accent",
        dragging && "opacity-40",
        edge &&
          "before:absolute before:inset-x-0 before:z-10 before:h-0.5 before:rounded-full before:bg-accent",
        edge === "top" && "before:-top-[5.5px]",
        edge === "bottom" && "before:-bottom-[5.5px]",
      )}
    >
      <div className="flex items-center gap-2 group-focus-within:pr-6 group-hover:pr-6 phone:pr-10">
        <Avatar name={card.customer?.name ?? card.name} kind="company" />
        <Link
          ref={link}
          to={`/opportunities/${card.id}` as string}
          draggable={false}
          data-board-card={card.id}
          aria-keyshortcuts={canMove ? "M" : undefined}
          onKeyDown={onKeyDown}
          className="min-w-0 truncate text-fg outline-none after:absolute after:inset-0 after:rounded-lg focus-visible:after:outline-2 focus-visible:after:outline-accent"
        >
          {card.name}
        </Link>
      </div>
      <div className="flex items-center justify-between gap-2 text-xs">
        <p className="truncate text-fg3">{card.customer?.name}</p>
        {card.category === "open" && <NextStep at={card.next_activity_at} className="shrink-0" />}
      </div>
      <AmountLine card={card} />
      <FootLine card={card} />
      {canMove && (
        <MoveMenu
          card={card}
          index={index}
          actions={actions}
          trigger={
            <IconButton
              ref={menu}
              size="sm"
              hasTooltip={false}
              label={t("board:moveNamed", { name: card.name })}
              className="absolute top-2 right-2 z-[1] opacity-0 focus-visible:opacity-100 group-hover:opacity-100 data-popup-open:opacity-100 phone:top-0 phone:right-0 phone:opacity-100"
            >
              <Ellipsis />
            </IconButton>
          }
        />
      )}
    </li>
  );
});

function AmountLine({ card }: { card: Opportunity }) {
  const { t } = useTranslation();
  const { money } = useFormat();
  return (
    <div className="mt-1 flex h-6 items-center justify-between gap-2">
      {card.amount ? (
        <span className="tnum truncate font-semibold text-base">{money(card.amount)}</span>
      ) : (
        <span className="text-fg3">{t("board:noAmount")}</span>
      )}
      {card.tags[0] !== undefined && <Tag className="max-w-24">{card.tags[0]}</Tag>}
    </div>
  );
}

const STALE = { none: "text-fg3", yellow: "text-warn", red: "text-danger" };

function FootLine({ card }: { card: Opportunity }) {
  const { t } = useTranslation();
  const days = daysInStage(card);
  const words = [t("board:daysInStage", { count: days })];
  if (card.stale !== "none") words.unshift(t(`records:stale.${card.stale}`));
  const text = words.join(" · ");
  const Icon = card.stale === "red" ? TriangleAlert : Hourglass;
  return (
    <div className="mt-2 flex items-center gap-2.5 border-line border-t pt-2 text-xs">
      {card.owner ? (
        <span className="flex min-w-0 flex-1 items-center gap-1.5 text-fg2">
          <Avatar name={card.owner.name} />
          <span className="truncate">{card.owner.name}</span>
        </span>
      ) : (
        <span className="flex-1 text-fg3">{t("board:noOwner")}</span>
      )}
      <span className={cn("tnum flex shrink-0 items-center gap-1", STALE[card.stale])} title={text}>
        <Icon aria-hidden="true" className="size-3" />
        <span aria-hidden="true">{t("board:days", { count: days })}</span>
        <span className="sr-only">{text}</span>
      </span>
      <CloseDate card={card} />
    </div>
  );
}

/** When it should be closed; red and in words when that day has passed. */
function CloseDate({ card }: { card: Opportunity }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  if (card.expected_close_on === null) return null;
  const days = daysFromToday(card.expected_close_on);
  const isOverdue = card.category === "open" && days < 0;
  const text = isOverdue
    ? t("board:overdue", { count: -days })
    : days === 0
      ? t("board:today")
      : card.expected_close_on.slice(5);
  return (
    <time
      dateTime={card.expected_close_on}
      title={t("board:closesOn", { date: date(card.expected_close_on) })}
      className={cn(
        "tnum flex shrink-0 items-center gap-1",
        isOverdue ? "font-medium text-danger" : "text-fg2",
      )}
    >
      <CalendarClock aria-hidden="true" className="size-3.5" />
      {text}
    </time>
  );
}
