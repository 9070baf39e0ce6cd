import { expect, it } from 'vitest'
import { honestVerdict } from '../../support/trail/honest-log.ts'

const LOGS = 60

it('an honest log is never called wrong, whoever died or failed while it was written', async () => {
  let proven = 0
  for (let seed = 1; seed <= LOGS; seed += 1) {
    const verdict = await honestVerdict(seed)
    expect({ seed, ...verdict }).toMatchObject({ ok: true })
    if (verdict.provenUpTo !== null) proven += 1
  }
  expect(proven).toBeGreaterThan(LOGS / 4)
})
