import { t } from "i18next";
import type { Schemas } from "./types";

/** One complaint about one member or parameter of a request. */
export type ProblemDetail = Partial<Schemas["FieldError"]>;

/** What is known of a refusal; a proxy in between may answer in other words. */
type ProblemBody = Partial<Omit<Schemas["Problem"], "code" | "errors">> & {
  code?: string;
  errors?: ProblemDetail[];
};

/** An error answer of the server (RFC 9457), or `network` when none came. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly errors: ProblemDetail[];
  /** The whole document, for members of one code such as `current` or `candidates`. */
  readonly body: Record<string, unknown>;

  constructor(status: number, body: ProblemBody & Record<string, unknown>) {
    super(body.detail ?? body.title ?? body.code ?? `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? "unknown";
    this.title = body.title ?? this.message;
    this.detail = body.detail;
    this.requestId = body.request_id;
    this.errors = body.errors ?? [];
    this.body = body;
  }

  /**
   * The complaints by form field: pointer `/estimated_amount/amount` becomes
   * `estimated_amount.amount`, the path react-hook-form uses.
   */
  fieldErrors(prefix = "/"): Record<string, string> {
    const fields: Record<string, string> = {};
    for (const { pointer, detail, code } of this.errors) {
      if (!pointer?.startsWith(prefix)) continue;
      const path = pointer.slice(prefix.length).replace(/^\//, "").replaceAll("/", ".");
      fields[path] ??= detail ?? code ?? this.title;
    }
    return fields;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Makes a Problem of whatever an error answer held. */
export function problemFrom(response: Response, body: unknown): Problem {
  const requestId = response.headers.get("x-request-id");
  const known = isRecord(body) ? body : { title: response.statusText };
  return new Problem(response.status, {
    ...(requestId !== null && { request_id: requestId }),
    ...known,
  });
}

/** No answer came, said in the language of the page: what the browser says of it is for developers. */
export function unreachable(): Problem {
  return new Problem(0, { code: "network", title: t("common:noNetwork") });
}

/** What browsers and the bundler say of a part of the page that could not be loaded. */
const PART_MISSING = /dynamically imported module|module script failed|unable to preload/i;

/** Makes a Problem of anything that was thrown: a mistake of the page keeps its own words, for whoever reports it. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const said = error instanceof Error ? error.message : String(error);
  if (PART_MISSING.test(said)) return unreachable();
  return new Problem(0, { code: "page", title: t("common:pageFailed"), detail: said });
}
