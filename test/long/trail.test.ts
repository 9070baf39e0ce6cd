import { expect, it } from 'vitest'
import { honestVerdict } from '../support/trail/honest-log.ts'
import { TAMPERINGS } from '../support/trail/tampering.ts'
import { complaintOf, makeTrial } from '../support/trail/tampering-trial.ts'

const MUTATIONS = 5_000
const HONEST_LOGS = 10_000

it(`${MUTATIONS} changes to a log of real bootstraps are found, each with the first bad record`, async () => {
  const trial = await makeTrial(110)
  const names = Object.keys(TAMPERINGS)
  const missed: string[] = []
  for (let seed = 0; seed < MUTATIONS; seed += 1) {
    const name = names[seed % names.length] ?? ''
    const complaint = complaintOf(name, await trial.run(name, seed))
    if (complaint !== undefined) missed.push(`${name}, seed ${seed}: ${complaint}`)
  }
  trial.close()
  expect(missed).toEqual([])
})

it(`${HONEST_LOGS} honest logs, with failures and deaths while they were written, raise no alarm`, async () => {
  const alarms: string[] = []
  for (let seed = 0; seed < HONEST_LOGS; seed += 1) {
    const { ok, firstBad } = await honestVerdict(seed)
    if (!ok) alarms.push(`seed ${seed}: record ${firstBad?.seq} ${firstBad?.problem}`)
  }
  expect(alarms).toEqual([])
})
