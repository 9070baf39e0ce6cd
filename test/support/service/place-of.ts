import { dirname, join } from 'node:path'
import type { ListenerPlace } from '../../../src/service/control/control-client.ts'

/** The place of a listener that has its socket there; nobody holds its lock. */
export function placeOf(controlSocket: string): ListenerPlace {
  return { controlSocket, lockFile: join(dirname(controlSocket), 'listener.lock') }
}
