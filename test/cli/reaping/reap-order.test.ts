import { describe, expect, test } from 'vitest'
import { openContext } from '../../../src/cli/context.ts'
import { reapLeftovers } from '../../../src/cli/reaping/reap-leftovers.ts'
import { parseOrder, reapsAll } from '../../../src/cli/reaping/reap-order.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const LOOK = { 'dry-run': false }

describe('everything', () => {
  test('is reaped only where it is named, and not looked at only', () => {
    expect(parseOrder({ ...LOOK, policy: ['All'] })).toMatchObject({
      policies: ['idle', 'expired', 'orphaned', 'offered'],
      dryRun: false,
    })
    expect(reapsAll({ ...LOOK, policy: ['idle', 'all'] })).toBe(true)
    expect(reapsAll({ ...LOOK, policy: ['idle'] })).toBe(false)
    expect(reapsAll(LOOK)).toBe(false)
    expect(reapsAll({ 'dry-run': true, policy: ['all'] })).toBe(false)
  })

  test('takes no offers that may be on their way, as if they were named', () => {
    const flags = { ...LOOK, policy: ['all'], 'older-than': '12h' }
    expect(() => parseOrder(flags)).toThrow('at least')
    expect(() => parseOrder({ ...LOOK, policy: ['every'] })).toThrow('or all')
  })

  test.each([
    ['no', true],
    ['yes', false],
  ])(
    'is shown before it is asked about; after a %s nothing else is done',
    async (answer, dryRun) => {
      const directory = await temporaryDirectory()
      const locations = { dataDirectory: directory, settingsDirectory: directory }
      const context = openContext(locations, () => {})
      await context.peerId()
      await context.close()
      const shown: boolean[] = []
      const document = await reapLeftovers(
        locations,
        { ...LOOK, policy: ['all'] },
        async (looked) => {
          shown.push(looked.dryRun)
          return answer === 'yes'
        },
      )
      expect({ shown, dryRun: document.dryRun }).toEqual({ shown: [true], dryRun })
    },
  )
})
