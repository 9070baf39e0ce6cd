import * as z from 'zod'

const measurementSchema = z.object({
  rate: z.number(),
  p50: z.number(),
  p99: z.number(),
  serverCpu: z.number(),
})

const rowSchema = z.object({
  id: z.string(),
  what: z.string(),
  ours: z.number(),
  /** `null`: there is nothing bare to compare with. */
  bare: z.number().nullable(),
  ratio: z.number().nullable(),
  goal: z.string(),
  /** `null`: there is no goal. */
  met: z.boolean().nullable(),
  problem: z.string().optional(),
  note: z.string().optional(),
  /** Of a comparison: the median rounds, and what durability cost. */
  more: z
    .object({
      ours: measurementSchema,
      bare: measurementSchema,
      /** The bare exchange on nodes with all of our settings. */
      tuned: measurementSchema.optional(),
      /** Of the rates. */
      ratioToTuned: z.number().optional(),
      commitsEach: z.number(),
      fsyncMs: z.number(),
    })
    .optional(),
})

/** The content of a results file. */
export const resultsSchema = z.object({
  machine: z.object({
    cpu: z.string(),
    cores: z.int(),
    memoryGiB: z.number(),
    platform: z.string(),
    /** Processes that wanted a processor before the run began, the minute's average. */
    loadBefore: z.number(),
  }),
  versions: z.object({
    node: z.string(),
    sqlite: z.string(),
    taleus: z.string().optional(),
    libp2p: z.string(),
  }),
  date: z.string(),
  rows: z.array(rowSchema),
})

export type Results = z.infer<typeof resultsSchema>

/** A row of the results file. */
export type BenchRow = z.infer<typeof rowSchema>
