import * as z from 'zod'
import { resultsSchema } from '../report/results.ts'

const figuresSchema = z.array(z.number())

const comparedRowSchema = z.object({
  id: z.string(),
  what: z.string(),
  now: z.number(),
  before: z.number(),
  /** The median of the rounds' now / before. */
  ratio: z.number(),
  /** `null`: there is nothing bare to compare with. */
  bare: z.number().nullable(),
  /** The median of the rounds' now / bare. */
  ofBare: z.number().nullable(),
  goal: z.string(),
  /** `null`: there is no goal. */
  met: z.boolean().nullable(),
  problem: z.string().optional(),
  /** The figure of each round. */
  rounds: z.object({
    now: figuresSchema,
    before: figuresSchema,
    bare: figuresSchema.optional(),
  }),
})

/** The content of the file of a run beside another checkout. */
export const comparedResultsSchema = resultsSchema.pick({ machine: true, versions: true }).extend({
  date: z.string(),
  /** `-dirty` behind: with changes that are not committed. */
  commits: z.object({ now: z.string(), before: z.string() }),
  rows: z.array(comparedRowSchema),
})

export type ComparedResults = z.infer<typeof comparedResultsSchema>

/** A row of that file. */
export type ComparedRow = z.infer<typeof comparedRowSchema>
