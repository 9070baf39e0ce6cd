import { z } from 'zod/mini'

/** A listener's ports at the router of its network. */
export const routerState = z.object({
  /** `asked`: no attempt has ended yet. `failed`: the last one has; it is asked again and again. */
  state: z.enum(['asked', 'mapped', 'failed']),
  /** Milliseconds since the epoch. */
  since: z.number(),
  /** The router's address on the local network, if one has answered. */
  router: z.optional(z.string()),
  /** Multiaddrs that the router passes on to here, by its own word; none if it has no public address itself. */
  addresses: z.array(z.string()),
  /** Why nobody comes in that way, in words. */
  problem: z.optional(z.string()),
})

export type RouterState = z.infer<typeof routerState>
