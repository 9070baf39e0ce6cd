import { secretToText } from '../../../src/protocol/link/secret.ts'
import { DIALER_TABLE } from '../../../src/session/machine/dialer-table.ts'
import type { Claim } from '../../../src/session/machine/listener-state.ts'
import { LISTENER_TABLE } from '../../../src/session/machine/listener-table.ts'
import type { ReserveOutcome } from '../../../src/session/ports/uses/reservation.ts'
import { BATCH_BUGS } from './batch-bugs.ts'
import { BY_HAND_BUGS } from './by-hand-bugs.ts'
import type { BugSite, PlantedBug } from './planted-bug.ts'
import { allOf, alteredRow, alteredStore, alteredWorks, NOTHING } from './planting.ts'

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

const KEEP_REVOKED = `
  CREATE TEMP TABLE revoked AS SELECT id, revoked_at FROM tokens;
  UPDATE tokens SET revoked_at = NULL`
const PUT_BACK_REVOKED = `
  UPDATE tokens SET revoked_at = (SELECT r.revoked_at FROM temp.revoked r WHERE r.id = tokens.id);
  DROP TABLE temp.revoked`

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'a use is released after it was committed',
    foundBy: 100,
    breaks: ['I2'],
    tables: () =>
      afterCommit((claim, tokenId) => ({
        changes: [{ type: 'release', claim, tokenId, reason: 'timed_out' }],
      })),
    store: (own, site) =>
      alteredStore(own, site, {
        after: { release: ({ claim }) => site.sql(RELEASE, claim.redemptionId) },
      }),
  },
  {
    name: 'what was committed is taken back when the answer can not be sent',
    foundBy: 25,
    breaks: ['I3', 'I4'],
    tables: () =>
      afterCommit((claim) => ({
        changes: [{ type: 'oweRemoval', claim, tallyId: claim.tallyId, reason: 'timed_out' }],
        effects: [{ type: 'deprovision' }],
      })),
    store: (own, site) =>
      alteredStore(own, site, {
        answers: {
          claimRemoval: ({ result }) => ({ result: result === 'wanted' ? 'claimed' : result }),
        },
      }),
  },
  {
    name: 'nobody checks the fence',
    // Two processes have to meet on one redemption.
    isRare: true,
    breaks: ['I1', 'I3', 'I4', 'I7'],
    store: (own, site) =>
      alteredStore(own, site, {
        writes: {
          approve: (write) => ({ ...write, claim: current(site, write.claim) }),
          intendProvision: (write) => ({ ...write, claim: current(site, write.claim) }),
          delegate: (write) => ({ ...write, claim: current(site, write.claim) }),
          commit: (write) => ({ ...write, claim: current(site, write.claim) }),
          release: (write) => ({ ...write, claim: current(site, write.claim) }),
        },
      }),
  },
  {
    name: 'effects do not wait for the disk',
    foundBy: 59,
    breaks: ['I2', 'I3', 'I4', 'I5', 'I7', 'liveness'],
    store: (own) =>
      alteredWorks(own, (work) => {
        const { outcome } = own.submit(work)
        return { outcome, durable: outcome.then(() => undefined) }
      }),
  },
  {
    name: 'a failed commit is acknowledged',
    foundBy: 129,
    breaks: ['I2', 'I3', 'I4', 'I5', 'I7', 'liveness', 'uncaught'],
    store: (own) =>
      alteredWorks(own, (work) => {
        const { outcome, durable } = own.submit(work)
        return { outcome, durable: durable.catch(() => undefined) }
      }),
  },
  {
    name: 'a signature is believed, and not kept',
    breaks: ['receipts'],
    store: (own, site) =>
      alteredStore(own, site, { writes: { confirm: ({ signature: _, ...write }) => write } }),
  },
  {
    name: 'a use is given though none is left',
    foundBy: 7,
    breaks: ['I1'],
    store: (own, site) =>
      alteredStore(own, site, {
        before: { reserve: ({ request }) => site.sql(USES, 1, request.grant.tokenId) },
        after: { reserve: ({ request }) => site.sql(USES, -1, request.grant.tokenId) },
      }),
  },
  {
    name: 'a retry counts as another request',
    breaks: ['I2', 'liveness'],
    store: (own, site) => {
      let retries = 0
      return alteredStore(own, site, {
        writes: {
          reserve: ({ request, ...write }) => {
            retries += 1
            const bootstrapId = `${request.bootstrapId.slice(0, 20)}${retries}`
            const grant = { ...request.grant, usesAllowed: null }
            return { ...write, request: { ...request, grant, bootstrapId, another: true } }
          },
        },
        answers: { resume: () => ({}) },
      })
    },
  },
  {
    name: 'an answer is repeated with another tally in it',
    breaks: ['I2', 'I4', 'liveness'],
    store: (own, site) =>
      alteredStore(own, site, {
        lookups: ({ redemptions }) => ({
          redemptions: {
            ...redemptions,
            response: async (redemptionId) => {
              const stored = await redemptions.response(redemptionId)
              return stored && otherTallyIn(Buffer.from(stored).toString())
            },
          },
        }),
      }),
  },
  {
    name: 'anybody may acknowledge',
    foundBy: 14,
    breaks: ['I4'],
    store: (own, site) =>
      alteredStore(own, site, {
        writes: {
          confirm: (write) => {
            const rightful = site.ask(PEER_OF, write.redemptionId)
            return { ...write, facts: { ...write.facts, peerId: String(rightful) } }
          },
        },
      }),
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
      alteredStore(own, site, { after: { saveSession: () => site.sql(OVERWRITE) } }),
  },
  {
    name: 'a commit is made twice',
    breaks: ['I1', 'I2'],
    store: (own, site) =>
      alteredStore(own, site, {
        after: { commit: ({ claim }) => site.sql(SECOND_COMMIT, claim.redemptionId) },
      }),
  },
  {
    name: 'an approval is good although the token was revoked since',
    foundBy: 103,
    breaks: ['I1'],
    store: (own, site) => {
      const before = () => site.script(KEEP_REVOKED)
      const after = () => site.script(PUT_BACK_REVOKED)
      const all = (spoil: () => void) => ({
        reserve: spoil,
        approve: spoil,
        intendProvision: spoil,
        delegate: spoil,
      })
      return alteredStore(own, site, { before: all(before), after: all(after) })
    },
  },
  {
    name: 'a record of the audit is lost',
    breaks: ['I7'],
    store: (own, site) =>
      alteredStore(own, site, { writes: { withdrawOffer: ({ record: _, ...write }) => write } }),
  },
  {
    // What follows on it is not taken.
    name: 'an entry of the journal is lost',
    breaks: ['liveness'],
    store: (own, site) =>
      alteredStore(own, site, {
        writes: {
          saveSession: ({ entries, ...write }) => ({
            ...write,
            entries: entries.length > 1 ? entries.slice(1) : entries,
          }),
        },
      }),
  },
  {
    name: 'an entry of the journal tells of another step',
    breaks: ['I7'],
    store: (own, site) =>
      alteredStore(own, site, {
        writes: {
          saveSession: ({ entries, ...write }) => ({
            ...write,
            entries: entries.map((entry) => ({ ...entry, to: entry.from })),
          }),
        },
      }),
  },
  {
    name: 'the secret is in the journal',
    breaks: ['I8'],
    store: (own, site) =>
      alteredStore(own, site, {
        writes: {
          saveSession: ({ entries, ...write }) => {
            const secret = site.secrets.map(secretToText)
            const telling = entries.map((entry) => ({
              ...entry,
              event: JSON.stringify({ ...JSON.parse(entry.event), secret }),
            }))
            return { ...write, entries: telling }
          },
        },
      }),
  },
  {
    name: 'a removal is forgotten',
    breaks: ['I3'],
    store: (own, site) =>
      alteredStore(own, site, {
        writes: { oweRemoval: () => NOTHING },
        answers: { oweRemoval: () => ({}) },
        after: { release: () => site.sql('DELETE FROM removals') },
      }),
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
    foundBy: 39,
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
      alteredStore(own, site, {
        after: { withdrawOffer: ({ order }) => site.sql(NO_TOMBSTONE, order.redemptionId) },
      }),
  },
  {
    name: 'an offer is withdrawn before its time',
    breaks: ['I4'],
    store: (own, site) =>
      alteredStore(own, site, {
        writes: { withdrawOffer: (write) => ({ ...write, lastGivenBefore: write.now + 1 }) },
        lookups: ({ reaping }) => ({
          reaping: {
            ...reaping,
            offers: async (...all) => {
              const page = await reaping.offers(...all)
              return { ...page, things: page.things.map((each) => ({ ...each, since: 1 })) }
            },
          },
        }),
      }),
  },
  {
    name: 'an offer that was withdrawn can still be acknowledged',
    foundBy: 58,
    breaks: ['I2', 'I4', 'I7', 'liveness'],
    store: (own, site) =>
      alteredStore(own, site, {
        answers: {
          reserve: (outcome, { request }) => {
            if (outcome.kind !== 'refused' || outcome.code !== 'withdrawn') return outcome
            const claim = { use: 1, fence: 1, approvedAt: request.now, retries: 0 }
            const asked = [request.grant.tokenId, request.peerId] as const
            const redemptionId = String(site.ask(WITHDRAWN_ID, ...asked))
            const tallyId = String(site.ask(TALLY_OF, redemptionId))
            return { kind: 'replayed', claim: { ...claim, redemptionId, tallyId }, tallyId }
          },
        },
      }),
  },
  {
    name: 'nobody compares the party id with the connection',
    foundBy: 16,
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
    foundBy: 10,
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
  {
    // Somebody must come again for a use whose terms have changed meanwhile.
    name: 'whoever has reserved gets the terms of now',
    isRare: true,
    breaks: ['terms', 'I4', 'liveness'],
    store: (own, site) =>
      alteredStore(own, site, {
        answers: { reserve: withoutTermsOfThen },
      }),
  },
  ...BATCH_BUGS,
  ...BY_HAND_BUGS,
]

function withoutTermsOfThen(answer: ReserveOutcome): ReserveOutcome {
  if (!('offered' in answer)) return answer
  const { offered: _, ...outcome } = answer
  return outcome
}

const USES = 'UPDATE tokens SET uses = uses + ? WHERE id = ?'
const OVERWRITE = "UPDATE sessions SET state = 'FAILED' WHERE state = 'TIMEOUT'"
const PEER_OF = 'SELECT peer_id FROM redemptions WHERE id = ?'

/** The same answer about a tally of which nobody has heard. */
function otherTallyIn(answer: string): Uint8Array {
  const tallyId = /"tallyId":"([a-z2-7]+)"/.exec(answer)?.[1] ?? ''
  return Buffer.from(answer.replaceAll(tallyId, [...tallyId].reverse().join('')))
}

const NO_TOMBSTONE = `
  UPDATE redemptions SET state = 'released', withdrawn_at = NULL, released_at = 1,
    released_for = 'bug' WHERE id = ? AND withdrawn_at IS NOT NULL`

const WITHDRAWN_ID = `
  SELECT id FROM redemptions WHERE token_id = ? AND peer_id = ? AND withdrawn_at IS NOT NULL`
const TALLY_OF = 'SELECT tally_id FROM redemptions WHERE id = ?'

const SECOND_COMMIT = `
  INSERT INTO redemptions (id, token_id, slot, peer_id, bootstrap_id, request_hash, session_id,
    fence, state, delivery, tally_id, approved_at, changed_at)
  SELECT id || '-again', token_id, slot + 1000, peer_id, bootstrap_id, request_hash, session_id,
    fence, state, delivery, tally_id, approved_at, changed_at
  FROM redemptions WHERE id = ?`
