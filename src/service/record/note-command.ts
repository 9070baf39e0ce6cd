import type { SessionStore } from '../../session/ports/store.ts'
import { recorded } from '../../session/ports/written.ts'
import { operatorRecord } from './operator.ts'

/** Records a command as `operatorRecord` makes it, and waits until that is durable. @throws StoreError */
export function noteCommand(
  store: Pick<SessionStore, 'submit'>,
  ...command: Parameters<typeof operatorRecord>
): Promise<void> {
  return recorded(store, operatorRecord(...command))
}
