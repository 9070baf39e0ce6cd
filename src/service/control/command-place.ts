import type { Clock } from '../../session/ports/clock.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import type { ListenerPlace } from './control-client.ts'

/** The surroundings of a command that asks the running listener, or works on the store itself if none runs. */
export interface CommandPlace {
  readonly directory: ListenerPlace
  readonly store: SessionStore
  readonly clock: Clock
}
