/** The mark of what somebody has in hand: a value that is edited in its place, a card that is dragged. */
export const IN_HAND = "data-in-hand";

/** Whether something is in hand, which must not be moved away from under it. */
export function isSomethingInHand(): boolean {
  return document.querySelector(`[${IN_HAND}]`) !== null;
}
