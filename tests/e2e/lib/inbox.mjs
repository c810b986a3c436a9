/** What somebody has been told, the newest first. */
export async function inbox(api, state = "inbox") {
  return (await api.get(`/me/notifications?state=${state}`)).data;
}

/** Marks everything as read, so that the bell counts anew. */
export async function readAll(api) {
  const [newest] = await inbox(api);
  if (newest) await api.post("/me/notifications/read", { up_to: newest.id });
}

/** Ends what somebody has to do in the next hours, and counts anew: from here on only what a test does rings. */
export async function undisturbed(api) {
  const { id } = await api.get("/me");
  const until = new Date(Date.now() + 3 * 3_600_000).toISOString();
  const filter = encodeURIComponent(`owner_id = "${id}" AND status = "open" AND due_at < "${until}"`);
  const { data } = await api.get(`/activities?limit=100&filter=${filter}`);
  const end = ({ id, version }) => ({ action: "update", id, version, data: { status: "done" } });
  if (data.length > 0) await api.post("/activities/batch", { atomic: true, operations: data.map(end) });
  await readAll(api);
}

/** The bell with as many unread as `count`, more than one or none. */
export function bell(page, t, count) {
  const name = t(count > 0 ? "shell:bell.unread_other" : "shell:bell.title", { count });
  return page.getByRole("button", { name, exact: true });
}
