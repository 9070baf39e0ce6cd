import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { freshId, grantOf, requestOf, T0, tokenToIssue } from '../../../store/fixtures.ts'
import type { EngineUnderTest, OpenEngine } from '../engine.ts'
import { StoreDriver } from '../store-driver.ts'
import { UseModel } from './use-model.ts'
import { anySteps, anyUses, type UseStep, UseWalk } from './use-walk.ts'

/**
 * Takes steps with a token of their own, and holds each engine against the model.
 * @param engines on the same store, taking turns
 */
export async function walkUses(
  engines: readonly OpenEngine[],
  uses: number | null,
  steps: readonly UseStep[],
): Promise<void> {
  const model = new UseModel(uses)
  const [first] = engines
  if (first === undefined) throw new Error('no engine')
  const token = tokenToIssue(freshId('token'), uses)
  await first.addToken({ ...token, expiresAt: model.expiresAt })
  const walk = new UseWalk(model, token.id, engines.length > 1)
  for (const [index, each] of steps.entries()) {
    await walk.take(each, engines[index % engines.length] ?? first)
    for (const reader of engines) await walk.check(reader)
  }
  for (const reader of engines) await walk.checkBytes(reader)
}

export function describeAnyUses(engine: EngineUnderTest): void {
  describe('in any order of events', () => {
    const on = new StoreDriver(engine)

    it('no more uses are given out than there are', async () => {
      const property = fc.asyncProperty(anyUses, anySteps, (uses, steps) =>
        walkUses([on.engine], uses, steps),
      )
      await fc.assert(property, { numRuns: engine.isFar === true ? 8 : 100 })
    })

    it('nor are they if several tokens are used at once', async () => {
      const walks = fc.array(fc.tuple(anyUses, anySteps), { minLength: 2, maxLength: 6 })
      const property = fc.asyncProperty(walks, async (all) => {
        await Promise.all(all.map(([uses, steps]) => walkUses([on.engine], uses, steps)))
      })
      await fc.assert(property, { numRuns: engine.isFar === true ? 4 : 50 })
    })

    it('the model itself can say no', () => {
      const model = new UseModel(1)
      const request = requestOf(grantOf('any', 1), 'bob', { now: T0 })
      expect(model.expect(request)).toBe('reserved')
      model.revoked = true
      expect(model.expect(request)).toBe('revoked')
    })
  })
}
