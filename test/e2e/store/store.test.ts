import { existsSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'
import { serverPlace } from '../support/store-on-server.ts'

const ANNOUNCE = ['--announce', '/ip4/192.0.2.7/tcp/4710']

const noFile = (directory: string) => !existsSync(join(directory, 'taleus.db'))

describe.skipIf(!canRunPostgres())('a party’s store', () => {
  /** Has the password found by the setting. */
  async function directoryWithServer() {
    const directory = await dataDirectory()
    const { url, passwordFile } = await serverPlace(directory)
    const set = ['config', 'set', 'store-password-file', passwordFile]
    expect((await taleus(directory, set)).code).toBe(0)
    return { directory, url }
  }

  test('is on the server that --store names, and no other command makes a file instead', async () => {
    const { directory, url } = await directoryWithServer()
    const made = await taleusJson(directory, ['token', 'create', ...ANNOUNCE, '--store', url])
    expect(made).toMatchObject({ code: 0 })
    expect(noFile(directory)).toBe(true)
    const forgotten = await taleusJson(directory, ['token', 'list'])
    expect(forgotten).toMatchObject({ code: 10, json: { error: { code: 'store_elsewhere' } } })
    expect(noFile(directory)).toBe(true)
    const { json } = await taleusJson(directory, ['token', 'list', '--store', url])
    expect(json['tokens']).toMatchObject([{ id: made.json['id'] }])
    expect((await taleus(directory, ['config', 'set', 'store', url])).code).toBe(0)
    expect((await taleusJson(directory, ['token', 'list'])).json).toEqual(json)
    expect((await taleus(directory, ['audit', 'verify'])).code).toBe(0)
  })

  test('is reached with no password on the command line or in a setting', async () => {
    const { directory, url } = await directoryWithServer()
    const secret = url.replace('admin@', 'admin:secret@')
    for (const args of [
      ['token', 'list', '--store', secret],
      ['config', 'set', 'store', secret],
    ]) {
      const { code, json } = await taleusJson(directory, args)
      expect(code).toBe(2)
      expect(JSON.stringify(json)).toContain('store-password-file')
      expect(JSON.stringify(json)).not.toContain('secret@')
    }
  })

  test('that can’t be reached or opened says so, each with its next step', async () => {
    const { directory, url } = await directoryWithServer()
    const ask = (store: string, env = {}) =>
      taleusJson(directory, ['identity', 'show', '--store', store], { env })
    const away = await ask(url.replace(/:\d+\//, ':1/'))
    expect(away).toMatchObject({ code: 10, json: { error: { code: 'store_unreachable' } } })
    const none = await ask(url.replace('/tallies', '/nothing'))
    expect(none).toMatchObject({ code: 10, json: { error: { code: 'store_setup' } } })
    expect(JSON.stringify(none.json)).toContain('create it first')
    const wrong = join(directory, 'wrong')
    await writeFile(wrong, 'another word', { mode: 0o600 })
    const refused = await ask(url, { TALEUS_STORE_PASSWORD_FILE: wrong })
    expect(refused).toMatchObject({ code: 10, json: { error: { code: 'store_setup' } } })
    await chmod(wrong, 0o644)
    const open = await ask(url, { TALEUS_STORE_PASSWORD_FILE: wrong })
    expect(open).toMatchObject({ code: 10, json: { error: { code: 'data_directory' } } })
    expect((await ask(url)).code).toBe(0)
  })

  test('of one party is not opened by another', async () => {
    const { directory, url } = await directoryWithServer()
    expect((await taleus(directory, ['token', 'create', ...ANNOUNCE, '--store', url])).code).toBe(0)
    const other = await dataDirectory()
    const env = { TALEUS_STORE_PASSWORD_FILE: join(directory, 'store.password') }
    const opened = await taleusJson(other, ['identity', 'show', '--store', url], { env })
    expect(opened).toMatchObject({ code: 10, json: { error: { code: 'store_owner' } } })
  })

  test('is carried over to a server and back, with all that was made, while nobody listens', async () => {
    const { directory, url } = await directoryWithServer()
    const bob = await dataDirectory()
    const first = await listener(directory)
    const link = String((await taleusJson(directory, ['token', 'create'])).json['link'])
    const { json: tally } = await taleusJson(bob, ['bootstrap', link, '--yes'])
    const over = ['store', 'migrate', '--from', 'sqlite', '--to', url]
    const running = await taleusJson(directory, over)
    expect(running).toMatchObject({ code: 10, json: { error: { code: 'listener_running' } } })
    expect(await first.stop()).toBe(0)
    const receipt = async () =>
      (await taleus(directory, ['tally', 'receipt', String(tally['tallyId'])])).stdout
    const before = await receipt()
    const { code, json } = await taleusJson(directory, [...over, '--reason', 'a second shop'])
    expect({ code, json }).toMatchObject({ code: 0, json: { rows: { tallies: 1, tokens: 1 } } })
    expect(await receipt()).toBe(before)
    // The invitee comes back to what it has.
    const again = await listener(directory, ['--listen', first.addresses[0] ?? ''])
    const { json: second } = await taleusJson(directory, ['token', 'create'])
    const another = await taleusJson(bob, ['bootstrap', String(second['link']), '--yes'])
    expect(another).toMatchObject({ code: 0 })
    expect(await again.stop()).toBe(0)
    const back = ['store', 'migrate', '--from', url, '--to', 'sqlite']
    expect(await taleusJson(directory, back)).toMatchObject({
      code: 0,
      json: { rows: { tallies: 2 } },
    })
    expect((await taleusJson(directory, ['config', 'get', 'store'])).json['value']).toBe('sqlite')
    expect(await receipt()).toBe(before)
    expect((await taleus(directory, ['audit', 'verify'])).code).toBe(0)
    const { json: trail } = await taleusJson(directory, ['audit', 'query', '--type', 'operator'])
    expect(JSON.stringify(trail)).toContain('a second shop')
  })
})
