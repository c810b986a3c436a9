import type { AnyRecord } from "@/api/types";
import type { Descriptor } from "@/features/records/model";
import { Composer } from "./Composer";
import { Planned } from "./Planned";
import { Timeline } from "./Timeline";

interface RecordTimelineProps {
  descriptor: Descriptor;
  record: AnyRecord;
}

/** The box to write in, what is planned, and what has been. */
export function RecordTimeline({ descriptor, record }: RecordTimelineProps) {
  const { singular: type } = descriptor;
  const { id, name } = record;
  return (
    <>
      <Composer about={{ type, id, name }} />
      <Planned type={type} id={id} />
      <Timeline key={id} descriptor={descriptor} record={record} />
    </>
  );
}
