import { measuredSchema } from '../load/load.ts'
import type { Place } from '../process/place.ts'
import type { Finding } from '../report/row.ts'
import { listenerStateSchema, startListener } from './bootstraps.ts'
import { badEnds } from './failing-hooks.ts'

const SESSIONS = 1_000
const DISCLOSED = JSON.stringify({ name: 'Bob Baker' })

/**
 * Measures, over real connections, how many sessions complete while one in ten meets a hook that throws, rejects, hangs
 * or answers rubbish.
 */
export async function failingHooks(
  place: Place,
  _isAll = false,
  sessions = SESSIONS,
): Promise<Finding[]> {
  const invitations = [{ role: 'stock', required: ['name'] }] as const
  const { server, links } = await startListener(place, { hooksFail: true, invitations })
  // Its first bootstrap is number 0.
  const client = await place.child('listener/light-client.ts', links[0] ?? '', DISCLOSED)
  const concurrency = Math.min(100, sessions)
  const load = { connection: 'shared', concurrency, count: sessions, mayFail: true, tries: 1 }
  const { failed } = measuredSchema.parse(await client.ask(load))
  const { uncaught, active, reserved, store } = listenerStateSchema.parse(
    await server.ask({ ask: 'state' }),
  )
  const unlucky = badEnds(sessions + 1)
  const completed = sessions - failed
  const faults = [
    ...uncaught.map((error) => `uncaught: ${error}`),
    active === 0 ? [] : `${active} sessions still under way`,
    reserved === 0 ? [] : `${reserved} uses still held`,
    store.auditOk ? [] : 'the audit breaks',
    store.tallies === completed + 1 ? [] : `${store.tallies} tallies for ${completed} + 1`,
    failed === unlucky ? [] : `${failed} failed, and ${unlucky} had reason to`,
  ].flat()
  const ours = (completed / (sessions - unlucky)) * 100
  const problem = faults.length === 0 ? undefined : faults.join('; ')
  return [{ ours, note: `${unlucky} were to fail and did`, problem }]
}
