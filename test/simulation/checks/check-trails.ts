import { secretToText } from '../../../src/protocol/link/secret.ts'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import type { Store } from '../../../src/store/transaction/store.ts'
import { replayProblem } from '../../support/replay-problem.ts'
import { readNow } from '../../support/store/read-now.ts'
import { wholeTrail } from '../../support/whole-trail.ts'
import { remembersLittle } from '../history.ts'
import type { Scene } from '../scene.ts'
import type { PartyNode } from '../world/party-node.ts'
import { factsOf, type RedemptionFact } from './facts.ts'
import type { Complain } from './violation.ts'

/** I7 and I8: what is written tells what happened, all of it, and nothing that is nobody's business. */
export async function checkTrails(scene: Scene, broken: Complain): Promise<void> {
  for (const node of scene.nodes) {
    const store = node.current?.seen
    if (store === undefined) continue
    const records = await checkAudit(node, store, broken)
    checkThatAuditIsWhole(node, records, broken)
    checkJournals(node, store, broken)
    checkSecrets(scene, node, broken)
  }
}

interface Noted {
  readonly event: string
  readonly redemptionId: string
  readonly fence: number | undefined
}

async function checkAudit(
  node: PartyNode,
  store: Store,
  broken: Complain,
): Promise<readonly Noted[]> {
  const rows = [...store.repositories.audit.rows()]
  const fault = await wholeTrail(store)
  if (fault !== undefined) broken('I7', `${node.name}: audit: ${fault}`)
  return rows.flatMap(({ text }) => {
    const { data, redemptionId } = JSON.parse(text)
    if (typeof data?.event !== 'string' || typeof redemptionId !== 'string') return []
    const fence = typeof data.fence === 'number' ? data.fence : undefined
    return [{ event: data.event, redemptionId, fence }]
  })
}

/** The ledger's whole life-cycle is in the audit, each step of it once. */
function checkThatAuditIsWhole(node: PartyNode, records: readonly Noted[], broken: Complain): void {
  const byRedemption = Map.groupBy(records, ({ redemptionId }) => redemptionId)
  for (const redemption of factsOf(node.disk.database).redemptions) {
    const noted = byRedemption.get(redemption.id) ?? []
    const count = (event: string): number => noted.filter((each) => each.event === event).length
    for (const [event, times] of expectedOf(redemption)) {
      if (count(event) !== times) {
        const what = `${count(event)} records of '${event}', not ${times}`
        broken('I7', `${node.name}: redemption ${redemption.id} (${redemption.state}) has ${what}`)
      }
    }
    if (count('reserved') === 0)
      broken('I7', `${node.name}: redemption ${redemption.id} was reserved without a record`)
    checkFences(node, noted, broken)
  }
}

function expectedOf({
  state,
  delivery,
  withdrawnAt,
}: RedemptionFact): readonly (readonly [string, number])[] {
  const isStockConfirmed = delivery === 'confirmed'
  return [
    ['committed', state === 'committed' ? 1 : 0],
    ['released', state === 'released' ? 1 : 0],
    ['withdrawn', withdrawnAt === undefined ? 0 : 1],
    ...(isStockConfirmed ? [] : [['confirmed', 0] as const]),
  ]
}

/** Who was taken over from writes no more. */
function checkFences(node: PartyNode, noted: readonly Noted[], broken: Complain): void {
  let highest = 0
  for (const { event, fence, redemptionId } of noted) {
    if (fence === undefined) continue
    if (fence < highest)
      broken(
        'I1',
        `${node.name}: '${event}' of ${redemptionId} with fence ${fence} after ${highest}`,
      )
    highest = Math.max(highest, fence)
  }
}

function isEmpty(store: Store, id: string): boolean {
  return store.repositories.sessions.entries(id).length === 0
}

function checkJournals(node: PartyNode, store: Store, broken: Complain): void {
  for (const summary of readNow(store, () => sessionRecords.list({ limit: 10_000 }))) {
    // Of what is not finished the newest session is kept, and its journal is not.
    const isForgotten = summary.endedAt !== undefined && isEmpty(store, summary.id)
    if (isForgotten && remembersLittle(node.config.maxSessionHistory)) continue
    const problem = replayProblem(store, summary)
    if (problem !== undefined) broken('I7', `${node.name}: session ${summary.id}: ${problem}`)
  }
}

/** I8: a dump of everything, searched for every secret there is. */
function checkSecrets(scene: Scene, node: PartyNode, broken: Complain): void {
  const dump = dumpOf(node)
  for (const { secret, tokenId } of scene.invitations) {
    const spellings = [secretToText(secret), Buffer.from(secret).toString('hex')]
    if (spellings.some((spelling) => dump.includes(spelling)))
      broken('I8', `${node.name}: the secret of token ${tokenId} is in what is stored or logged`)
  }
}

function dumpOf(node: PartyNode): string {
  const { database } = node.disk
  const tables = factsOf(database).tables.map((name) => {
    const rows = database.prepare(`SELECT * FROM main.${name}`).all()
    return JSON.stringify(rows, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString() : value,
    )
  })
  return [...tables, ...node.complaints].join('\n')
}
