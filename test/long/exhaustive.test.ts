import { expect, it } from 'vitest'
import { dueEnd, explore, heals } from '../simulation/exhaustive/explore.ts'
import { type Budget, begin } from '../simulation/exhaustive/model.ts'

/** Further than the short run: a contact that comes twice besides, and a third time that the link is run. */
const BUDGETS: readonly Budget[] = [
  { dials: 2, crashes: 1, echoes: 1 },
  { dials: 3, crashes: 0, echoes: 0 },
]

const VARIANTS = BUDGETS.flatMap((budget) =>
  (['stock', 'foil'] as const).flatMap((role) =>
    [false, true].flatMap((needsIdentity) =>
      [false, true].map((byHand) => ({ role, needsIdentity, byHand, budget })),
    ),
  ),
)

it.each(VARIANTS)('nothing breaks a rule: %j', ({ role, needsIdentity, byHand, budget }) => {
  const { scenes, rests } = explore(begin(role, needsIdentity, budget, byHand))
  console.log(`${role}, ${scenes} scenes, ${rests.length} at rest`)
  for (const rest of rests) {
    const end = heals(rest)
    if (end === 'stuck') expect.fail(`stuck: ${JSON.stringify(rest)}`)
    const due = dueEnd(rest)
    if (due !== undefined && end !== due) expect.fail(`${end}, not ${due}: ${JSON.stringify(rest)}`)
  }
})
