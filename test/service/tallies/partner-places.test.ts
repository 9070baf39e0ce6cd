import { expect, test } from 'vitest'
import { buildDraft } from '../../../src/protocol/draft/draft.ts'
import { learnPlaces, placesOf } from '../../../src/service/tallies/partner-places.ts'
import type { TallyRecord } from '../../../src/service/tallies/read-tally.ts'
import { cadresOf } from '../../../src/service/tallies/tally-cadres.ts'
import { partnerAddressRecords } from '../../../src/store/sync/partner-address-records.ts'
import { StoredParty, tallyOf } from '../../support/service/synced-parties.ts'
import { ALICE } from '../../support/tally/sync-pair.ts'

const BOB = '12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8'
const EVE = '12D3KooWPsyE9JPuFPQND21mGkyrWUmU7DbyAnPzUPsPzqY1PdzR'

/** Alice's tally with Bob, in whose half these nodes stand. */
function tallyWith(bobs: readonly string[], alices: readonly string[] = []): TallyRecord {
  const tally = tallyOf('t', { alice: 'alice', bob: BOB }, 'alice')
  const draft = buildDraft({
    tallyId: 't',
    createdAt: tally.createdAt,
    createdBy: 'stock',
    stock: { partyId: 'alice', identity: {}, cadre: alices },
    foil: { partyId: BOB, identity: {}, cadre: bobs },
    terms: null,
  })
  return { ...tally, built: { ...tally.built, draft } }
}

function hosts(count: number, net: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `/ip4/192.0.${net}.${at}/tcp/4710`)
}

test('a partner is sought at the nodes that it nominated, under its own id and no other', async () => {
  const { store } = new StoredParty(ALICE)
  const own = '/dns4/alice.example/tcp/1'
  const tally = tallyWith(
    [
      '/dns4/bob.example/tcp/1',
      `/ip4/192.0.2.9/tcp/1/p2p/${BOB}`,
      `/ip4/192.0.2.66/tcp/1/p2p/${EVE}`,
      '/dnsaddr/many.example/tcp/1',
      '/ip4/0.0.0.0/tcp/22',
      '/not an address',
    ],
    [own],
  )
  expect(await placesOf(store, BOB, [tally])).toEqual([
    '/dns4/bob.example/tcp/1',
    '/ip4/192.0.2.9/tcp/1',
  ])
  expect(cadresOf(tally).own).toEqual([own])
})

test('the latest word comes first; however much was told since, the nominated nodes have their places', async () => {
  const { store } = new StoredParty(ALICE)
  const nominated = hosts(16, 1)
  await learnPlaces(store, BOB, hosts(20, 2), 1)
  await learnPlaces(store, BOB, hosts(20, 3), 2)
  const places = await placesOf(store, BOB, [tallyWith(nominated)])
  expect(places).toHaveLength(32)
  expect(places[0]).toBe(hosts(1, 3)[0])
  expect(places.slice(16)).toEqual(nominated)
})

test('many tallies make a partner dialled at no more addresses than one does', async () => {
  const { store } = new StoredParty(ALICE)
  const tallies = Array.from({ length: 20 }, (_, at) => tallyWith(hosts(16, at)))
  expect(await placesOf(store, BOB, tallies)).toEqual(hosts(16, 0))
})

test('addresses that lead to no one host are not even kept', async () => {
  const { store } = new StoredParty(ALICE)
  const told = ['/dnsaddr/many.example/tcp/1', '/ip4/0.0.0.0/tcp/1', '/dns4/bob.example/tcp/1']
  await learnPlaces(store, BOB, told, 1)
  expect(await store.query(() => partnerAddressRecords.of(BOB))).toEqual([told[2]])
})

test('a draft that can not be read names nobody', () => {
  const tally = tallyWith(['/dns4/bob.example/tcp/1'])
  const draft = { ...tally.built.draft, text: '{}' }
  const damaged = { ...tally, built: { ...tally.built, draft } }
  expect(cadresOf(damaged)).toEqual({ own: [], partner: [] })
})
