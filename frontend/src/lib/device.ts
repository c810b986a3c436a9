/** The browser and system of a user agent, as far as its text tells. */
export function deviceName(agent: string | null): string {
  if (!agent) return "";
  const browser = /Edg|Firefox|Chrome|Safari/.exec(agent)?.[0].replace("Edg", "Edge");
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(agent)?.[0];
  return [browser, system].filter(Boolean).join(" · ") || (agent.split(/[ /]/)[0] ?? "");
}
