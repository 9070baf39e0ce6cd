import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { dataDirectory, taleusJson } from '../support/cli.ts'

/** Words of a command line that runs what follows where `from` is mounted at `at`, to be read only. */
function mounted(from: string, at: string): readonly string[] {
  const mount = 'mount --bind "$0" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
  return ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', mount, from, at]
}

const canMount = (() => {
  const at = mkdtempSync(join(tmpdir(), 'taleus-mount-'))
  try {
    const [command = '', ...words] = mounted(at, at)
    return spawnSync(command, [...words, 'true']).status === 0
  } finally {
    rmSync(at, { recursive: true, force: true })
  }
})()

test.skipIf(!canMount)(
  'a data directory on a read-only mount is read, and what can’t be written is called so',
  async () => {
    const [alice, at] = [await dataDirectory(), mkdtempSync(join(tmpdir(), 'taleus-mount-'))]
    onTestFinished(() => rmSync(at, { recursive: true, force: true }))
    const { json } = await taleusJson(alice, [
      'token',
      'create',
      '--announce',
      '/ip4/192.0.2.1/tcp/1',
    ])
    const through = mounted(alice, at)
    expect(await taleusJson(at, ['audit', 'verify'], { through })).toMatchObject({ code: 0 })
    expect(await taleusJson(at, ['token', 'list'], { through })).toMatchObject({
      code: 0,
      json: { tokens: [{ id: json['id'] }] },
    })
    expect(await taleusJson(at, ['token', 'create'], { through })).toMatchObject({
      code: 10,
      json: { error: { code: 'disk_read_only' } },
    })
  },
)
