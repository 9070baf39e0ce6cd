import { StoreFullError } from '../../store/errors.ts'

/**
 * True of a failure that is over when somebody makes room on the disk: what could not be written is wholly taken back.
 * Any other failure of the store leaves open what is on the disk, and a listener ends on it. So does a sync that fails
 * for lack of room: what of the log it has brought to the disk nobody knows.
 */
export function waitsForRoom(error: unknown): boolean {
  return error instanceof StoreFullError
}
