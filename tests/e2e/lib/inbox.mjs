/** What somebody has been told, the newest first. */
export async function inbox(api, state = "inbox") {
  return (await api.get(`/me/notifications?state=${state}`)).data;
}

/** Marks everything as read, so that the bell counts anew. */
export async function readAll(api) {
  const [newest] = await inbox(api);
  if (newest) await api.post("/me/notifications/read", { up_to: newest.id });
}

/** The bell with as many unread as `count`, more than one or none. */
export function bell(page, t, count) {
  const name = t(count > 0 ? "shell:bell.unread_other" : "shell:bell.title", { count });
  return page.getByRole("button", { name, exact: true });
}
