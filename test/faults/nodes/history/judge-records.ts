import type { Complaint } from './complaint.ts'
import type { StoredState } from './stored-state.ts'

/** Every node's audit verifies, and together they have each commit once. */
export function judgeRecords({ chains, redemptions }: StoredState): readonly Complaint[] {
  const recorded = new Map<string, number>()
  for (const id of chains.flatMap(({ committed }) => committed)) {
    recorded.set(id, (recorded.get(id) ?? 0) + 1)
  }
  const isCommitted = new Map(
    redemptions.map(({ redemptionId, state }) => [redemptionId, state === 'committed']),
  )
  const ids = new Set([...isCommitted.keys(), ...recorded.keys()])
  return [
    ...chains.flatMap(({ node, problem }): readonly Complaint[] =>
      problem === undefined ? [] : [{ broken: 'chain', what: `${node}: ${problem}` }],
    ),
    ...[...ids].flatMap((id): readonly Complaint[] => {
      const [times, wanted] = [recorded.get(id) ?? 0, isCommitted.get(id) === true ? 1 : 0]
      const what = `redemption ${id} has ${times} records of its commit, not ${wanted}`
      return times === wanted ? [] : [{ broken: 'recorded', what }]
    }),
  ]
}
