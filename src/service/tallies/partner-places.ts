import { setImmediate } from 'node:timers/promises'
import { parsePlace } from '../../network/address/addresses.ts'
import { ListenAddressError } from '../../network/errors.ts'
import { MAX_CADRE } from '../../protocol/message/message-limits.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tallyRecords } from '../../store/records/tally-records.ts'
import {
  MAX_PARTNER_ADDRESSES,
  partnerAddressRecords,
} from '../../store/sync/partner-address-records.ts'
import type { TallyRecord } from './read-tally.ts'
import { cadresOf } from './tally-cadres.ts'

/** Drafts of one partner that are looked into for its nodes, the newest: some 0.1 ms each. */
const MAX_DRAFTS_READ = 100

/** Drafts that are read in one go, while nothing else runs. */
const DRAFTS_AT_ONCE = 50

/** Keeps where a partner is. Whatever can't be dialled is passed over. Durable when this resolves. */
export async function learnPlaces(
  store: Pick<RecordStore, 'query' | 'transact'>,
  peerId: string,
  addresses: readonly string[],
  at: number,
): Promise<void> {
  const sound = soundPlaces(addresses, peerId)
  const known = await store.query(() => partnerAddressRecords.of(peerId))
  // The same word again is no news: it costs no write.
  if (sound.every((address, place) => known[place] === address)) return
  await store.transact(() => partnerAddressRecords.learn(peerId, sound, at))
}

/**
 * Keeps the nodes that a tally's draft names, if nothing is known of where its partner is.
 * @returns false if it is not known even then
 */
export async function learnCadre(
  store: Pick<RecordStore, 'query' | 'transact'>,
  tally: TallyRecord,
  at: number,
): Promise<boolean> {
  const { peerId } = tally.partner
  if ((await placesOf(store, peerId, [])).length > 0) return true
  const named = await placesOf(store, peerId, [tally])
  if (named.length === 0) return false
  await learnPlaces(store, peerId, named, at)
  return true
}

/**
 * Keeps where partners are of whom nothing but the draft of a tally tells it: nobody else looks into drafts for whom to
 * seek. Once after a start is enough, since drafts do not change, and a new tally is told of.
 * @throws StoreError
 */
export async function learnCadres(
  store: Pick<RecordStore, 'query' | 'transact'>,
  now: () => number,
  signal: AbortSignal,
): Promise<void> {
  for (let last: string | undefined = ''; last !== undefined && !signal.aborted; ) {
    const after: string = last
    const page = await store.query(() => tallyRecords.withoutPlace(after, DRAFTS_AT_ONCE))
    for (const tally of page) await learnCadre(store, tally, now())
    last = page.at(-1)?.tallyId
    await setImmediate()
  }
}

/**
 * Lists where a partner may be found, the latest word first. The nodes that drafts name come last, and always have a
 * place: they are what a partner nominated for good.
 * @param tallies with this partner, the newest first
 */
export async function placesOf(
  store: Pick<RecordStore, 'query'>,
  peerId: string,
  tallies: readonly TallyRecord[],
): Promise<readonly string[]> {
  const nominated = tallies.slice(0, MAX_DRAFTS_READ).flatMap((tally) => cadresOf(tally).partner)
  const named = soundPlaces(nominated, peerId).slice(0, MAX_CADRE)
  const learnt = await store.query(() => partnerAddressRecords.of(peerId))
  const latest = soundPlaces(learnt, peerId).slice(0, MAX_PARTNER_ADDRESSES - named.length)
  return [...new Set([...latest, ...named])]
}

/** Picks the addresses that lead to one host, which then has to be this partner. */
function soundPlaces(addresses: readonly string[], peerId: string): readonly string[] {
  return [...new Set(addresses.flatMap((address) => soundPlace(address, peerId)))]
}

function soundPlace(address: string, peerId: string): readonly string[] {
  try {
    return [parsePlace(address, peerId)]
  } catch (error) {
    if (error instanceof ListenAddressError) return []
    throw error
  }
}
