import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { processUsage } from '../process/usage.ts'
import { quantile } from './run-load.ts'

/** Clients that come again and again for so long, and after a refusal as late as they are told. */
export interface Visits {
  readonly clients: number
  readonly seconds: number
  /** They do not come all at once, but within so many ms. */
  readonly spreadMs: number
}

/** The result of all visits. */
export const visitsSchema = z.object({
  /** Visits each second that were not refused. */
  rate: z.number(),
  refused: z.number(),
  /** Time until a refusal, ms: 99 % take no longer. */
  p99: z.number(),
  /** The longest that this process's own loop was late, ms. */
  lateMs: z.number(),
  problems: z.array(z.string()),
})

/** A refusal that says when to come again. */
export class RefusedError extends Error {
  readonly retryAfterMs: number

  constructor(message: string, retryAfterMs: number) {
    super(message)
    this.retryAfterMs = retryAfterMs
  }
}

/** A client comes up to this part later than told, as the dialer has it. */
const JITTER = 0.25
const MAX_PROBLEMS = 5

/** Runs visits in this process. @param visit rejects with RefusedError if the client is to come again */
export async function runVisits(
  { clients, seconds, spreadMs }: Visits,
  visit: (client: number) => Promise<unknown>,
): Promise<z.infer<typeof visitsSchema>> {
  const refusals: number[] = []
  const problems: string[] = []
  let done = 0
  processUsage(true)
  const until = performance.now() + seconds * 1_000
  const come = async (client: number): Promise<void> => {
    await sleep(Math.random() * spreadMs)
    while (performance.now() < until) {
      const began = performance.now()
      try {
        await visit(client)
        done += 1
      } catch (error) {
        if (error instanceof RefusedError) {
          refusals.push(performance.now() - began)
          await sleep(error.retryAfterMs * (1 + Math.random() * JITTER))
        } else problems.push(String(error))
      }
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, client) => come(client)))
  return {
    rate: done / seconds,
    refused: refusals.length,
    p99: refusals.length === 0 ? 0 : quantile(refusals, 0.99),
    lateMs: processUsage(false).lagMs,
    problems: problems.slice(0, MAX_PROBLEMS),
  }
}
