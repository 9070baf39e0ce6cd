import { z } from 'zod/mini'

/** What a listener tells of itself. */
export const listenerStatus = z.object({
  pid: z.int(),
  peerId: z.string(),
  /** Multiaddrs without peer id. */
  addresses: z.array(z.string()),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  sessions: z.object({ listener: z.number(), dialer: z.number(), total: z.number() }),
  draining: z.boolean(),
  /** Milliseconds until what is left is parked; only while it drains. */
  drainMs: z.optional(z.number()),
})

export type ListenerStatus = z.infer<typeof listenerStatus>
