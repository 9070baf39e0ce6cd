import { TransportClosedError } from '../../session/errors.ts'
import { tallySyncRecords } from '../../store/sync/tally-sync-records.ts'
import type { TallyRecord } from '../tallies/read-tally.ts'
import { withDeadline } from '../waiting/with-deadline.ts'
import { type SeekPorts, seekPartner } from './seek-partner.ts'
import { StoredReplicas } from './stored-replicas.ts'

/** How long one partner is sought, and synced with, ms. */
export const MAX_SEEK_MS = 60_000

/** Failures of the partner's and of the network. True: there was no exchange at all. */
const OF_PARTNER: ReadonlyMap<unknown, boolean> = new Map([
  ['unreachable', true],
  ['wrong_peer', true],
  ['node_uncertified', true],
  ['node_lapsed', true],
  ['protocol_unsupported', true],
  ['interrupted', false],
  ['transport_closed', false],
  ['relay_limit', false],
  ['sync_frame_malformed', false],
])

/** The result of seeking a partner, also if it broke off. */
export interface PartnerMet {
  /** Tallies of which the partner has told its heads. */
  readonly met: ReadonlySet<string>
  /** Something has gone over since the partner was met before. */
  readonly hasProgressed: boolean
  /** Changes of the partner's that were taken, by tally. */
  readonly taken: ReadonlyMap<string, number>
  /** Why it was not met, or not to the end. */
  readonly failure: Error | undefined
}

/**
 * Seeks a partner, once. Makes a result of the partner's failures and the network's, and notes that it was missed; this
 * side's own are thrown.
 * @throws StoreError
 */
export async function seekOnce(
  ports: SeekPorts,
  peerId: string,
  tallies: readonly TallyRecord[],
  interrupted: AbortSignal,
): Promise<PartnerMet> {
  const silent = new AbortController()
  const replicas = new StoredReplicas(ports, peerId, () => {
    silent.abort(new TransportClosedError('the partner kept others waiting'))
  })
  const resultOf = (failure: Error | undefined): PartnerMet => {
    const { met, taken, hasProgressed } = replicas
    return { met, taken, hasProgressed, failure }
  }
  const told = (result: 'met' | 'cut' | 'missed', failure?: Error): PartnerMet => {
    ports.hear?.({ peerId, by: 'here', result, ...replicas.summary })
    return resultOf(failure)
  }
  try {
    await withDeadline(MAX_SEEK_MS, interrupted, (late) => {
      const signal = AbortSignal.any([late, silent.signal])
      return seekPartner(ports, replicas, { peerId, tallies, signal })
    })
    return told('met')
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const isMissed = OF_PARTNER.get('code' in error ? error.code : undefined)
    if (isMissed === undefined) throw error
    if (interrupted.aborted) return resultOf(error)
    const at = ports.now()
    const missed = tallies.filter(({ tallyId }) => !replicas.met.has(tallyId))
    await ports.store.transact(function* () {
      for (const { tallyId } of missed) yield* tallySyncRecords.noteMissed(tallyId, at)
    })
    return told(isMissed && replicas.met.size === 0 ? 'missed' : 'cut', error)
  }
}
