import { useParams } from "@tanstack/react-router";
import { JobPage } from "@/features/jobs/JobPage";
import { ConvertLead } from "./convert-lead";

/** One job, and the conversion by hand of what it could not convert. */
export default function JobRoute() {
  const { id = "" } = useParams({ strict: false });
  return (
    <JobPage
      key={id}
      id={id}
      renderConvert={(lead, onClose) => <ConvertLead key={lead} id={lead} onClose={onClose} />}
    />
  );
}
