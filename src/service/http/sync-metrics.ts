import { Counter, Gauge, type Registry } from 'prom-client'
import type { RecordStore } from '../../store/query/record-store.ts'
import { type SyncCounts, tallySyncRecords } from '../../store/sync/tally-sync-records.ts'
import type { HearSync } from '../sync/sync-news.ts'
import { fromStore } from './from-store.ts'

/** Tells how the tallies' documents stand to the partners', and counts exchanges. @returns hears of each exchange */
export function countSyncs(registers: Registry[], store: Pick<RecordStore, 'query'>): HearSync {
  new Gauge({
    name: 'taleus_tallies_synced',
    help: 'Tallies whose document was set or synced, by how it stands to the partner’s; one may be both ahead and behind.',
    labelNames: ['state'],
    registers,
    async collect() {
      const set = ({ inSync, ahead, behind, stopped }: SyncCounts): void => {
        this.set({ state: 'in_sync' }, inSync)
        this.set({ state: 'ahead' }, ahead)
        this.set({ state: 'behind' }, behind)
        this.set({ state: 'stopped' }, stopped)
      }
      await fromStore(store.query(() => tallySyncRecords.countStates()).then(set))
    },
  })
  const exchanges = new Counter({
    name: 'taleus_sync_exchanges_total',
    help: 'Exchanges with partners, and tries to meet one, by the side that sought and by the result.',
    labelNames: ['by', 'result'],
    registers,
  })
  const changes = new Counter({
    name: 'taleus_sync_changes_total',
    help: 'Changes of documents that were taken from partners, and given to them.',
    labelNames: ['way'],
    registers,
  })
  for (const by of ['here', 'partner']) {
    for (const result of ['met', 'cut']) exchanges.inc({ by, result }, 0)
  }
  exchanges.inc({ by: 'here', result: 'missed' }, 0)
  for (const way of ['taken', 'given']) changes.inc({ way }, 0)
  return ({ by, result, taken, given }) => {
    exchanges.inc({ by, result })
    changes.inc({ way: 'taken' }, taken)
    changes.inc({ way: 'given' }, given)
  }
}
