import { spawnSync } from 'node:child_process'
import { CHROMIUM } from './chromium.ts'

/** What the tests in a browser need of the system: the browser, and what makes pictures of its PDFs. */
const PACKAGES = ['chromium', 'poppler-utils']

/** Installs it where that can be done without asking anybody; where not, those tests are skipped. */
export function setup(): void {
  if (CHROMIUM !== undefined || process.getuid?.() !== 0) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const update = spawnSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' })
  if (update.status !== 0) return
  const words = ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES]
  spawnSync('apt-get', words, { env, stdio: 'ignore' })
}
