import type { Selectable } from "kysely";
import { z } from "zod";
import type { ArchivesTable } from "./lifecycle-tables.ts";
import { StoreError } from "./store-error.ts";

/** How lines were turned into an archive: by the model, by quoting alone, or by the model from lines that were cut before. */
export const strategies = ["summarize", "truncate", "hybrid"] as const;
export type Strategy = (typeof strategies)[number];

const detailsSchema = z.object({
  decisions: z.array(z.string()),
  openLoops: z.array(z.string()),
  constraints: z.array(z.string()),
  activeTask: z.string().nullable(),
  strategy: z.enum(strategies),
  /** Made without a model. */
  isExtractive: z.boolean(),
  /** The version of the prompt it was asked for with; null where no model was asked, and in archives that are older. */
  promptVersion: z.number().int().nullable().default(null),
  /** How many earlier archives its summary was fused with. */
  fused: z.number().int(),
  /** Estimated tokens of its lines, and of what stands for them. */
  tokensBefore: z.number().int(),
  tokensAfter: z.number().int(),
  durationMs: z.number(),
});
/** What is known of an archive beside its text: its points, and how well the summary did. */
export type ArchiveDetails = Readonly<z.infer<typeof detailsSchema>>;

/** A range of a session's lines, final, and what stands for it. */
export interface Archive {
  /** Its number inside this database; the public id is `archiveId`. */
  readonly row: number;
  readonly session: number;
  readonly archiveId: string;
  readonly fromSeq: number;
  readonly toSeq: number;
  /** How many archives it stands for; 0 for one of lines. */
  readonly merges: number;
  /** The row of the archive that stands for it; null for a live one. */
  readonly mergedInto: number | null;
  readonly overview: string;
  readonly abstract: string;
  readonly details: ArchiveDetails;
  /** When its summary is to be made again by a model; null when it is not. */
  readonly redoAtMs: number | null;
  readonly createdAtMs: number;
}

/** A stored archive; throws a `StoreError` (`corrupt`) where its details cannot be read: nothing is made up from what is not understood. */
export function archiveOf(row: Selectable<ArchivesTable>): Archive {
  return {
    row: row.id,
    session: row.session,
    archiveId: row.archive_id,
    fromSeq: row.from_seq,
    toSeq: row.to_seq,
    merges: row.merges,
    mergedInto: row.merged_into,
    overview: row.overview,
    abstract: row.abstract,
    details: readDetails(row),
    redoAtMs: row.redo_at_ms,
    createdAtMs: row.created_at_ms,
  };
}

function readDetails(row: Selectable<ArchivesTable>): ArchiveDetails {
  try {
    return detailsSchema.parse(JSON.parse(row.details));
  } catch (error) {
    throw new StoreError(
      "corrupt",
      `archive ${row.archive_id}: its details cannot be read. Its lines are whole; restore the database from a backup to have them back.`,
      error,
    );
  }
}
