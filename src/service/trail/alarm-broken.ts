import { appendAudit } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'

/** Records that the trail is not as it was written, from that record on. Never rejects. */
export async function alarmBroken(
  store: Pick<RecordStore, 'transact'>,
  seq: number,
  onFailure: (error: unknown) => void,
): Promise<void> {
  const [at, monotonic] = [Date.now(), performance.now()]
  const data = { event: 'audit.broken', seq }
  try {
    await store.transact(() =>
      appendAudit({ type: 'security', severity: 'alarm', at, monotonic, data }),
    )
  } catch (error) {
    onFailure(error)
  }
}
