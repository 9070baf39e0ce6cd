import { isDeepStrictEqual } from 'node:util'
import { checkReceipt, type Receipted } from '../../service/receipts/check-receipt.ts'
import { readReceipt } from '../../service/receipts/read-receipt.ts'
import { listSessions, type SessionSummary } from '../../service/sessions/session-history.ts'
import { readTally } from '../../service/tallies/read-tally.ts'
import { storedTally } from '../../service/tallies/stored-tallies.ts'
import { verifyAll } from '../../service/trail/verify-all.ts'
import type { DemoParty } from './demo-party.ts'
import type { DemoRound } from './demo-round.ts'

/** One tally, as both sides have it in their own stores. */
export interface DemoTally {
  readonly invitee: string
  /** The inviter's role. */
  readonly role: string
  readonly tallyId?: string
  /** Both sides read the same document from their own store. */
  readonly same: boolean
  /** Both have the same receipt, and it is signed by both. */
  readonly receipted: boolean
  /** The reason that there is no tally, or not the same. */
  readonly problem?: string
}

/** One party's audit. */
export interface DemoAudit {
  readonly party: string
  readonly ok: boolean
  readonly records: number
}

/** Compares what both sides keep. @throws StoreError */
export async function checkTallies(
  inviter: DemoParty,
  rounds: readonly DemoRound[],
): Promise<readonly DemoTally[]> {
  const all = rounds.flatMap(({ role, outcomes }) =>
    outcomes.map(async ({ invitee, outcome }): Promise<DemoTally> => {
      const base = { invitee: invitee.name, role }
      if (!outcome.completed)
        return { ...base, same: false, receipted: false, problem: outcome.reason }
      const { tallyId } = outcome
      const [ours, theirs] = await Promise.all([
        document(inviter, tallyId),
        document(invitee, tallyId),
      ])
      const same = ours !== undefined && isDeepStrictEqual(ours, theirs)
      const [mine, yours] = [await receipt(inviter, tallyId), await receipt(invitee, tallyId)]
      const receipted = isDeepStrictEqual(mine, yours) && mine !== undefined && isWhole(mine)
      const problem = same ? 'the receipt is not signed by both' : 'the documents differ'
      return { ...base, tallyId, same, receipted, ...(same && receipted ? {} : { problem }) }
    }),
  )
  return await Promise.all(all)
}

async function document({ context }: DemoParty, tallyId: string): Promise<unknown> {
  const store = await context.store()
  const tally = await storedTally(store, tallyId)
  return tally === undefined ? undefined : await readTally(store, tally)
}

async function receipt({ context }: DemoParty, tallyId: string): Promise<Receipted | undefined> {
  const tally = await storedTally(await context.store(), tallyId)
  return tally && readReceipt(tally, await context.peerId())
}

function isWhole(receipted: Receipted): boolean {
  return checkReceipt(receipted).ok
}

/** Walks every party's audit and tallies. @throws StoreError */
export async function checkAudits(parties: readonly DemoParty[]): Promise<readonly DemoAudit[]> {
  return await Promise.all(
    parties.map(async ({ name, context }) => {
      const store = await context.store()
      const { ok, records } = await verifyAll(store, await context.peerId())
      return { party: name, ok, records }
    }),
  )
}

/** The inviter's sessions, oldest first. */
export async function sessionsOf({ context }: DemoParty): Promise<readonly SessionSummary[]> {
  return (await listSessions(await context.store(), { limit: 1_000 })).toReversed()
}
