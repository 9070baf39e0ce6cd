import type { SessionSummary } from '../../../../src/session/ports/session-summary.ts'
import { sessionRecords } from '../../../../src/store/records/session-records.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import type { Store } from '../../../../src/store/transaction/store.ts'
import { replayProblem } from '../../../support/replay-problem.ts'
import { readNow } from '../../../support/store/read-now.ts'
import { wholeTrail } from '../../../support/whole-trail.ts'

const FINAL = new Set(['COMPLETED', 'FAILED', 'TIMEOUT'])

/** I5 and I7: the audit is whole, and what happened leads to what is stored. */
export async function trailComplaints(name: string, store: Store): Promise<string[]> {
  const complaints: string[] = []
  const fault = await wholeTrail(store)
  if (fault !== undefined) complaints.push(`I7: ${name}: audit: ${fault}`)
  complaints.push(...lifeCycleComplaints(name, store))
  for (const summary of readNow(store, () => sessionRecords.list({ limit: 1_000 }))) {
    const problem = journalProblem(store, summary)
    if (problem !== undefined) complaints.push(`${problem} (${name}, session ${summary.id})`)
  }
  return complaints
}

/** Each use is committed once and confirmed at most once, and the audit has it so. */
function lifeCycleComplaints(name: string, store: Store): string[] {
  const events = [...store.repositories.audit.rows()].map(({ text }) => {
    const { type, data } = JSON.parse(text)
    return `${type}: ${data?.event}`
  })
  const times = (event: string): number => events.filter((each) => each === event).length
  const committed = times('token: committed')
  const isInviter = readNow(store, () => tokenRecords.list()).length > 0
  const complaints: string[] = []
  if (isInviter && committed !== 1)
    complaints.push(`I7: ${name}: ${committed} commits in the audit`)
  if (isInviter && times('token: reserved') === 0) complaints.push(`I7: ${name}: no reservation`)
  return complaints
}

function journalProblem(store: Store, summary: SessionSummary): string | undefined {
  const entries = store.repositories.sessions.entries(summary.id)
  const left = entries.find(({ from, to }) => FINAL.has(from) && to !== from)
  if (left !== undefined) return `I5: ${left.from} was left for ${left.to}`
  const problem = replayProblem(store, summary)
  return problem === undefined ? undefined : `I7: ${problem}`
}
