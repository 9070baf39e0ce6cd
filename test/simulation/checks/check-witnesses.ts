import type { Scene } from '../scene.ts'
import type { Complain } from './violation.ts'

/** Everybody here keeps one audit and only adds to it, whatever happens: so nobody is ever accused. */
export function checkWitnesses(scene: Scene, broken: Complain): void {
  for (const { name, current, complaints } of scene.nodes) {
    const alarms = current?.store.repositories.witnessed.alarmed() ?? 0
    if (alarms > 0) broken('I7', `${name} accuses an honest partner`)
    const complaint = complaints.find((each) => each.startsWith('witness:'))
    if (complaint !== undefined) broken('I7', `${name}: ${complaint}`)
  }
}
