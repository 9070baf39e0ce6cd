import type { Scene } from '../scene.ts'
import { factsOf } from './facts.ts'
import type { Complain } from './violation.ts'

/** Each use is given on the newest terms there are, and its tally has those that it was given on, whatever came later. */
export function checkTerms(scene: Scene, broken: Complain): void {
  for (const { inviter, tokenId, changes } of scene.invitations) {
    for (const { id, seq, revision, draft } of factsOf(inviter.disk.database).reservedOn(tokenId)) {
      const where = `${inviter.name}, token ${tokenId}, redemption ${id}`
      const missed = changes.find((each) => seq > each.lastBefore && revision < each.revision)
      if (missed !== undefined)
        broken(
          'terms',
          `${where}: reserved on terms ${revision}, after ${missed.revision} were offered`,
        )
      const agreed = draft === undefined ? revision : revisionIn(draft)
      if (agreed !== revision)
        broken('terms', `${where}: reserved on terms ${revision}, and its tally has ${agreed}`)
    }
  }
}

/** The terms of the simulation say how often they were changed. */
function revisionIn(draft: string): number {
  return Number(/"revision":(\d+)/.exec(draft)?.[1] ?? 0)
}
