import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { dataDirectory, listener, taleusJson } from '../support/cli.ts'

const PRELOAD = pathToFileURL(
  fileURLToPath(new URL('../support/standing-disk.mjs', import.meta.url)),
)

test('processes whose disk does not answer end in their time with exit code 10, and what was begun goes on later', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const flag = join(bob, 'stand')
  const env = { NODE_OPTIONS: `--import ${PRELOAD.href}`, STAND: flag }
  const listen = ['--listen', '/ip4/127.0.0.1/tcp/0', '--step-timeout', '1s']
  const standing = await listener(alice, listen, { env })
  const { json } = await taleusJson(alice, ['token', 'create'])
  const link = String(json['link'])
  writeFileSync(flag, '')
  const failed = await taleusJson(bob, ['bootstrap', link, '--yes', '--timeout', '3s'])
  expect(failed.code).not.toBe(0)
  await standing.line(({ type, detail }) => type === 'problem' && /disk has not/.test(`${detail}`))
  expect(await taleusJson(alice, ['status'])).toMatchObject({
    json: {
      health: { ready: false, problems: [{ code: 'store_stalled' }] },
      sessions: { live: 0 },
    },
  })
  expect(await standing.stop()).toBe(10)
  expect(standing.lines.find(({ type }) => type === 'stopped')).toMatchObject({
    inDoubt: [expect.any(String)],
  })
  expect(existsSync(flag)).toBe(true)
  rmSync(flag)
  const mended = await listener(alice, ['--listen', ...standing.addresses])
  const again = await taleusJson(bob, ['bootstrap', link, '--yes'])
  expect(again).toMatchObject({ code: 0, json: { status: 'confirmed' } })
  expect(await taleusJson(alice, ['audit', 'verify'])).toMatchObject({ code: 0 })
  expect(await mended.stop()).toBe(0)
})
