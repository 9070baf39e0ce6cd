import { chmodSync, copyFileSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { tallyIdOf } from '../../src/protocol/draft/tally-id.ts'
import type { LinkContent } from '../../src/protocol/link/link-content.ts'
import { tokenIdOf } from '../../src/protocol/link/secret.ts'
import { recoverSessions } from '../../src/session/recovery/recover-sessions.ts'
import { MIGRATIONS } from '../../src/store/file/migrations.ts'
import { redemptionRecords } from '../../src/store/records/redemption-records.ts'
import { removalRecords } from '../../src/store/records/removal-records.ts'
import { sessionRecords } from '../../src/store/records/session-records.ts'
import { tallyRecords } from '../../src/store/records/tally-records.ts'
import { tokenRecords } from '../../src/store/records/token-records.ts'
import { openStore, type Store } from '../../src/store/transaction/store.ts'
import { verifyRows } from '../support/audit/verify-rows.ts'
import { temporaryDirectory } from '../support/cli/temporary-directory.ts'
import { replayProblem } from '../support/replay-problem.ts'
import { decide } from '../support/session/by-hand.ts'
import { World } from '../support/session/world.ts'
import { readNow } from '../support/store/read-now.ts'
import { wholeTrail } from '../support/whole-trail.ts'
import { BOB, leftIn, SCENES, wishOf } from './scenes.ts'

/** The first version whose sessions tell all that their journals do. */
const TELLS_ALL = 4

/** The first version whose nodes sign receipts. */
const SIGNS = 10

/** The processes are gone for so long that nobody believes in their leases, and reservations still stand. */
const SOON_MS = 40_000

/** Past every deadline. */
const LATE_MS = 2 * 3_600_000

const VERSIONS = readdirSync(import.meta.dirname)
  .filter((name) => existsSync(join(import.meta.dirname, name, 'inviter.db')))
  .map((name) => Number(name.slice(1)))
  .toSorted((one, other) => one - other)

async function openCopy(version: number, name: string): Promise<Store> {
  const path = join(await temporaryDirectory(), 'taleus.db')
  copyFileSync(join(import.meta.dirname, `v${version}`, `${name}.db`), path)
  // Version control does not keep modes.
  chmodSync(path, 0o600)
  return openStore(path)
}

it('there is a pair of stores for the newest schema', () => {
  expect(VERSIONS).toContain(3)
  const how =
    'the schema has a new version: node test/replay/make-stores.ts, and commit what it wrote'
  expect(VERSIONS.at(-1), how).toBe(MIGRATIONS.length)
})

describe.each(VERSIONS)('two stores of version %i, left by processes that died', (version) => {
  const scenes = SCENES.filter(({ since = 0 }) => since <= version)
  let inviter: Store
  let invitee: Store
  let world: World
  let links: readonly LinkContent[]

  beforeEach(async () => {
    inviter = await openCopy(version, 'inviter')
    invitee = await openCopy(version, 'invitee')
    const signs = version >= SIGNS
    world = new World({
      inviter: { store: () => inviter, signs },
      invitee: { store: () => invitee, signs },
    })
    links = scenes.map((scene) => world.invite(wishOf(scene)))
    return () => {
      inviter.close()
      invitee.close()
    }
  })

  async function recover(): Promise<void> {
    const { clock } = world
    const listeners = await recoverSessions({ store: inviter, clock }, 'listener')
    const dialers = await recoverSessions({ store: invitee, clock }, 'dialer')
    const closed = [...listeners, ...dialers]
    expect(closed.length).toBeGreaterThan(8)
    expect(closed.filter(({ journalBroken }) => journalBroken)).toEqual([])
  }

  function expectSound(): void {
    for (const store of [inviter, invitee]) {
      expect(verifyRows(store.repositories.audit.rows())).toMatchObject({ ok: true })
      const sessions = readNow(store, () => sessionRecords.list({ limit: 100 }))
      expect(sessions.filter(({ endedAt }) => endedAt === undefined)).toEqual([])
      if (version < TELLS_ALL) continue
      expect(sessions.flatMap((each) => replayProblem(store, each) ?? [])).toEqual([])
    }
  }

  it('has tallies that fit together, and with the audit', async () => {
    expect(await wholeTrail(inviter)).toBeUndefined()
    expect(await wholeTrail(invitee)).toBeUndefined()
  })

  it('open, and are of the newest version then', () => {
    for (const side of ['inviter', 'invitee'] as const) {
      const store = side === 'inviter' ? inviter : invitee
      const sessions = readNow(store, () => sessionRecords.list({ limit: 100 }))
      expect(sessions.map(({ state }) => state).toReversed()).toEqual(
        scenes.map((scene) => leftIn(scene, side, version)),
      )
      expect(verifyRows(store.repositories.audit.rows())).toMatchObject({ ok: true })
    }
  })

  it('the same link leads to the same tally, from wherever it was left', async () => {
    world.clock.advance(SOON_MS)
    await recover()
    for (const [index, scene] of scenes.entries()) {
      const link = links[index]
      if (link === undefined) throw new Error('a scene without a link')
      const parties = { inviter: world.alice.peerId, invitee: world.bob.peerId }
      const tallyId = tallyIdOf({ tokenId: tokenIdOf(link.secret), use: 1, ...parties })
      if (scene.isByHand === true) {
        expect(await world.redeemed(link, BOB), scene.name).toMatchObject({ reason: 'pending' })
        const asked = inviter.repositories.requests.ofPeer(tokenIdOf(link.secret), parties.invitee)
        for (const { id } of asked) await decide(world.alice, id, 'yes')
      }
      const outcome = await world.redeemed(link, BOB)
      expect(outcome, scene.name).toMatchObject({ completed: true, tallyId })
    }
    const drafts = [inviter, invitee].map((store) =>
      readNow(store, () => tallyRecords.list(100))
        .map(({ status, built: { tally, draft } }) => [tally.tallyId, status, draft.sha256].join())
        .toSorted(),
    )
    expect(drafts[0]).toEqual(drafts[1])
    expect(drafts[0]?.filter((each) => each.includes(',confirmed,'))).toHaveLength(scenes.length)
    const uses = (await inviter.query(() => tokenRecords.list())).map(({ used, reserved }) => [
      used,
      reserved,
    ])
    expect(uses).toEqual(scenes.map(() => [1, 0]))
    expectSound()
  })

  it('if nobody comes back, what was promised stands and the rest is given back', async () => {
    world.clock.advance(LATE_MS)
    await recover()
    world.alice.manager.start()
    world.bob.manager.start()
    const left = () => ({
      uses: readNow(inviter, () => redemptionRecords.unfinished(100)).map(({ state }) => state),
      owed: [inviter, invitee].flatMap((store) => readNow(store, () => removalRecords.list(100))),
    })
    // The disks are real, and take a time of their own.
    await expect.poll(left, { timeout: 10_000 }).toEqual({
      uses: ['committed', 'committed'],
      owed: [],
    })
    await world.alice.manager.drain(0)
    await world.bob.manager.drain(0)
    expectSound()
  })
})
