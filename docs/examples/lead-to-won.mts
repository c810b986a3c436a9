// From a lead to a won opportunity with TypeScript, against `make run`:  npx tsx docs/examples/lead-to-won.mts
// (Node 22.18 and newer run the file as it is: node docs/examples/lead-to-won.mts)
export {};
declare const process: { env: Record<string, string | undefined> };

const API = `${process.env["RAPPORT_URL"] ?? "http://127.0.0.1:8080"}/api/v1`;

// The shapes this example reads. A whole set comes from the contract: npx openapi-typescript $API/openapi.json
type Money = { amount: string; currency: string };
type Lead = { id: string; number: number; name: string; status_category: string; conversion: { id: string } | null };
type Candidate = { id: string; name: string; score: number; matched: string[] };
type Preview = { candidates: { customers: Candidate[]; contacts: Candidate[] } };
type Deal = { id: string; name: string; category: string; amount: Money | null; pipeline_id: string; closed_at: string | null };
type Conversion = { customer: { id: string; name: string } | null; contact: { name: string } | null; opportunity: Deal | null };
type Pipelines = { data: { id: string; stages: { id: string; category: string }[] }[] };
type Hits = { data: { id: string; name: string }[] };
type ProblemDocument = { status: number; code: string; detail: string; errors: { pointer?: string; code: string }[] };

/** A refusal, as a problem document (RFC 9457); `code` is for programs. */
class Problem extends Error {
  readonly document: ProblemDocument;
  constructor(document: ProblemDocument) {
    super(`${document.status} ${document.code}: ${document.detail}`);
    this.document = document;
  }
}

let token: string | undefined;

async function send<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const answer = await fetch(API + path, {
    method,
    headers: {
      "Accept-Language": "zh-CN",
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Problem((await answer.json()) as ProblemDocument);
  return (await answer.json()) as T;
}

/** Links what is surely the same (a score of 80 or more), creates what is not. */
function choose([best]: Candidate[]): { mode: "link"; id: string } | { mode: "create" } {
  return best && best.score >= 80 ? { mode: "link", id: best.id } : { mode: "create" };
}

function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`no ${what}`);
  return value;
}

// 1. Sign in.
const grant = { grant_type: "password", email: "sales@example.com", password: "rapport-demo" };
token = (await send<{ access_token: string }>("POST", "/auth/token", grant)).access_token;

// 2. Capture a lead. The key makes it safe to send the request again when no answer came.
const captured = {
  family_name: "孙", given_name: "乐", title: "采购主管",
  company_name: "宁波海岳仪器有限公司", email: "sun.le@haiyue.example", phone: "139 5740 1188",
  source: "website", estimated_amount: { amount: "128000.00", currency: "CNY" },
};
const lead = await send<Lead>("POST", "/leads", captured, { "Idempotency-Key": crypto.randomUUID() });
console.log("lead", lead.number, lead.name);

// 3. Preview: who might be here already, and what would be created.
const { candidates } = await send<Preview>("POST", `/leads/${lead.id}/conversion/preview`, {});
console.log("candidates", candidates.customers.map(({ name, score, matched }) => ({ name, score, matched })));

// 4. Convert: customer, contact and opportunity in one transaction.
const converted = await send<Conversion>("POST", `/leads/${lead.id}/conversion`, {
  customer: choose(candidates.customers),
  contact: choose(candidates.contacts),
  opportunity: { mode: "create", fields: { name: "海岳 · 三坐标测量机", expected_close_on: "2030-06-30" } },
});
const customer = present(converted.customer, "customer");
const deal = present(converted.opportunity, "opportunity");
console.log("customer", customer.name, "opportunity", deal.name);

// 5. Move the opportunity to the pipeline's won stage.
const pipelines = await send<Pipelines>("GET", "/pipelines");
const pipeline = present(pipelines.data.find(({ id }) => id === deal.pipeline_id), "pipeline");
const won = present(pipeline.stages.find(({ category }) => category === "won"), "won stage");
const moved = await send<Deal>("POST", `/opportunities/${deal.id}/move`, { stage_id: won.id });
if (moved.category !== "won") throw new Error("not won");
console.log("won", moved.amount, "at", moved.closed_at);

// 6. Find the customer by two Chinese characters, by pinyin and by its initials.
for (const words of ["海岳", "haiyue", "hyyq"]) {
  const query = new URLSearchParams({ q: words, types: "customers" });
  const hits = await send<Hits>("GET", `/search?${query}`);
  present(hits.data.find(({ id }) => id === customer.id), `hit for ${words}`);
  console.log("found by", words);
}

// 7. A colleague of the same company: link the customer, and take the conversion back.
const second = await send<Lead>("POST", "/leads", {
  family_name: "何", given_name: "晴", company_name: "宁波海岳仪器有限公司", email: "he.qing@haiyue.example",
});
const wanted = { customer: { mode: "link", id: customer.id }, contact: { mode: "create" } };
await send<Conversion>("POST", `/leads/${second.id}/conversion`, wanted);
const again = await send<Conversion>("POST", `/leads/${second.id}/conversion`, wanted).catch((problem: unknown) => problem);
if (!(again instanceof Problem) || again.document.code !== "already_converted") throw new Error("converted twice");
console.log("a second time:", again.message);
const reopened = await send<Lead>("POST", `/leads/${second.id}/conversion/undo`, {});
if (reopened.conversion !== null) throw new Error("not undone");
console.log("undone:", reopened.name, "is a lead again,", reopened.status_category);
