import { describe, expect, it, vi } from 'vitest'
import type { LinkContent } from '../../../src/protocol/link/link-content.ts'
import { secretHashOf, tokenIdOf } from '../../../src/protocol/link/secret.ts'
import type { BootstrapOutcome } from '../../../src/session/dialer/outcome.ts'
import type { RedeemRequest } from '../../../src/session/dialer/redeem-request.ts'
import { NOTHING_LEFT, settle, World } from '../../support/session/world.ts'
import type { FaultyHooks, MakeFaultyHooks } from './faulty-hooks.ts'

/** The hooks that a session waits for, and the inviter's role in which they are asked. */
const WAITED_FOR = [
  ['token.validate', 'stock'],
  ['identity.validate', 'stock'],
  ['database.provision', 'stock'],
  ['database.verify', 'foil'],
] as const

/** Those that nobody waits for, and how they fail: an event has no deadline. */
const ASIDE = [
  ...(['slow', 'late', 'throwing', 'rubbish', 'dies'] as const).map(
    (how) => ['token.markUsed', how] as const,
  ),
  ...(['slow', 'throwing', 'rubbish', 'dies'] as const).map(
    (how) => ['audit.logSession', how] as const,
  ),
]

/** Longer than any deadline there is. */
const ALL_DEADLINES_MS = 45_000

/** How much of it passes at once: no two deadlines of a session are as near to each other. */
const STEP_MS = 2_500

/**
 * Tries a session one of whose hooks fails, whatever kind of hooks it is: only that session suffers, nothing is left over,
 * and the same link leads to one tally once the hook is well again.
 */
export function describeHookFaults(kind: string, make: MakeFaultyHooks): void {
  describe(`${kind} hooks`, () => {
    describe.each(WAITED_FOR)('%s', (hook, role) => {
      it('that is slow is waited for', async () => {
        const trial = await Trial.begin(make, role)
        trial.hooks.fail(hook, 'slow')
        expect(await trial.redeem()).toMatchObject({ completed: true })
        await trial.expectOneTally()
      })

      it('that does not answer in time is cancelled, and its session is over', async () => {
        const trial = await Trial.begin(make, role)
        trial.hooks.fail(hook, 'late')
        const outcome = trial.redeem()
        await vi.waitFor(() => expect(trial.hooks.met).toBeGreaterThan(0), PATIENCE)
        await trial.world.pass(ALL_DEADLINES_MS, STEP_MS)
        expect(await outcome).toMatchObject({ completed: false })
        await trial.expectRecovery()
      })

      it.each(['throwing', 'rubbish'] as const)(
        'that is %s fails its session alone',
        async (how) => {
          const trial = await Trial.begin(make, role)
          trial.hooks.fail(hook, how)
          expect(await trial.redeem()).toMatchObject({ completed: false })
          expect(trial.world.alice.complaints.join()).toContain(hook)
          await trial.expectRecovery()
        },
      )

      it('is cancelled when the invitee goes away', async () => {
        const trial = await Trial.begin(make, role)
        trial.hooks.fail(hook, 'late')
        const leaving = new AbortController()
        const outcome = trial.redeem({ signal: leaving.signal })
        await vi.waitFor(() => expect(trial.hooks.met).toBeGreaterThan(0), PATIENCE)
        leaving.abort()
        expect(await outcome).toMatchObject({ completed: false })
        await trial.expectRecovery()
      })

      it('that died with its work done finds it again', async () => {
        const trial = await Trial.begin(make, role)
        trial.hooks.fail(hook, 'dies')
        expect(await trial.redeem()).toMatchObject({ completed: false })
        await trial.expectRecovery()
      })
    })

    it.each(ASIDE)('%s that is, or has, %s holds nobody up', async (hook, how) => {
      const trial = await Trial.begin(make, 'stock')
      trial.hooks.fail(hook, how)
      expect(await trial.redeem()).toMatchObject({ completed: true })
      await vi.waitFor(() => expect(trial.hooks.met).toBeGreaterThan(0), PATIENCE)
      trial.hooks.mend()
      await trial.world.pass(ALL_DEADLINES_MS, STEP_MS)
      await trial.expectOneTally()
    })

    it('a use is told in the end, however often that fails first', async () => {
      const trial = await Trial.begin(make, 'stock')
      if (trial.hooks.wasTold === undefined) return
      const { manager } = trial.world.alice
      manager.start()
      trial.hooks.fail('token.markUsed', 'throwing')
      await trial.redeem()
      await vi.waitFor(async () => {
        await trial.world.pass(ALL_DEADLINES_MS, STEP_MS)
        expect(trial.hooks.met).toBeGreaterThan(1)
      }, PATIENCE)
      trial.hooks.mend()
      await vi.waitFor(async () => {
        await trial.world.pass(ALL_DEADLINES_MS, STEP_MS)
        expect(trial.hooks.wasTold).toBe(true)
      }, PATIENCE)
      await manager.drain(0)
    })
  })
}

/** Bounds for a hang. */
const PATIENCE = { timeout: 20_000, interval: 10 }

/** One invitation, whose inviter has hooks that can be made to fail. */
class Trial {
  readonly hooks: FaultyHooks
  readonly world: World
  readonly #link: LinkContent

  static async begin(make: MakeFaultyHooks, role: 'stock' | 'foil'): Promise<Trial> {
    const hooks = await make()
    let now: (() => number) | undefined
    const over = { hooks: (own: World['alice']['own']) => hooks.over(own, () => now?.() ?? 0) }
    const world = new World({
      inviter: over,
      invitee: { hooks: (own) => ({ ...own, database: hooks.partner ?? own.database }) },
    })
    now = () => world.clock.now()
    const link = world.invite({ initiatorRole: role, identityRequirements: ['name'] })
    await hooks.hold?.({
      tokenId: tokenIdOf(link.secret),
      secretHash: secretHashOf(link.secret),
      info: {
        initiatorRole: role,
        expiryUtc: new Date(link.expiresAt * 1_000).toISOString(),
        identityRequirements: ['name'],
        usesAllowed: 1,
      },
    })
    return new Trial(hooks, world, link)
  }

  private constructor(hooks: FaultyHooks, world: World, link: LinkContent) {
    this.hooks = hooks
    this.world = world
    this.#link = link
  }

  redeem(more: Partial<RedeemRequest> = {}): Promise<BootstrapOutcome> {
    return this.world.redeem(this.#link, { identity: { name: 'Bob' }, ...more })
  }

  /** Mends the hook: nothing is left of the session that suffered, and the same link leads to a tally. */
  async expectRecovery(): Promise<void> {
    const { hooks, world } = this
    expect(await world.alice.tallies).toEqual([])
    await vi.waitFor(() => expect(hooks.isQuiet).toBe(true), PATIENCE)
    hooks.mend()
    await vi.waitFor(async () => {
      await world.pass(1_000)
      expect(world.leftovers).toEqual(NOTHING_LEFT)
    }, PATIENCE)
    expect(world.alice.storeFailures).toEqual([])
    expect(await this.redeem()).toMatchObject({ completed: true })
    await this.expectOneTally()
  }

  async expectOneTally(): Promise<void> {
    const { hooks, world } = this
    await vi.waitFor(() => expect(hooks.isQuiet).toBe(true), PATIENCE)
    await vi.waitFor(async () => {
      await settle()
      expect(world.leftovers).toMatchObject({ sessions: 0, openStreams: 0 })
    }, PATIENCE)
    const [tally, ...others] = await world.alice.tallies
    expect(others).toEqual([])
    expect((await world.bob.tallies).map(({ tallyId }) => tallyId)).toEqual([tally?.tallyId])
  }
}
