import type { ComponentType, ReactNode } from "react";
import type { AnyRecord, RecordType } from "@/api/types";

interface RecordSlotProps {
  record: AnyRecord;
}

/** The primary actions in the header of a record, by type. */
export const recordActions: Partial<Record<RecordType, ComponentType<RecordSlotProps>>> = {};

/** What stands between the header and the body of a record page, by type. */
export const recordBanners: Partial<Record<RecordType, ComponentType<RecordSlotProps>>> = {};

/** Further buttons in the header of a list, by type. */
export const listActions: Partial<Record<RecordType, () => ReactNode>> = {};
