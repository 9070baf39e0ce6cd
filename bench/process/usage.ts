import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as z from 'zod'

/** The state of a process, in its own words. */
export const processUsageSchema = z.object({
  /** Milliseconds of processor time so far, all threads. */
  cpu: z.number(),
  /** Bytes. */
  rss: z.number(),
  /** The most so far, bytes. */
  peakRss: z.number(),
  /** The longest that the loop was late since garbage was last collected for us, ms. */
  lagMs: z.number(),
  /** Timers, sockets, files and requests that keep the process alive. */
  handles: z.number(),
  /** Bytes in use after garbage was collected; 0 unless asked for. */
  live: z.number(),
  /** Commits of its store; 0 without one. */
  commits: z.number(),
})

export type ProcessUsage = z.infer<typeof processUsageSchema>

const LAG_RESOLUTION_MS = 5
const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS })

/** Measures this process. @param collect collects garbage first: takes long */
export function processUsage(collect: boolean, commits = 0): ProcessUsage {
  const { user, system } = process.cpuUsage()
  const lagMs = Math.max(0, lag.max / 1e6 - LAG_RESOLUTION_MS)
  lag.enable()
  if (collect) {
    collectGarbage()
    lag.reset()
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return {
    cpu: (user + system) / 1000,
    rss,
    peakRss: process.resourceUsage().maxRSS * 1024,
    lagMs,
    handles: process.getActiveResourcesInfo().length,
    live: collect ? heapUsed + external : 0,
    commits,
  }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const gc: unknown = runInNewContext('gc')
  // Twice: the first finds dead objects that hold what only the second can free.
  for (let times = 0; times < 2; times += 1) if (typeof gc === 'function') gc()
}
