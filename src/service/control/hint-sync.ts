import { ControlError } from '../errors.ts'
import { askListener, type ListenerPlace } from './control-client.ts'

/**
 * Has the running listener seek a tally's partner now, which it would do later by itself.
 * @returns true if it does; false if none is running, it does not answer, or it does not know where the partner is
 */
export async function hintSync(place: ListenerPlace, tallyId: string): Promise<boolean> {
  try {
    return (await askListener(place, 'sync', { tallyId }))?.isSought ?? false
  } catch (error) {
    if (error instanceof ControlError) return false
    throw error
  }
}
