import { expect, test } from 'vitest'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'

const SEAT = '/dns4/seat-of-alice.example/tcp/4710'

test('nodes that both nominate stand in the draft, and a partner is sought at them', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const [inviting, seat] = [await listener(alice), await listener(bob)]
  const [own = ''] = seat.addresses
  const set = await taleusJson(alice, ['identity', 'set', 'name=Alice', '--cadre', SEAT])
  expect(set.json).toMatchObject({ identity: { name: 'Alice' }, cadre: [SEAT] })
  const named = await taleus(bob, ['identity', 'set', '--cadre', `${own}/p2p/${seat.peerId}`])
  expect(named.stdout).toContain(`cadre    ${own}\n`)
  for (const role of ['stock', 'foil']) {
    const { json: token } = await taleusJson(alice, ['token', 'create', '--role', role])
    const link = String(token['link'])
    const looked = await taleusJson(bob, ['bootstrap', link, '--dry-run'])
    expect(looked.json).toMatchObject({ wouldDisclose: {}, wouldDiscloseCadre: [own] })
    const { json } = await taleusJson(bob, ['bootstrap', link, '--yes'])
    const id = String(json['tallyId'])
    expect((await taleusJson(alice, ['tally', 'show', id])).json).toMatchObject({
      cadre: { own: [SEAT], partner: [own] },
    })
    expect((await taleusJson(bob, ['tally', 'show', id])).json).toMatchObject({
      cadre: { own: [own], partner: [SEAT] },
    })
  }
  expect(await inviting.stop()).toBe(0)
  // Alice was never told by Bob’s machine where it is: only the drafts say so.
  expect(await taleusJson(alice, ['tally', 'sync'])).toMatchObject({
    code: 0,
    json: { tallies: [{ state: 'in_sync' }, { state: 'in_sync' }] },
  })
  expect(await seat.stop()).toBe(0)
})
