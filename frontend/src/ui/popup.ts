/** The look every floating layer shares. */
export const popupClass =
  "rounded-lg bg-raised text-fg shadow-float outline-none transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0";

/** A line of a menu, a select or a list of candidates. */
export const optionClass =
  "flex min-h-7 items-center gap-2 rounded-md px-2 py-1 text-sm outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover phone:min-h-11";

/** Everything on a page stands in a landmark, and what floats over it in one of its own. */
export function landmark(label: string) {
  return { role: "region", "aria-label": label };
}
