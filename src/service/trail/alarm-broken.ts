import type { Store } from '../../store/transaction/store.ts'

/** Records that the trail is not as it was written, from that record on. Never rejects. */
export async function alarmBroken(
  store: Store,
  seq: number,
  onFailure: (error: unknown) => void,
): Promise<void> {
  try {
    await store.write(({ audit }) =>
      audit.append({
        type: 'security',
        severity: 'alarm',
        at: Date.now(),
        monotonic: performance.now(),
        data: { event: 'audit.broken', seq },
      }),
    )
  } catch (error) {
    onFailure(error)
  }
}
