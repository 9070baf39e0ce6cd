import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { startChild } from './child.ts'
import { badEnds } from './failing-hooks.ts'
import { type Load, measuredSchema } from './load.ts'
import { plainRow } from './plain-row.ts'
import type { BenchRow } from './results-file.ts'

const SESSIONS = 1_000

const stateSchema = z.object({
  uncaught: z.array(z.string()),
  active: z.number(),
  reserved: z.number(),
  store: z.object({ tallies: z.number(), confirmed: z.number(), auditOk: z.boolean() }),
})

const DISCLOSED = JSON.stringify({ name: 'Bob Baker' })

/**
 * D5: over real connections, one in ten sessions meets a hook that throws, rejects, hangs or answers rubbish.
 * @param parent where the data directory is made, and removed at the end
 */
export async function failingFigure(parent: string, sessions = SESSIONS): Promise<BenchRow> {
  const directory = mkdtempSync(join(parent, 'failing-'))
  const host = await startChild('failing-host.ts', directory)
  // Its first bootstrap is number 0.
  const client = await startChild('light-client.ts', String(host.greeting), DISCLOSED)
  try {
    const load: Load = {
      connection: 'shared',
      concurrency: Math.min(100, sessions),
      count: sessions,
      mayFail: true,
      tries: 1,
    }
    const { failed } = measuredSchema.parse(await client.ask(load))
    return judged(sessions, failed, stateSchema.parse(await host.ask({})))
  } finally {
    await client.stop()
    await host.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

function judged(sessions: number, failed: number, state: z.infer<typeof stateSchema>): BenchRow {
  const unlucky = badEnds(sessions + 1)
  const completed = sessions - failed
  const { uncaught, active, reserved, store } = state
  const faults = [
    ...uncaught.map((error) => `uncaught: ${error}`),
    ...(active === 0 ? [] : [`${active} sessions still under way`]),
    ...(reserved === 0 ? [] : [`${reserved} uses still held`]),
    ...(store.auditOk ? [] : ['the audit breaks']),
    ...(store.tallies === completed + 1 ? [] : [`${store.tallies} tallies for ${completed} + 1`]),
    ...(failed === unlucky ? [] : [`${failed} failed, and ${unlucky} had reason to`]),
  ]
  const ours = (completed / (sessions - unlucky)) * 100
  const row = plainRow({
    id: 'D5',
    what: `% of the sessions whose hooks are well, of ${sessions.toLocaleString('en')} of which one in ten has one that is not`,
    ours,
    goal: '100 %, no uncaught error',
    met: faults.length === 0,
    note: `${unlucky} were to fail and did`,
  })
  return faults.length === 0 ? row : { ...row, problem: faults.join('; ') }
}
