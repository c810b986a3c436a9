import {
  File,
  FileArchive,
  FileAudio,
  FileImage,
  FileSpreadsheet,
  FileText,
  FileVideo,
  type LucideIcon,
  Presentation,
} from "lucide-react";

const ICONS: [RegExp, LucideIcon][] = [
  [/^image\//, FileImage],
  [/^audio\//, FileAudio],
  [/^video\//, FileVideo],
  [/spreadsheet|excel|csv/, FileSpreadsheet],
  [/presentation|powerpoint/, Presentation],
  [/zip|compressed|x-tar|x-rar|x-7z|gzip|bzip/, FileArchive],
  [/^text\/|pdf|word|rtf|opendocument\.text/, FileText],
];

/** The sign of a kind of file. */
export function iconOf(mediaType: string): LucideIcon {
  return ICONS.find(([pattern]) => pattern.test(mediaType))?.[1] ?? File;
}

const UNITS = ["byte", "kilobyte", "megabyte"] as const;
const STEP = 1024;

/** How large a file is: `48 kB`, `1.2 MB`. */
export function sizeWords(bytes: number, language: string): string {
  const power = bytes < STEP ? 0 : bytes < STEP * STEP ? 1 : 2;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: UNITS[power] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: power === 2 ? 1 : 0,
  }).format(bytes / STEP ** power);
}
