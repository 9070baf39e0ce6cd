import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const CONTRIB = join(import.meta.dirname, '../../contrib')

const HAS_SYSTEMD = spawnSync('systemd-analyze', ['--version']).status === 0

const UNITS = readdirSync(CONTRIB).filter((name) => name.endsWith('.service'))

/** All that systemd has to say about a unit. */
function complaintsAbout(unit: string): string {
  const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], {
    encoding: 'utf8',
  })
  return `${stdout}${stderr}`
}

test.skipIf(!HAS_SYSTEMD).each(UNITS)('systemd has nothing to say about %s', (name) => {
  expect(complaintsAbout(join(CONTRIB, name))).toBe('')
})

test.skipIf(!HAS_SYSTEMD)('systemd says so where a unit has a setting that there is not', () => {
  const directory = mkdtempSync(join(tmpdir(), 'taleus-unit-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const text = readFileSync(join(CONTRIB, 'taleus-relay.service'), 'utf8')
  const unit = join(directory, 'taleus-relay.service')
  writeFileSync(unit, text.replace('NoNewPrivileges=', 'NoNewPrivilege='))
  expect(complaintsAbout(unit)).toContain('NoNewPrivilege')
})
