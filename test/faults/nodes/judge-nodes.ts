import type { ClientOfNodes } from './client-of-nodes.ts'
import type { Complaint } from './history/complaint.ts'
import { judgeHistory } from './history/judge-history.ts'
import type { PartyOfNodes } from './party-of-nodes.ts'
import { readStoredState } from './read-stored-state.ts'

/** Stops all, and judges what clients wrote down by what is stored. */
export async function judgeNodes(
  party: PartyOfNodes,
  clients: readonly ClientOfNodes[],
): Promise<readonly Complaint[]> {
  await party.stop()
  const stored = await readStoredState(party, clients)
  await Promise.all(clients.map((each) => each.stop()))
  const asks = clients.flatMap((each) => each.asks)
  return judgeHistory({ asks, closings: [] }, stored)
}
