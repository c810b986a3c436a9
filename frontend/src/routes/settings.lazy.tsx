import { useParams } from "@tanstack/react-router";
import { SettingsPage } from "@/features/settings/SettingsPage";

/** The settings, at the page the address names. */
export default function SettingsRoute() {
  const { section } = useParams({ strict: false }) as { section?: string };
  return <SettingsPage section={section ?? null} />;
}
