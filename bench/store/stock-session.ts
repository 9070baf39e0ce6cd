import { randomBytes } from 'node:crypto'
import { sha256Hex } from '../../src/protocol/base/digest.ts'
import type { JournalEntry } from '../../src/session/ports/session-summary.ts'
import type { SessionStore } from '../../src/session/ports/store.ts'
import { answerTo, type Work } from '../../src/session/ports/work.ts'
import type { Write, WriteFacts } from '../../src/session/ports/write.ts'
import { written } from '../../src/session/ports/written.ts'
import type { RecordStore } from '../../src/store/query/record-store.ts'
import { tokenRecords } from '../../src/store/records/token-records.ts'
import * as made from '../../test/store/fixtures.ts'

const DRAFT = JSON.stringify({ v: 1, terms: 'x'.repeat(400), halves: 'y'.repeat(500) })
/** As long as an approval with that draft in it. */
const RESPONSE = Buffer.from(
  JSON.stringify({ type: 'ProvisioningResult', text: 'z'.repeat(1_800) }),
)

/** The part of a store that sessions need. */
export type SessionsStore = Pick<SessionStore, 'submit'> & Pick<RecordStore, 'query'>

/** Runs so many sessions, always `atOnce` of them under way. */
export async function runSessions(
  store: SessionsStore,
  tokenId: string,
  total: number,
  atOnce: number,
) {
  let left = total
  const lane = async (): Promise<void> => {
    for (; left > 0; await stockSession(store, tokenId)) left -= 1
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

/** Submits all writes of one stock session, from the contact to the acknowledgment: five pieces of work. */
export async function stockSession(store: SessionsStore, tokenId: string): Promise<void> {
  const [id, peerId, now] = [text(), `12D3KooW${text()}`, Date.now()]
  const facts = { sessionId: id, peerId, at: now, monotonic: 1.25 }
  const { claim, grant } = await reserve(store, tokenId, facts)
  const { redemptionId, tallyId } = claim
  const remoteAddress = '/ip4/192.0.2.7/tcp/49152'
  const ids = { tokenId, redemptionId, tallyId }
  const about = { peerId, role: 'stock', ...ids, remoteAddress, startedAt: now } as const
  const save = (entries: readonly JournalEntry[], more = {}): Work => {
    const state = entries.at(-1)?.to ?? ''
    const summary = made.summaryOf(id, { ...about, state, ...more })
    const isNew = entries[0]?.seq === 1
    const path = ['CREATED', ...entries.map(({ to }) => to)]
    const data = { side: 'listener', path, ms: entries.map(({ ms }) => ms) }
    const draft = { ...made.auditDraft(id, ''), data }
    return [
      { op: 'saveSession', summary, isNew, entries },
      { op: 'appendAudit', draft },
    ]
  }
  const contact = { type: 'contact', identity: 'x'.repeat(200) }
  const begun = [
    entry(1, 'CREATED', 'READING_REQUEST', { type: 'opened' }),
    entry(2, 'READING_REQUEST', 'VALIDATING_TOKEN', contact),
    entry(3, 'VALIDATING_TOKEN', 'PROVISIONING_DB', { type: 'tokenReserved', claim }),
  ]
  await applied(store, [{ op: 'intendProvision', claim, now, facts }, ...save(begun)])
  const tally = made.tallyOf(tallyId, redemptionId)
  const built = { ...tally.built, draft: { text: DRAFT, sha256: sha256Hex(DRAFT) } }
  const whole = { ...tally, partner: { ...tally.partner, peerId }, built }
  const hash = sha256Hex(redemptionId)
  const response = { payload: RESPONSE, hash }
  const provisioned = { type: 'provisioned', built: { ...built, draft: { text: '' } } }
  const answered = [entry(4, 'PROVISIONING_DB', 'SENDING_RESPONSE', provisioned)]
  const commit: Write = { op: 'commit', claim, grant, tally: whole, response, now, facts }
  await written(store, [commit, ...save(answered)])
  const sent = [entry(5, 'SENDING_RESPONSE', 'COMPLETED', { type: 'sent' })]
  await written(store, save(sent, { endedAt: Date.now(), durationMs: 12.5 }))
  const acknowledged = { type: 'acknowledgment', redemptionId, responseHash: hash }
  const late = [entry(6, 'COMPLETED', 'COMPLETED', acknowledged)]
  await written(store, [
    { op: 'confirm', redemptionId, responseHash: hash, now: Date.now(), facts },
    { op: 'appendLate', sessionId: id, entries: late },
  ])
}

async function reserve(store: SessionsStore, tokenId: string, facts: WriteFacts) {
  const found = await store.query(() => tokenRecords.lookUp(tokenId))
  if (found === undefined) throw new Error('the token is not in the store')
  const { sessionId, peerId } = facts
  const grant = { ...made.grantOf(tokenId, null), expiresAt: found.token.expiresAt }
  const ids = { redemptionId: text(), sessionId, bootstrapId: text() }
  const more = { ...ids, requestHash: sha256Hex(sessionId), now: Date.now() }
  const request = made.requestOf(grant, peerId, more)
  const work = [{ op: 'reserve', request, facts }] as const
  const outcome = await applied(store, work, 'provisionally')
  return { grant, claim: made.claimOf(answerTo('reserve', work, outcome)) }
}

/** @param when as soon as it is applied, or once it is durable, too */
async function applied(
  store: SessionsStore,
  work: Work,
  when: 'durably' | 'provisionally' = 'durably',
) {
  const { outcome, durable } = store.submit(work)
  const known = await outcome
  if (known.kind === 'lost') throw new Error(`lost: ${known.why}`)
  if (when === 'durably') await durable
  return known
}

function entry(seq: number, from: string, to: string, event: object): JournalEntry {
  return { seq, from, to, event: JSON.stringify(event), at: Date.now(), ms: 1.25 }
}

function text(): string {
  return randomBytes(16).toString('hex').slice(0, 26)
}
