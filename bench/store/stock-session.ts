import { randomBytes } from 'node:crypto'
import { sha256Hex } from '../../src/protocol/base/digest.ts'
import type { Claim } from '../../src/session/machine/listener-state.ts'
import type { JournalEntry, StoreTransaction } from '../../src/session/ports/store.ts'
import type { Store } from '../../src/store/transaction/store.ts'
import * as made from '../../test/store/fixtures.ts'

const DRAFT = JSON.stringify({ v: 1, terms: 'x'.repeat(400), halves: 'y'.repeat(500) })
/** As long as an approval with that draft in it. */
const RESPONSE = Buffer.from(
  JSON.stringify({ type: 'ProvisioningResult', text: 'z'.repeat(1_800) }),
)

/** Runs so many sessions, always `atOnce` of them under way. */
export async function runSessions(store: Store, tokenId: string, total: number, atOnce: number) {
  let left = total
  const lane = async (): Promise<void> => {
    for (; left > 0; await stockSession(store, tokenId)) left -= 1
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

type Write = (transaction: StoreTransaction) => unknown

/** Makes all writes of one stock session, from the contact to the acknowledgment: five transactions. */
async function stockSession(store: Store, tokenId: string): Promise<void> {
  const [id, peerId, now] = [text(), `12D3KooW${text()}`, Date.now()]
  const claim = reserve(store, tokenId, id, peerId)
  const { redemptionId, tallyId } = claim
  const remoteAddress = '/ip4/192.0.2.7/tcp/49152'
  const ids = { tokenId, redemptionId, tallyId }
  const about = { peerId, role: 'stock', ...ids, remoteAddress, startedAt: now } as const
  const write = async (path: readonly JournalEntry[], event: string, work: Write, more = {}) =>
    await store.transact((transaction) => {
      if (work(transaction) === false) throw new Error('fence lost')
      if (event !== '') transaction.appendAudit(made.auditDraft(id, event))
      if (event !== 'confirmed') {
        const state = path.at(-1)?.to ?? ''
        transaction.saveSession(made.summaryOf(id, { ...about, state, ...more }))
        const [names, ms] = [path.map(({ to }) => to), path.map((each) => each.ms)]
        const data = { side: 'listener', path: ['CREATED', ...names], ms }
        transaction.appendAudit({ ...made.auditDraft(id, ''), data })
      }
      transaction.appendJournal(id, path)
    }).durable
  const contact = { type: 'contact', identity: 'x'.repeat(200) }
  const begun = [
    entry(1, 'CREATED', 'READING_REQUEST', { type: 'opened' }),
    entry(2, 'READING_REQUEST', 'VALIDATING_TOKEN', contact),
    entry(3, 'VALIDATING_TOKEN', 'PROVISIONING_DB', { type: 'tokenReserved', claim }),
  ]
  await write(begun, '', (each) => each.intendProvision(claim, now) === 'done')
  const tally = made.tallyOf(tallyId, redemptionId)
  const built = { ...tally.built, draft: { text: DRAFT, sha256: sha256Hex(DRAFT) } }
  const whole = { ...tally, partner: { ...tally.partner, peerId }, built }
  const responseHash = sha256Hex(redemptionId)
  const response = { payload: RESPONSE, hash: responseHash }
  const provisioned = { type: 'provisioned', built: { ...built, draft: { text: '' } } }
  const commit: Write = (each) => each.commit(claim, whole, { response }, now)
  await write([entry(4, 'PROVISIONING_DB', 'SENDING_RESPONSE', provisioned)], 'committed', commit)
  const sent = [entry(5, 'SENDING_RESPONSE', 'COMPLETED', { type: 'sent' })]
  await write(sent, '', () => true, { endedAt: Date.now(), durationMs: 12.5 })
  const acknowledged = { type: 'acknowledgment', redemptionId, responseHash }
  const confirm: Write = (each) =>
    each.confirm(redemptionId, peerId, responseHash, Date.now()) !== undefined
  await write([entry(6, 'COMPLETED', 'COMPLETED', acknowledged)], 'confirmed', confirm)
}

function reserve(store: Store, tokenId: string, id: string, peerId: string): Claim {
  const found = store.read(({ tokens }) => tokens.lookUp(tokenId))
  if (found === undefined) throw new Error('the token is not in the store')
  const grant = { ...made.grantOf(tokenId, null), expiresAt: found.token.expiresAt }
  const ids = { redemptionId: text(), sessionId: id, bootstrapId: text() }
  const more = { ...ids, requestHash: sha256Hex(id), now: Date.now() }
  const request = made.requestOf(grant, peerId, more)
  return store.transact((transaction) => {
    if (transaction.hasDeclined(tokenId, peerId)) throw new Error('declined')
    transaction.appendAudit(made.auditDraft(id, 'reserved'))
    return made.claimOf(transaction.reserve(request))
  }).value
}

function entry(seq: number, from: string, to: string, event: object): JournalEntry {
  return { seq, from, to, event: JSON.stringify(event), at: Date.now(), ms: 1.25 }
}

function text(): string {
  return randomBytes(16).toString('hex').slice(0, 26)
}
