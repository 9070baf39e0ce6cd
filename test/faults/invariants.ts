import { secretToText } from '../../src/protocol/link/secret.ts'
import type { SessionSummary } from '../../src/session/ports/session-summary.ts'
import { removalRecords } from '../../src/store/records/removal-records.ts'
import { sessionRecords } from '../../src/store/records/session-records.ts'
import { tallyRecords } from '../../src/store/records/tally-records.ts'
import { tokenRecords } from '../../src/store/records/token-records.ts'
import type { Store } from '../../src/store/transaction/store.ts'
import { replayProblem } from '../support/replay-problem.ts'
import { readNow } from '../support/store/read-now.ts'
import { wholeTrail } from '../support/whole-trail.ts'

const FINAL: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'TIMEOUT'])

/** I1: of no token more is taken than there is. */
export function overdrawn(inviter: Store): readonly string[] {
  return readNow(inviter, () => tokenRecords.list())
    .filter(({ uses, used, reserved }) => uses !== null && used + reserved > uses)
    .map(({ id, uses, used, reserved }) => `I1: token ${id}: ${used} + ${reserved} of ${uses}`)
}

/** What an undisturbed attempt in the end must have led to: I2, I3 and I4 for one invitation. */
export function oneTally(inviter: Store, invitee: Store, inviteePeer: string): readonly string[] {
  const theirs = readNow(inviter, () => tallyRecords.list(10_000)).filter(
    ({ partner }) => partner.peerId === inviteePeer,
  )
  const ours = readNow(invitee, () => tallyRecords.list(10))
  const [inviters] = theirs
  const [invitees] = ours
  if (theirs.length !== 1 || ours.length !== 1 || inviters === undefined || invitees === undefined)
    return [`I2: ${theirs.length} tallies at the inviter, ${ours.length} at the invitee`]
  const problems: string[] = []
  if (inviters.tallyId !== invitees.tallyId) problems.push('I4: two different tallies')
  if (inviters.built.draft.sha256 !== invitees.built.draft.sha256)
    problems.push('I4: two different drafts')
  if (inviters.role === invitees.role) problems.push('I4: twice the same half')
  for (const { status } of [inviters, invitees]) {
    if (status !== 'confirmed') problems.push(`I4: ${status} after an undisturbed attempt`)
  }
  for (const [name, store] of Object.entries({ inviter, invitee })) {
    const removals = readNow(store, () => removalRecords.list(100))
    const owed = removals.filter(({ tallyId }) => tallyId === inviters.tallyId)
    if (owed.length > 0) problems.push(`I3: the ${name} still wants to remove what is in use`)
  }
  return problems
}

/** I4 in the middle: what one side says is complete, the other one has. */
export function notThrownAway(
  inviter: Store,
  invitee: Store,
  inviteePeer: string,
): readonly string[] {
  const theirs = readNow(inviter, () => tallyRecords.list(10_000)).filter(
    ({ partner }) => partner.peerId === inviteePeer,
  )
  const ours = readNow(invitee, () => tallyRecords.list(10))
  const isMissing = (ids: ReadonlySet<string>) => (tally: { status: string; tallyId: string }) =>
    tally.status === 'confirmed' && !ids.has(tally.tallyId)
  const lost = [
    ...theirs.filter(isMissing(new Set(ours.map(({ tallyId }) => tallyId)))),
    ...ours.filter(isMissing(new Set(theirs.map(({ tallyId }) => tallyId)))),
  ]
  return lost.map(({ tallyId }) => `I4: ${tallyId} is confirmed on one side and gone on the other`)
}

/** I5 and I7: every session is over, says so once, and its journal leads there; the trail is whole. */
export async function soundTrail(name: string, store: Store): Promise<readonly string[]> {
  const problems: string[] = []
  const fault = await wholeTrail(store)
  if (fault !== undefined) problems.push(`I7: ${name}'s audit: ${fault}`)
  for (const summary of readNow(store, () => sessionRecords.list({ limit: 100_000 }))) {
    const problem = journalProblem(store, summary)
    if (problem !== undefined) problems.push(`I7: ${name}'s session ${summary.id}: ${problem}`)
  }
  return problems
}

function journalProblem(store: Store, summary: SessionSummary): string | undefined {
  const entries = store.repositories.sessions.entries(summary.id)
  if (!FINAL.has(summary.state)) return `is still in ${summary.state}`
  const early = entries.findIndex(({ from, to }) => FINAL.has(from) && from !== to)
  if (early >= 0) return `I5: went on after its end at entry ${early + 1}`
  return replayProblem(store, summary)
}

/** I8: the secret is in nothing that is stored. */
export function secretKept(name: string, store: Store, secret: Uint8Array): readonly string[] {
  const trail = [...store.repositories.audit.rows()].map(({ text }) => text)
  const journals = readNow(store, () => sessionRecords.list({ limit: 100_000 })).flatMap((each) => [
    JSON.stringify(each),
    ...store.repositories.sessions.entries(each.id).map(text),
  ])
  const dump = [...trail, ...journals].join('\n')
  const spellings = [secretToText(secret), Buffer.from(secret).toString('hex')]
  return spellings.some((spelling) => dump.includes(spelling)) ? [`I8: ${name} tells a secret`] : []
}

function text({ event }: { readonly event: string }): string {
  return event
}
