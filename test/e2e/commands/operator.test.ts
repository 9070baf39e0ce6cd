import { expect, test } from 'vitest'
import { selectAll } from '../../../src/store/query/query.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'
import { onStore } from '../support/open-store.ts'

interface Given {
  readonly command: string
  readonly user: string
  readonly uid: number
  readonly reason?: string
}

async function operatorRecords(directory: string): Promise<readonly Given[]> {
  const sql = 'SELECT record FROM audit ORDER BY seq'
  const rows = await onStore(directory, (store) => store.query(() => selectAll(sql)))
  return rows
    .map(({ record }) => JSON.parse(String(record)))
    .flatMap(({ type, data }) => (type === 'operator' ? [data] : []))
}

const PEER = '12D3KooWPsyE9JPuFPQND21mGkyrWUmU7DbyAnPzUPsPzqY1PdzR'

test('every command that changes something leaves who gave it and why', async () => {
  const directory = await dataDirectory()
  const address = ['--announce', '/ip4/192.0.2.7/tcp/4710']
  const give = async (...words: string[]) => {
    const { code, json } = await taleusJson(directory, [...words, '--reason', `why ${words[0]}`])
    expect({ words, code }).toEqual({ words, code: 0 })
    return json
  }
  const { id } = await give('token', 'create', ...address)
  const { id: second } = await give('token', 'reissue', String(id), ...address)
  await give('token', 'pause', String(second))
  await give('token', 'resume', String(second))
  await give('token', 'revoke', String(second))
  await give('peer', 'deny', PEER)
  await give('peer', 'allow', PEER)
  await give('identity', 'set', 'name=Alice', 'email=alice@example.org')
  await give('config', 'set', 'step-timeout', '7s')
  await give('recover')
  const records = await operatorRecords(directory)
  expect(records.map(({ command, reason }) => [command, reason])).toEqual([
    ['token create', 'why token'],
    ['token reissue', 'why token'],
    ['token pause', 'why token'],
    ['token resume', 'why token'],
    ['token revoke', 'why token'],
    ['peer deny', 'why peer'],
    ['peer allow', 'why peer'],
    ['identity set', 'why identity'],
    ['config', 'why config'],
    ['recover', 'why recover'],
  ])
  for (const { user, uid } of records) {
    expect(user).not.toBe('')
    expect(uid).toBe(process.getuid?.() ?? -1)
  }
})

test('what is disclosed about a person is not in the audit', async () => {
  const directory = await dataDirectory()
  await taleus(directory, ['identity', 'set', 'name=Alice Example', 'email=alice@example.org'])
  const [record] = await operatorRecords(directory)
  expect(record).toMatchObject({ command: 'identity set', fields: ['name', 'email'] })
  expect(JSON.stringify(record)).not.toContain('Example')
})

test('so do the invitee’s yes and no, and who stops a listener', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice)
  const [yes, no] = [
    await taleusJson(alice, ['token', 'create']),
    await taleusJson(alice, ['token', 'create']),
  ]
  const looked = ['bootstrap', String(yes.json['link']), '--dry-run']
  expect((await taleus(bob, looked)).code).toBe(0)
  expect(await operatorRecords(bob)).toEqual([])
  expect((await taleus(bob, ['bootstrap', String(yes.json['link']), '--yes'])).code).toBe(0)
  const decline = ['bootstrap', String(no.json['link']), '--decline', '--reason', 'Grudge42']
  expect((await taleus(bob, decline)).code).toBe(0)
  expect((await taleus(alice, ['drain', '--reason', 'new disk'])).code).toBe(0)
  expect(await listening.exited).toBe(0)
  const uid = process.getuid?.() ?? -1
  expect(await operatorRecords(bob)).toMatchObject([
    { command: 'bootstrap', uid },
    { command: 'bootstrap --decline', uid },
  ])
  expect((await operatorRecords(alice)).at(-1)).toMatchObject({
    command: 'drain',
    reason: 'new disk',
    uid,
  })
  for (const directory of [alice, bob]) {
    const { stdout } = await taleus(directory, ['audit', 'export', '--format', 'json'])
    expect(stdout).toContain('"tokenId"')
    expect(stdout).not.toContain('Grudge42')
  }
})
