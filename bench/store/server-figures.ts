import * as z from 'zod'
import { resultsSchema } from '../report/results.ts'

/** What one bootstrap takes from a PostgreSQL server, as measured by `bench/store/server.ts`. */
const serverRunSchema = z.object({
  nodes: z.int(),
  atOnce: z.int(),
  bootstraps: z.int(),
  rate: z.number(),
  /** Of the server, for each. */
  serverMs: z.number(),
  /** Of nodes and invitees together, in one process, for each. */
  sidesMs: z.number(),
  walBytes: z.number(),
  storedBytes: z.number(),
  commitsEach: z.number(),
})

export type ServerRun = z.infer<typeof serverRunSchema>

/** The content of `bench/results/server.json`. */
export const serverFiguresSchema = resultsSchema
  .pick({ machine: true, versions: true, date: true })
  .extend({ postgres: z.string(), runs: z.array(serverRunSchema) })

export type ServerFigures = z.infer<typeof serverFiguresSchema>
