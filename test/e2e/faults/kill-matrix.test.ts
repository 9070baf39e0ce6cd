import { copyFileSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { check } from '../../faults/kill/checks/check.ts'
import { Children } from '../../faults/kill/children.ts'
import {
  KINDS,
  type Kind,
  planOf,
  pointsOf,
  type RoundPlan,
  wordAt,
} from '../../faults/kill/plan.ts'
import { runRounds } from '../../faults/kill/run-rounds.ts'
import { clear, type Scene, setScene } from '../../faults/kill/scene.ts'

/** A sample of test/long/kill-matrix.test.ts, another one each time. */
const seed = Number(process.env['KILL_SEED'] ?? Math.floor(Math.random() * 1e6))

/** Points at the same distance from each other, from one that the seed chooses. */
function sample(kind: Kind, count: number): readonly RoundPlan[] {
  const points = pointsOf(kind)
  const step = points.length / count
  return Array.from({ length: count }, (_, index) => {
    const at = Math.floor(seed + index * step) % points.length
    return planOf(kind, points[at] ?? '', index, seed)
  })
}

describe(`kill -9, seed ${seed}`, () => {
  test.each(['inviter', 'invitee'] as const)(
    'of the %s loses and doubles nothing',
    async (kind) => {
      const { failures } = await runRounds(sample(kind, 2))
      expect(failures).toEqual([])
    },
  )

  test('over the inviter’s yes or no leaves one request, one word, and what follows from it', async () => {
    const kinds = KINDS.filter((kind) => wordAt(kind) !== undefined)
    const chosen = [0, 2, 4].map((step) => kinds[(seed + step) % kinds.length] ?? 'inviter decides')
    const { failures } = await runRounds(chosen.flatMap((kind) => sample(kind, 1)))
    expect(failures).toEqual([])
  })

  test('in two of the other ways (both, the inviter twice, at any time) loses and doubles nothing', async () => {
    const kinds = ['both', 'inviter twice', 'given up', 'bootstrap', 'listen'] as const
    const chosen = [0, 2].map((step) => kinds[(seed + step) % kinds.length] ?? 'both')
    const { failures } = await runRounds(chosen.flatMap((kind) => sample(kind, 1)))
    expect(failures).toEqual([])
  })
})

/** A tally that nobody was killed over, and everybody gone. */
async function quietScene(): Promise<{ readonly scene: Scene; readonly tallyId: string }> {
  const scene = await setScene({ role: 'foil', identity: false })
  const children = new Children()
  onTestFinished(async () => {
    await children.killAll()
    await clear(scene)
  })
  const listener = await children.listen(scene.alice, scene.address)
  const { stdout } = await children.bootstrap(scene.bob, scene.link, []).end()
  listener.kill('SIGTERM')
  await listener.end()
  return { scene, tallyId: String(JSON.parse(stdout).tallyId) }
}

test('what the matrix looks for is found when it is there', async () => {
  const { scene, tallyId } = await quietScene()
  expect(await check(scene, [tallyId])).toEqual([])
  expect(await check(scene, ['another'])).toHaveLength(1)
  const broken: readonly (readonly [party: string, damage: string, promise: string])[] = [
    [scene.alice, "UPDATE redemptions SET delivery = 'offered'", 'I2'],
    [scene.bob, "UPDATE tallies SET status = 'held'", 'I4'],
    [scene.bob, "UPDATE tallies SET draft_sha256 = 'x'", 'I4'],
    [scene.alice, "UPDATE sessions SET reason = 'hook_failed'", 'I7'],
    [scene.alice, 'DELETE FROM journal WHERE seq = 2', 'I7'],
    [scene.bob, 'UPDATE audit SET hash = zeroblob(32) WHERE seq = 3', 'I7'],
    [scene.bob, "UPDATE attempts SET status = 'running'", 'I2'],
    [scene.alice, "INSERT INTO tally_chunks (tally_id, chunk) VALUES ('x', x'00')", 'I3'],
    [
      scene.bob,
      `INSERT INTO removals
        (tally_id, redemption_id, fence, session_id, peer_id, reason, since, tries, next_at)
        SELECT tally_id, 'r', 0, 's', 'p', 'x', 0, 0, 0 FROM tallies`,
      'I3',
    ],
    [scene.bob, 'DELETE FROM tallies', 'I2'],
  ]
  for (const [party, damage, promise] of broken) {
    const mend = damaged(join(party, 'taleus.db'), damage)
    const complaints = await check(scene, [tallyId])
    expect(complaints.join(), damage).toContain(`${promise}: `)
    mend()
  }
  expect(await check(scene, [tallyId])).toEqual([])
})

/** Returns what puts it right again. */
function damaged(path: string, damage: string): () => void {
  // Beside the directory: what is left in it is complained of.
  const copy = `${dirname(path)}-whole.db`
  copyFileSync(path, copy)
  const database = new DatabaseSync(path)
  database.exec(damage)
  database.close()
  return () => renameSync(copy, path)
}
