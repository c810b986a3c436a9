import { useEffect } from "react";
import type { FieldValues, Resolver } from "react-hook-form";

/**
 * The check of a form that is loaded once the form is drawn: nobody has filled it in before.
 * When it cannot be loaded, the server's own check has to do.
 */
export function useLateCheck<Values extends FieldValues>(
  load: () => Promise<Resolver<Values>>,
): Resolver<Values> {
  useEffect(() => {
    load().catch(() => undefined);
  }, [load]);
  return async (values, context, options) => {
    const check = await load().catch(() => null);
    return check ? check(values, context, options) : { values, errors: {} };
  };
}
