import { parsePostgresUrl } from '../../protocol/database/postgres-url.ts'
import type { CarriedStore, CarryOrder } from '../../store/carry/carried.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import { LOCK_PATIENCE_MS, takeProcessLock } from '../../store/directory/process-lock.ts'
import { isAnyAtWork } from '../../store/directory/process-name.ts'
import { StoreCarriedError } from '../../store/errors.ts'
import type { AuditStore } from '../../store/query/record-store.ts'
import { openPartyStore } from '../../store/transaction/open-party-store.ts'
import { ListenerRunningError, StoreInUseHereError, TrailUnsoundError } from '../errors.ts'
import { verifyAll } from '../trail/verify-all.ts'

export type { CarriedStore }

/** The party whose store it is, and the server's side. */
export interface MigrateOrder
  extends Pick<CarryOrder, 'party' | 'peerId' | 'passwordFile' | 'environment' | 'onTable'> {
  /** `postgres://…`, without a password. */
  readonly server: string
  /** The store goes there, or comes from there. */
  readonly direction: 'to_server' | 'to_file'
}

/**
 * Carries a data directory's store over to a server, or back to a file. Nothing else may be at work in the directory. What has
 * arrived is compared with what was sent, and its audit and receipts are verified, before it is used.
 * @throws ListenerRunningError, StoreInUseHereError, TrailUnsoundError, what `carryToServer` and `carryToFile` throw
 */
export async function migrateStore(
  directory: DataDirectory,
  { server, direction, ...order }: MigrateOrder,
): Promise<CarriedStore> {
  const { party, peerId } = order
  const verify = async (arrived: AuditStore): Promise<void> => {
    const { ok } = await verifyAll(arrived, party, { keyId: peerId })
    if (!ok) throw new TrailUnsoundError('it was not carried over')
  }
  return await alone(directory, async () => {
    await openOnce(directory, { server, direction, ...order })
    const whole = { ...order, address: parsePostgresUrl(server), verify }
    if (direction === 'to_server') {
      const { carryToServer } = await import('../../store/carry/carry-to-server.ts')
      return await carryToServer(directory, whole)
    }
    const { carryToFile } = await import('../../store/carry/carry-to-file.ts')
    return await carryToFile(directory, whole)
  })
}

/**
 * Takes the store into use again that was left behind. What was written since then is not in it.
 * @throws as `migrateStore`; NotCarriedError; CarryNodesError if nodes are at work on the one that is left
 */
export async function undoMigration(
  directory: DataDirectory,
  { server, direction, ...order }: MigrateOrder,
): Promise<void> {
  await alone(directory, async () => {
    const { takeFileBack, takeServerBack } = await import('../../store/carry/take-back.ts')
    const takeBack = direction === 'to_server' ? takeFileBack : takeServerBack
    await takeBack(directory, { ...order, address: parsePostgresUrl(server) })
  })
}

async function alone<Result>(
  directory: DataDirectory,
  work: () => Promise<Result>,
): Promise<Result> {
  const lock = takeProcessLock(directory.lockFile, LOCK_PATIENCE_MS)
  if (lock === undefined) throw new ListenerRunningError(directory.path, undefined)
  try {
    if (isAnyAtWork(directory)) throw new StoreInUseHereError(directory.path)
    return await work()
  } finally {
    lock.release()
  }
}

/** Brings the source up to date, and binds it to its party, as opening does. One that was left in the middle is so already. */
async function openOnce(directory: DataDirectory, order: MigrateOrder): Promise<void> {
  const { server, direction, passwordFile, environment } = order
  const choice = { server: direction === 'to_file' ? server : undefined, passwordFile, environment }
  try {
    const store = await openPartyStore(directory, choice, order)
    await store.close()
  } catch (error) {
    if (!(error instanceof StoreCarriedError)) throw error
  }
}
