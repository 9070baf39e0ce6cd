import { expect, test } from 'vitest'
import { ledgerOf, patientListener } from '../../faults/crowd.ts'
import { replayed } from '../../faults/replayed.ts'
import { RawPeer } from '../../faults/wire/raw-peer.ts'
import { dataDirectory, taleusJson } from '../support/cli.ts'

const AT_ONCE = 50

test(`the same request ${AT_ONCE} times at once gives one tally, and always the same bytes`, async () => {
  for (const role of ['stock', 'foil'] as const) {
    const alice = await dataDirectory()
    const listening = await patientListener(alice)
    const { json } = await taleusJson(alice, ['token', 'create', '--role', role])
    const bob = await RawPeer.start()
    const contact = bob.contact(String(json['link']), 'bootstrap-1')
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () => bob.insist(listening, contact)),
    )
    const first = answers[0]
    expect(first).toBeDefined()
    for (const answer of answers) expect(answer).toEqual(first)
    // Foil: approved, and nothing built yet.
    expect(await ledgerOf(alice)).toEqual({ tallies: role === 'stock' ? 1 : 0, audit: 0 })
  }
})

test('a captured request, replayed by others, later and after a restart, makes no new tally', async () => {
  expect(await replayed(80)).toEqual({ stolen: [], own: [], tallies: 1, audit: 0 })
})
