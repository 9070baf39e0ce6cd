import { z } from 'zod/mini'

const number = z.number()

/** The most places that a status names: no more than fit on some screens. */
export const MAX_PLACES_TOLD = 200

/** A relay's account of itself. Times are milliseconds since the epoch. */
export const relayStatus = z.object({
  pid: z.int(),
  peerId: z.string(),
  /** Multiaddrs without peer id. */
  addresses: z.array(z.string()),
  /** Where health and metrics are told, if anywhere. */
  http: z.optional(z.string()),
  startedAt: number,
  draining: z.boolean(),
  /** Milliseconds until the circuits that are left are cut; only while it drains. */
  drainMs: z.optional(number),
  /** Those who may reserve: anybody, so many peers by name, whoever knows the token. */
  access: z.object({ open: z.boolean(), peers: number, token: z.boolean() }),
  reservations: z.object({ inUse: number, capacity: number }),
  /** With those being set up. */
  circuits: z.object({ inUse: number, capacity: number }),
  /** Since the start. */
  reserved: number,
  joined: number,
  /** Bytes that went through since the start, both ways together. */
  bytes: number,
  refused: z.record(z.string(), number),
  /** Holders of places that asked to be dialled, by what came of it. Older relays dial nobody. */
  dialBacks: z.optional(z.record(z.string(), number)),
  connections: number,
  streams: number,
  bufferedBytes: number,
  rssBytes: number,
  /** Those that hold a place, `MAX_PLACES_TOLD` at most. */
  places: z.array(
    z.object({ peer: z.string(), address: z.string(), since: number, circuits: number }),
  ),
})

export type RelayStatus = z.infer<typeof relayStatus>
