import { alarmedParties } from '../../../src/service/witness/witnessed-parties.ts'
import type { Scene } from '../scene.ts'
import type { Complain } from './violation.ts'

/** Everybody here keeps one audit and only adds to it, whatever happens: so nobody is ever accused. */
export async function checkWitnesses(scene: Scene, broken: Complain): Promise<void> {
  for (const { name, current, complaints } of scene.nodes) {
    const alarms = current === undefined ? 0 : await alarmedParties(current.store)
    if (alarms > 0) broken('I7', `${name} accuses an honest partner`)
    const complaint = complaints.find((each) => each.startsWith('witness:'))
    if (complaint !== undefined) broken('I7', `${name}: ${complaint}`)
  }
}
