import { z } from 'zod'

/** The cost of a sync for one party, from the start of its process's work on. */
export const syncCostSchema = z.object({
  cpuMs: z.number(),
  /** The most that was resident, MiB. */
  rssMib: z.number(),
  ms: z.number(),
  /** Of both directions, or of the one that this party sent. */
  messages: z.number(),
  bytes: z.number(),
})

export type SyncCost = z.infer<typeof syncCostSchema>

/** @param before processor time, and the time since then */
export function costSince(before: NodeJS.CpuUsage, startedAt: number): SyncCost {
  const { user, system } = process.cpuUsage(before)
  return {
    cpuMs: (user + system) / 1_000,
    rssMib: process.resourceUsage().maxRSS / 1_024,
    ms: performance.now() - startedAt,
    messages: 0,
    bytes: 0,
  }
}
