import { afterAll, describe, expect, it } from 'vitest'
import { parseFilter } from '../../../src/cli/sessions/session-filter.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'

const NOW = Date.parse('2026-11-22T12:00:00Z')

const store = openMemoryStore()

afterAll(() => store.close())

describe('a filter of sessions', () => {
  it('asks for nothing that was not said', async () => {
    expect(await parseFilter({ limit: 50 }, NOW, store)).toEqual({ limit: 50 })
  })

  it.each([
    ['failed', 'FAILED'],
    ['FAILED', 'FAILED'],
    ['validating-token', 'VALIDATING_TOKEN'],
    ['Awaiting Receipt', 'AWAITING_RECEIPT'],
    ['timed out', 'TIMEOUT'],
  ])('takes the state %j', async (state, expected) => {
    expect((await parseFilter({ state, limit: 1 }, NOW, store)).state).toBe(expected)
  })

  it.each([
    ['2h', NOW - 7_200_000],
    ['2026-11-21', Date.parse('2026-11-21T00:00:00Z')],
    ['2026-11-21T08:00Z', Date.parse('2026-11-21T08:00:00Z')],
  ])('takes since %j', async (since, expected) => {
    expect((await parseFilter({ since, limit: 1 }, NOW, store)).since).toBe(expected)
  })

  it.each([{ state: 'lost' }, { side: 'left' }, { since: 'yesterday' }, { since: '2026-99-99' }])(
    'refuses %j',
    async (flags) => {
      await expect(parseFilter({ ...flags, limit: 1 }, NOW, store)).rejects.toThrow(
        expect.objectContaining({ code: 'usage' }),
      )
    },
  )
})
