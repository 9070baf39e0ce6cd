import type { Death } from '../kill/kill-switch.ts'

/** Orders to a party of a sync that is to die. */
export interface DyingOrders {
  /** Its store. */
  readonly file: string
  /** The private key's bytes, base64. */
  readonly key: string
  readonly death: Death
  /** The partner, and where it is; without it the party waits for it. */
  readonly seek?: { readonly peerId: string; readonly at: readonly string[] }
}

/** The places at which a party of a sync can die, each with how often it is passed while two tallies are synced. */
export const SYNC_POINTS: Readonly<Record<'host' | 'seeker', Readonly<Record<string, number>>>> = {
  host: {
    'hearing digests': 1,
    'before sending differ': 1,
    'after sending differ': 1,
    'hearing heads': 2,
    'before sending heads': 2,
    'after sending heads': 2,
    'hearing part': 4,
    'before commit': 4,
    'after commit': 4,
    'before sending part': 4,
    'after sending part': 4,
  },
  seeker: {
    'before sending digests': 1,
    'after sending digests': 1,
    'hearing differ': 1,
    'before sending heads': 2,
    'after sending heads': 2,
    'hearing heads': 2,
    'before sending part': 4,
    'after sending part': 4,
    'hearing part': 4,
    'before commit': 4,
    'after commit': 4,
  },
}
