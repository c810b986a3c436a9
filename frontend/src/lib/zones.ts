interface Zone {
  id: string;
  name: string;
}

/** The IANA time zones whose name holds what was typed. */
export async function findZones(text: string): Promise<Zone[]> {
  const wanted = text.toLowerCase().replaceAll(" ", "_");
  return Intl.supportedValuesOf("timeZone")
    .filter((zone) => zone.toLowerCase().includes(wanted))
    .slice(0, 50)
    .map((zone) => ({ id: zone, name: zone }));
}
