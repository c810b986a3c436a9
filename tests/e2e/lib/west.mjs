import { apiAs, formOf } from "./api.mjs";
import { PASSWORD } from "./server.mjs";

const ADMIN = "admin@example.com";
/** The zones of the team's people. */
export const [SHANGHAI, LONDON] = ["Asia/Shanghai", "Europe/London"];
/** For how many days the team's pool leaves a customer without an opportunity to its owner, and warns of it. */
export const [POOL_DAYS, WARN_DAYS] = [10, 3];
/** How many days the manager leaves a stale deal to its owner. */
export const GRACE_DAYS = 3;
/** Hours within which a new lead is answered. */
export const RESPONSE_HOURS = 4;
/** Where the team sells. */
export const REGION = "云南";
/** The rule that gives the team its leads. */
export const RULE = "西部线索 West";

async function rolesOf(server, email) {
  const { roles } = await (await apiAs(server, email)).get("/me");
  return roles.map(({ id }) => id);
}

/** What the organisation has decided: how soon leads are answered, how long managers wait, whose turn it is. */
async function decide(admin, team, sellers) {
  const { version } = await admin.get("/organisation");
  const limits = { lead_response_hours: RESPONSE_HOURS, stale_grace_days: GRACE_DAYS };
  await admin.patch("/organisation", limits, { "if-match": `"${version}"` });
  await admin.post("/assignment-rules", {
    name: RULE,
    condition: { field: "region", op: "in", value: [REGION] },
    strategy: "round_robin",
    user_ids: sellers.map(({ id }) => id),
    position: 0,
  });
  await admin.post("/pools", {
    name: "西部公海 West",
    team_id: team.id,
    release: { no_opportunity_days: POOL_DAYS },
    warn_days: WARN_DAYS,
    claims_per_day: 1,
  });
}

/**
 * A team of its own beside the sample data, who have nothing and have been told nothing: a manager, two who are given
 * leads in turn – one in Shanghai, one in London –, and a newcomer. `send` is the form of the website.
 */
export async function foundWest(server) {
  const admin = await apiAs(server, ADMIN);
  const [leads, sells] = [await rolesOf(server, "manager@example.com"), await rolesOf(server, "sales@example.com")];
  const team = await admin.post("/teams", { name: "西部团队 West" });
  async function add(word, name, more) {
    const person = { name, email: `${word}@example.com`, password: PASSWORD, team_id: team.id, role_ids: sells };
    const { id, email } = await admin.post("/users", { ...person, time_zone: SHANGHAI, ...more });
    return { id, name, email };
  }
  const manager = await add("shenlan", "沈岚", { role_ids: leads });
  const seller = await add("luchuan", "陆川", { manager_id: manager.id });
  const londoner = await add("nora", "Nora Blake", { manager_id: manager.id, time_zone: LONDON, language: "en" });
  const newcomer = await add("heqing", "何晴", { manager_id: manager.id });
  await decide(admin, team, [seller, londoner]);
  return { admin: { email: ADMIN }, manager, seller, londoner, newcomer, send: await formOf(admin) };
}
