import { readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { openMarkedStore } from '../../../src/store/transaction/open-marked-store.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

it('clears away the drafts of processes that died while the directory was made, and nothing else', async () => {
  const directory = openDataDirectory(await temporaryDirectory())
  const made = await openMarkedStore(directory)
  made.close()
  const whole = readdirSync(directory.path)
  const old = [
    'identity.key.0123456789abcdef.tmp',
    'taleus.db.new-17',
    'taleus.db.id.new-17',
    'taleus.db.old',
    'identity.key.tmp',
  ]
  for (const name of [...old, 'taleus.db.id.new-18']) {
    writeFileSync(join(directory.path, name), 'half', { mode: 0o600 })
  }
  const longAgo = new Date(Date.now() - 3_600_000)
  for (const name of [...whole, ...old]) utimesSync(join(directory.path, name), longAgo, longAgo)
  const again = await openMarkedStore(directory)
  again.close()
  const young = ['taleus.db.id.new-18']
  expect(readdirSync(directory.path).sort()).toEqual(
    [...whole, 'taleus.db.old', 'identity.key.tmp', ...young].sort(),
  )
})
