import { expect, test } from 'vitest'
import { setIdentity, showIdentity } from '../../../src/cli/config/identity.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const SEAT = '/dns4/seat.example/tcp/4710'
const SILENT = { answer: () => {}, note: () => {}, warn: () => {}, newParty: () => {} }

async function party() {
  const directory = await temporaryDirectory()
  const locations = { dataDirectory: directory, settingsDirectory: directory }
  return {
    set: async (cadre: readonly string[] | undefined, ...fields: string[]) =>
      await setIdentity(locations, { fields, cadre }, SILENT),
    show: async () => await showIdentity(locations, SILENT),
  }
}

test('a cadre is kept in its canonical spelling, each address once, without this party’s own id', async () => {
  const { set, show } = await party()
  const { peerId } = await show()
  const set1 = await set([`${SEAT}/p2p/${peerId}`, '/dns4/SEAT.example/tcp/4710'], 'name=Alice')
  expect(set1).toEqual({ peerId, identity: { name: 'Alice' }, cadre: [SEAT] })
  expect(await set(undefined, 'name=')).toMatchObject({ identity: {}, cadre: [SEAT] })
  expect(await show()).toMatchObject({ cadre: [SEAT] })
  expect(await set([])).toMatchObject({ cadre: [] })
})

test.each([
  ['of somebody else', [`${SEAT}/p2p/12D3KooWPsyE9JPuFPQND21mGkyrWUmU7DbyAnPzUPsPzqY1PdzR`]],
  ['that nobody can dial', ['/ip4/0.0.0.0/tcp/4710']],
  ['too long for a message', [`/dns4/${'a.'.repeat(125)}example/tcp/4710`]],
  ['too many', Array.from({ length: 17 }, (_, at) => `/ip4/192.0.2.${at}/tcp/1`)],
  ['none, and no field either', undefined],
])('addresses are refused that are %s, and nothing is changed', async (_, cadre) => {
  const { set, show } = await party()
  await set([SEAT], 'name=Alice')
  await expect(set(cadre, ...(cadre === undefined ? [] : ['name=Bob']))).rejects.toThrow()
  expect(await show()).toMatchObject({ identity: { name: 'Alice' }, cadre: [SEAT] })
})
