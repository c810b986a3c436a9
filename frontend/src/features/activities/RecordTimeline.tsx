import type { ReactNode } from "react";
import type { About, AnyRecord, Contact, Opportunity, Ref, Singular } from "@/api/types";
import type { Descriptor } from "@/features/records/model";
import { Composer, type WriteIn } from "./Composer";
import { Planned } from "./Planned";
import { Timeline } from "./Timeline";

interface RecordTimelineProps {
  descriptor: Descriptor;
  record: AnyRecord;
  /** What stands beside the box and may write into it. */
  renderBeside?: (about: About, write: WriteIn) => ReactNode;
}

/** The records that go with a record: a deal's customer and contact, a contact's customer. */
function usualOf(type: Singular, record: AnyRecord): About[] {
  const about = (kind: Singular, ref: Ref | null): About[] => (ref ? [{ type: kind, ...ref }] : []);
  if (type === "contact") return about("customer", (record as Contact).customer);
  if (type !== "opportunity") return [];
  const { customer, primary_contact } = record as Opportunity;
  return [...about("customer", customer), ...about("contact", primary_contact)];
}

/** The box to write in, what is planned, and what has been. */
export function RecordTimeline({ descriptor, record, renderBeside }: RecordTimelineProps) {
  const { singular: type } = descriptor;
  const { id, name } = record;
  const about = { type, id, name };
  return (
    <>
      <Composer
        about={about}
        usual={usualOf(type, record)}
        renderBeside={renderBeside && ((write) => renderBeside(about, write))}
      />
      <Planned type={type} id={id} />
      <Timeline key={id} descriptor={descriptor} record={record} />
    </>
  );
}
