import { z } from 'zod/mini'
import { reachReport } from '../reach/reach-report.ts'
import { routerState } from '../router/router-state.ts'
import { settingInUse } from './listener-settings.ts'

const number = z.number()
const note = z.object({ code: z.string(), detail: z.string() })
const bucket = z.object({ inUse: number, capacity: number })

/** A listener's account of itself. */
export const listenerStatus = z.object({
  pid: z.int(),
  /** The party's. */
  peerId: z.string(),
  /** Its own, if it is one of several nodes. */
  node: z.optional(z.string()),
  /** Of a node: its certificate is good until then, milliseconds since the epoch. */
  certifiedUntil: z.optional(number),
  /** Multiaddrs without peer id; those beyond relays where it has a place, too. */
  addresses: z.array(z.string()),
  /** How far the best of them were proven to lead here. Older listeners do not say. */
  reach: z.optional(reachReport),
  /** The relays by which others are to reach it. Older listeners know none. */
  relays: z.optional(
    z.array(
      z.object({
        /** Multiaddr without the relay's id. */
        address: z.string(),
        /** `connecting`: no attempt has ended yet. `lost`: the last one failed; it is asked again and again. */
        state: z.enum(['reserved', 'connecting', 'lost']),
        /** Milliseconds since the epoch. */
        since: number,
        /** Why it is lost, in words. */
        problem: z.optional(z.string()),
      }),
    ),
  ),
  /** The router that is to pass connections on, if one is asked. */
  router: z.optional(routerState),
  /** Events since the start for the command that is started for them, if there is one, by their ends. */
  onEvent: z.optional(z.object({ told: number, failed: number, dropped: number, waiting: number })),
  /** How it reaps by itself, if it was told to. */
  reaping: z.optional(
    z.object({
      policies: z.readonly(z.array(z.string())),
      everyMs: number,
      /** Since the start, by policy. */
      reaped: z.record(z.string(), number),
      /** Milliseconds since the epoch. */
      lastAt: z.optional(number),
      /** Nothing is reaped until then, milliseconds since the epoch. */
      pausedUntil: z.optional(number),
    }),
  ),
  /** Where health and metrics are told, if anywhere. */
  http: z.optional(z.string()),
  /** Milliseconds since the epoch. */
  startedAt: number,
  /** Under way. */
  sessions: z.object({ listener: number, dialer: number, total: number }),
  draining: z.boolean(),
  /** Milliseconds until what is left is parked; only while it drains. */
  drainMs: z.optional(number),
  health: z.object({
    ready: z.boolean(),
    problems: z.readonly(z.array(note)),
    warnings: z.readonly(z.array(note)),
  }),
  connections: number,
  streams: number,
  bufferedBytes: number,
  rssBytes: number,
  disk: z.object({
    /** Unknown if the system does not say. */
    freeBytes: z.optional(number),
    warnBytes: number,
    reserveBytes: number,
  }),
  /** For how long the oldest commit has been on its way to the disk, ms; 0 if none is. Older listeners do not say. */
  oldestCommitMs: z.optional(number),
  /** Sessions that were given up because the disk did not answer, and whose end is not known yet. */
  sessionsInDoubt: z.optional(z.array(z.string())),
  /** Since the start. */
  admitted: number,
  refused: z.record(z.string(), number),
  /** Rate-limit buckets. */
  buckets: z.object({ peers: bucket, addresses: bucket, badSecrets: bucket }),
  /** The settings that it goes by. */
  limits: z.readonly(z.array(settingInUse)),
})

export type ListenerStatus = z.infer<typeof listenerStatus>
