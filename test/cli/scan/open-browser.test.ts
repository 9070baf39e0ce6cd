import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openBrowser } from '../../../src/cli/scan/open-browser.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const ADDRESS = 'http://127.0.0.1:4242/AAAAAAAAAAAAAAAAAAAAAA/'

test('an address is given to the program that shows it in the user’s browser', async () => {
  const folder = await temporaryDirectory()
  const shown = join(folder, 'shown')
  const program = `#!/bin/sh\nprintf %s "$1" > '${shown}.new' && mv '${shown}.new' '${shown}'\n`
  writeFileSync(join(folder, 'xdg-open'), program, { mode: 0o700 })
  const env = { PATH: `${folder}:/usr/bin:/bin`, DISPLAY: ':0' }
  expect(await openBrowser(ADDRESS, { platform: 'linux', env })).toBe(true)
  await expect.poll(() => existsSync(shown)).toBe(true)
  expect(readFileSync(shown, 'utf8')).toBe(ADDRESS)
})

test('no browser is opened without a screen, or without such a program', async () => {
  const PATH = await temporaryDirectory()
  expect(await openBrowser(ADDRESS, { platform: 'linux', env: { PATH } })).toBe(false)
  const env = { PATH, DISPLAY: ':0' }
  expect(await openBrowser(ADDRESS, { platform: 'linux', env })).toBe(false)
  expect(await openBrowser(ADDRESS, { platform: 'aix', env })).toBe(false)
})
