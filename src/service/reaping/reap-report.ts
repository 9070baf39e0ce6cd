import { z } from 'zod/mini'
import { REAP_POLICIES, type ReapedThing } from '../../session/reaper/reap-options.ts'
import type { ReapReport } from './reap-order.ts'

const KINDS = [
  'session',
  'reservation',
  'token',
  'attempt',
  'lease',
  'document',
  'database',
  'offer',
] as const satisfies readonly ReapedThing['kind'][]

const thing = z.object({
  kind: z.enum(KINDS),
  id: z.string(),
  side: z.enum(['listener', 'dialer']),
  state: z.string(),
  peerId: z.exactOptional(z.string()),
  tokenId: z.exactOptional(z.string()),
  tallyId: z.exactOptional(z.string()),
  ageMs: z.exactOptional(z.number()),
})

/** A report, as a listener tells it over its control socket. */
export const reapReport: z.ZodMiniType<ReapReport> = z.object({
  policies: z.array(
    z.object({
      policy: z.enum(REAP_POLICIES),
      examined: z.number(),
      reaped: z.number(),
      skipped: z.array(z.object({ why: z.string(), count: z.number() })),
      ms: z.number(),
      things: z.array(thing),
    }),
  ),
})
