import { expect, it } from 'vitest'
import { harmlessSource } from '../../../src/cli/dashboard/open-dashboard.ts'
import { stamped, T0 } from '../../dashboard/scenario.ts'

it('whatever a source gives the picture is harmless: events, notes, and what the store tells', async () => {
  const source = harmlessSource({
    take: () => stamped(T0, { type: 'problem', detail: 'one\u001b[2J\ntwo' }),
    now: () => T0,
    note: () => 'it breaks off: \u202e',
    details: async () => ({ identity: { 'na\u0007me': 'B\u001bob' }, transitions: [] }),
  })
  expect(source.take()).toMatchObject([{ detail: 'one\\x1b[2J\\ntwo' }])
  expect(source.note()).toBe('it breaks off: \\u202e')
  expect((await source.details?.('a'))?.identity).toEqual({ 'na\\x07me': 'B\\x1bob' })
})

it('a source without a store stays one', async () => {
  const source = harmlessSource({ take: () => [], now: () => T0, note: () => undefined })
  expect(source.note()).toBeUndefined()
  expect(await source.details?.('a')).toBeUndefined()
})
