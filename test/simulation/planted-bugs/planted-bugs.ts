import { secretToText } from '../../../src/protocol/link/secret.ts'
import { DIALER_TABLE } from '../../../src/session/machine/dialer-table.ts'
import type { Claim } from '../../../src/session/machine/listener-state.ts'
import { LISTENER_TABLE } from '../../../src/session/machine/listener-table.ts'
import type { BugSite, PlantedBug } from './planted-bug.ts'
import { allOf, alteredReaping, alteredRow, alteredStore } from './planting.ts'

const { SENDING_RESPONSE, COMPLETED, READING_REQUEST } = LISTENER_TABLE

type Sending = Parameters<typeof SENDING_RESPONSE.sent>[0]
type Answer = ReturnType<typeof SENDING_RESPONSE.sent>

/** What a lost stream and a deadline lead to after the commit point, with more added to it. */
function afterCommit(add: (claim: Claim, tokenId: string) => Partial<Answer>): () => void {
  const worse =
    <Event>(original: (state: Sending, event: Event) => Answer) =>
    (state: Sending, event: Event): Answer => {
      const answer = original(state, event)
      const { claim, grant } = state
      if (grant.role !== 'stock') return answer
      const { changes = [], effects = [] } = add(claim, grant.tokenId)
      return {
        ...answer,
        changes: [...answer.changes, ...changes],
        effects: [...answer.effects, ...effects],
      }
    }
  return allOf(
    alteredRow(SENDING_RESPONSE, 'sendFailed', worse),
    alteredRow(SENDING_RESPONSE, 'streamClosed', worse),
    alteredRow(SENDING_RESPONSE, 'stepDeadline', worse),
  )
}

const RELEASE = `
  UPDATE redemptions SET state = 'released', reserved_until = NULL, released_at = 1,
    released_for = 'bug' WHERE id = ? AND state = 'committed'`

/** The claim as whoever holds it now would quote it. */
function current(site: BugSite, claim: Claim): Claim {
  const fence = site.ask('SELECT fence FROM redemptions WHERE id = ?', claim.redemptionId)
  return { ...claim, fence: Number(fence ?? claim.fence) }
}

/** As if nobody had ever revoked anything. */
function unrevoked<Result>(site: BugSite, work: () => Result): Result {
  site.sql('CREATE TEMP TABLE revoked AS SELECT id, revoked_at FROM tokens')
  site.sql('UPDATE tokens SET revoked_at = NULL')
  const result = work()
  site.sql(`UPDATE tokens SET revoked_at =
    (SELECT r.revoked_at FROM temp.revoked r WHERE r.id = tokens.id)`)
  site.sql('DROP TABLE temp.revoked')
  return result
}

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'a use is released after it was committed',
    breaks: ['I2'],
    tables: () =>
      afterCommit((claim, tokenId) => ({
        changes: [{ type: 'release', claim, tokenId, reason: 'timed_out' }],
      })),
    store: (own, site) =>
      alteredStore(own, (transaction) => ({
        release: (claim, reason, now) => {
          if (transaction.release(claim, reason, now)) return true
          site.sql(RELEASE, claim.redemptionId)
          return true
        },
      })),
  },
  {
    name: 'what was committed is taken back when the answer can not be sent',
    breaks: ['I3', 'I4'],
    tables: () =>
      afterCommit((claim) => ({
        changes: [{ type: 'oweRemoval', claim, tallyId: claim.tallyId, reason: 'timed_out' }],
        effects: [{ type: 'deprovision' }],
      })),
    store: (own) => alteredStore(own, () => ({ isTallyWanted: () => false })),
  },
  {
    name: 'nobody checks the fence',
    // Two processes have to meet on one redemption.
    isRare: true,
    breaks: ['I1', 'I3', 'I4', 'I7'],
    store: (own, site) =>
      alteredStore(own, (transaction) => ({
        approve: (claim) => transaction.approve(current(site, claim)),
        intendProvision: (claim, now) => transaction.intendProvision(current(site, claim), now),
        delegate: (claim, ...rest) => transaction.delegate(current(site, claim), ...rest),
        commit: (claim, ...rest) => transaction.commit(current(site, claim), ...rest),
        release: (claim, ...rest) => transaction.release(current(site, claim), ...rest),
      })),
  },
  {
    name: 'effects do not wait for the disk',
    breaks: ['I2', 'I3', 'I4', 'I5', 'I7', 'liveness'],
    store: (own) => ({
      query: (work) => own.query(work),
      transact: (work) => ({ value: own.transact(work).value, durable: Promise.resolve() }),
    }),
  },
  {
    name: 'a failed commit is acknowledged',
    breaks: ['I2', 'I3', 'I4', 'I5', 'I7', 'liveness', 'uncaught'],
    store: (own) => ({
      query: (work) => own.query(work),
      transact: (work) => {
        const { value, durable } = own.transact(work)
        return { value, durable: durable.catch(() => undefined) }
      },
    }),
  },
  {
    name: 'a signature is believed, and not kept',
    breaks: ['receipts'],
    store: (own) =>
      alteredStore(own, (transaction) => ({
        confirm: (id, peerId, hash, now) => transaction.confirm(id, peerId, hash, now),
      })),
  },
  {
    name: 'a use is given though none is left',
    breaks: ['I1'],
    store: (own, site) =>
      alteredStore(own, (transaction) => ({
        reserve: (request) => {
          const outcome = transaction.reserve(request)
          if (outcome.kind !== 'refused' || outcome.code !== 'used') return outcome
          site.sql('UPDATE tokens SET uses = uses + 1 WHERE id = ?', request.grant.tokenId)
          const another = transaction.reserve(request)
          site.sql('UPDATE tokens SET uses = uses - 1 WHERE id = ?', request.grant.tokenId)
          return another
        },
      })),
  },
  {
    name: 'a retry counts as another request',
    breaks: ['I2', 'liveness'],
    store: (own) => {
      let retries = 0
      return alteredStore(own, (transaction) => ({
        reserve: (request) => {
          retries += 1
          const bootstrapId = `${request.bootstrapId.slice(0, 20)}${retries}`
          const grant = { ...request.grant, usesAllowed: null }
          return transaction.reserve({ ...request, grant, bootstrapId, another: true })
        },
        resume: () => undefined,
      }))
    },
  },
  {
    name: 'an answer is repeated with another tally in it',
    breaks: ['I2', 'I4', 'liveness'],
    store: (own) =>
      alteredStore(own, (transaction) => ({
        storedResponse: (redemptionId) => {
          const stored = transaction.storedResponse(redemptionId)
          if (stored === undefined) return undefined
          const text = Buffer.from(stored).toString()
          const tallyId = /"tallyId":"([a-z2-7]+)"/.exec(text)?.[1] ?? ''
          const fresh = [...tallyId].reverse().join('')
          return Buffer.from(text.replaceAll(tallyId, fresh))
        },
      })),
  },
  {
    name: 'anybody may acknowledge',
    breaks: ['I4'],
    store: (own, site) =>
      alteredStore(own, (transaction) => ({
        confirm: (redemptionId, _peerId, ...rest) => {
          const rightful = site.ask('SELECT peer_id FROM redemptions WHERE id = ?', redemptionId)
          return transaction.confirm(redemptionId, String(rightful), ...rest)
        },
      })),
  },
  {
    name: 'a session that is completed fails when its stream ends',
    breaks: ['I5', 'I7'],
    tables: () =>
      alteredRow(COMPLETED, 'streamClosed', () => (state) => {
        const { caller, tokenId, role, claim, tallyId } = state
        const failure = { reason: 'stream_lost', step: 'SENDING_RESPONSE' } as const
        const known = {
          ...(tokenId === undefined ? {} : { tokenId }),
          ...(role === undefined ? {} : { role }),
          ...(claim === undefined ? {} : { claim }),
          ...(tallyId === undefined ? {} : { tallyId }),
        }
        return { state: { name: 'FAILED', caller, failure, ...known }, changes: [], effects: [] }
      }),
  },
  {
    name: 'a final state is written over',
    breaks: ['I5'],
    store: (own, site) =>
      alteredStore(own, (transaction) => ({
        saveSession: (summary) => {
          transaction.saveSession(summary)
          site.sql("UPDATE sessions SET state = 'FAILED' WHERE state = 'TIMEOUT'")
        },
      })),
  },
  {
    name: 'a commit is made twice',
    breaks: ['I1', 'I2'],
    store: (own, site) =>
      alteredStore(own, (transaction) => ({
        commit: (claim, ...rest) => {
          const isDone = transaction.commit(claim, ...rest)
          if (isDone) site.sql(SECOND_COMMIT, claim.redemptionId)
          return isDone
        },
      })),
  },
  {
    name: 'an approval is good although the token was revoked since',
    breaks: ['I1'],
    store: (own, site) =>
      alteredStore(own, (transaction) => ({
        reserve: (request) => unrevoked(site, () => transaction.reserve(request)),
        approve: (claim) => unrevoked(site, () => transaction.approve(claim)),
        intendProvision: (claim, now) =>
          unrevoked(site, () => transaction.intendProvision(claim, now)),
        delegate: (claim, ...rest) => unrevoked(site, () => transaction.delegate(claim, ...rest)),
      })),
  },
  {
    name: 'a record of the audit is lost',
    breaks: ['I7'],
    store: (own) =>
      alteredStore(own, (transaction) => ({
        appendAudit: (draft) => {
          if (draft.data['event'] !== 'released') transaction.appendAudit(draft)
        },
      })),
  },
  {
    name: 'an entry of the journal is lost',
    breaks: ['I7'],
    store: (own) =>
      alteredStore(own, (transaction) => ({
        appendJournal: (sessionId, entries) =>
          transaction.appendJournal(sessionId, entries.length > 1 ? entries.slice(1) : entries),
      })),
  },
  {
    name: 'the secret is in the journal',
    breaks: ['I8'],
    store: (own, site) =>
      alteredStore(own, (transaction) => ({
        appendJournal: (sessionId, entries) => {
          const secret = site.secrets.map(secretToText)
          const telling = entries.map((entry) => ({
            ...entry,
            event: JSON.stringify({ ...JSON.parse(entry.event), secret }),
          }))
          transaction.appendJournal(sessionId, telling)
        },
      })),
  },
  {
    name: 'a removal is forgotten',
    breaks: ['I3'],
    store: (own, site) =>
      alteredStore(own, (transaction) => ({
        oweRemoval: () => undefined,
        release: (claim, ...rest) => {
          const isReleased = transaction.release(claim, ...rest)
          site.sql('DELETE FROM removals')
          return isReleased
        },
      })),
  },
  {
    name: 'the invitee completes before the receipt has come',
    breaks: ['I4', 'receipts'],
    tables: () =>
      alteredRow(DIALER_TABLE.SENDING_RESULT, 'sent', () => (state) => ({
        state: { ...state, name: 'COMPLETED' },
        changes: [{ type: 'confirmTally', plan: state.plan, tallyId: state.built.tally.tallyId }],
        effects: [{ type: 'close' }],
      })),
  },
  {
    name: 'the invitee throws away what it built when the receipt does not come',
    breaks: ['I4'],
    tables: () =>
      alteredRow(DIALER_TABLE.AWAITING_RECEIPT, 'streamClosed', (original) => (state, event) => {
        const { plan, built } = state
        const { tallyId } = built.tally
        const answer = original(state, event)
        return { ...answer, changes: [{ type: 'discardTally', plan, tallyId }] }
      }),
  },
  {
    name: 'an offer is withdrawn without a tombstone',
    breaks: ['I2', 'I4', 'I7', 'liveness'],
    store: (own, site) =>
      alteredStore(own, (transaction) =>
        alteredReaping(transaction, (reaping) => ({
          withdrawOffer: (redemptionId, ...rest) => {
            const isWithdrawn = reaping.withdrawOffer(redemptionId, ...rest)
            if (isWithdrawn) site.sql(NO_TOMBSTONE, redemptionId)
            return isWithdrawn
          },
        })),
      ),
  },
  {
    name: 'an offer is withdrawn before its time',
    breaks: ['I4'],
    store: (own) =>
      alteredStore(own, (transaction) =>
        alteredReaping(transaction, (reaping) => ({
          offers: (...all) => {
            const page = reaping.offers(...all)
            return { ...page, things: page.things.map((each) => ({ ...each, since: 1 })) }
          },
          withdrawOffer: (redemptionId, _before, now) =>
            reaping.withdrawOffer(redemptionId, now + 1, now),
        })),
      ),
  },
  {
    name: 'an offer that was withdrawn can still be acknowledged',
    breaks: ['I2', 'I4', 'I7', 'liveness'],
    store: (own, site) =>
      alteredStore(own, (transaction) => ({
        reserve: (request) => {
          const outcome = transaction.reserve(request)
          if (outcome.kind !== 'refused' || outcome.code !== 'withdrawn') return outcome
          const claim = { use: 1, fence: 1, approvedAt: request.now, retries: 0 }
          const asked = [request.grant.tokenId, request.peerId] as const
          const redemptionId = String(site.ask(WITHDRAWN_ID, ...asked))
          const tallyId = String(site.ask(TALLY_OF, redemptionId))
          return { kind: 'replayed', claim: { ...claim, redemptionId, tallyId }, tallyId }
        },
      })),
  },
  {
    name: 'nobody compares the party id with the connection',
    breaks: ['I2', 'I4', 'I6'],
    tables: () =>
      alteredRow(
        READING_REQUEST,
        'contact',
        (original) => (state, event) => original(state, { ...event, partyId: state.caller.peerId }),
      ),
  },
  {
    name: 'a stranger is told more than that the token is not known',
    // Also to who held one that expired and was cleared away: to that one it is plainly wrong.
    breaks: ['I6', 'liveness'],
    hooks: (own) => ({
      ...own,
      token: {
        ...own.token,
        validate: async (token, context) => {
          const answer = await own.token.validate(token, context)
          return answer && 'refused' in answer && answer.refused === 'invalid_token'
            ? { refused: 'used' }
            : answer
        },
      },
    }),
  },
]

const NO_TOMBSTONE = `
  UPDATE redemptions SET state = 'released', withdrawn_at = NULL, released_at = 1,
    released_for = 'bug' WHERE id = ?`

const WITHDRAWN_ID = `
  SELECT id FROM redemptions WHERE token_id = ? AND peer_id = ? AND withdrawn_at IS NOT NULL`
const TALLY_OF = 'SELECT tally_id FROM redemptions WHERE id = ?'

const SECOND_COMMIT = `
  INSERT INTO redemptions (id, token_id, slot, peer_id, bootstrap_id, request_hash, session_id,
    fence, state, delivery, tally_id, approved_at, changed_at)
  SELECT id || '-again', token_id, slot + 1000, peer_id, bootstrap_id, request_hash, session_id,
    fence, state, delivery, tally_id, approved_at, changed_at
  FROM redemptions WHERE id = ?`
