import { verifyRows } from '../../support/audit/verify-rows.ts'
import type { ClientOfNodes } from './client-of-nodes.ts'
import type { StoredChain, StoredState } from './history/stored-state.ts'
import type { PartyOfNodes } from './party-of-nodes.ts'

interface AuditRow {
  readonly peer_id: string
  readonly seq: string
  readonly record: string
  readonly hash: Buffer
}

/** Reads what all stores have, past the code that wrote it. */
export async function readStoredState(
  party: PartyOfNodes,
  clients: readonly ClientOfNodes[],
): Promise<StoredState> {
  const redemptions = await party.query<Record<string, string>>(
    'SELECT id, token_id, peer_id, slot, state, tally_id FROM redemptions ORDER BY seq',
  )
  const tallies = await party.query<Record<string, string>>(
    'SELECT tally_id, redemption_id, partner, draft_sha256 FROM tallies',
  )
  const kept = await Promise.all(clients.map((each) => each.kept()))
  return {
    uses: new Map(party.invitations.map(({ tokenId, uses }) => [tokenId, uses])),
    redemptions: redemptions.map((row) => ({
      redemptionId: String(row['id']),
      tokenId: String(row['token_id']),
      client: String(row['peer_id']),
      slot: Number(row['slot']),
      state: String(row['state']),
      tallyId: String(row['tally_id']),
    })),
    tallies: tallies.map((row) => ({
      tallyId: String(row['tally_id']),
      redemptionId: String(row['redemption_id']),
      client: String(row['partner']),
      draft: String(row['draft_sha256']),
    })),
    kept: kept.flat(),
    chains: await storedChains(party),
  }
}

async function storedChains(party: PartyOfNodes): Promise<readonly StoredChain[]> {
  const rows = await party.query<AuditRow>(
    `SELECT n.peer_id, a.seq, a.record, a.hash FROM audit_records a JOIN nodes n ON n.node = a.node
     ORDER BY n.node, a.seq`,
  )
  return [...Map.groupBy(rows, ({ peer_id }) => peer_id)].map(([node, records]): StoredChain => {
    const verdict = verifyRows(
      records.map(({ seq, record, hash }) => ({ seq: Number(seq), text: record, hash })),
    )
    const problem = verdict.ok ? {} : { problem: JSON.stringify(verdict.firstBad) }
    return { node, committed: records.flatMap(committedIn), ...problem }
  })
}

function committedIn({ record }: AuditRow): readonly string[] {
  const { redemptionId, data } = JSON.parse(record)
  return data?.event === 'committed' && typeof redemptionId === 'string' ? [redemptionId] : []
}
