import fs, { existsSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'

/** It brings functions of its own for two of Node's, which other tests in this process are to find as they were. */
const { close, closeSync } = fs
const { chromium } = await import('playwright-core')
Object.assign(fs, { close, closeSync })

/** Where the system has it: no browser is downloaded. */
const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The installed browser; undefined where there is none. */
export const CHROMIUM = PATHS.find((path) => existsSync(path))

/** It asks nobody for anything. */
const ARGUMENTS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** How long a browser may take to be there, ms: a bound for a hang, the machine may be busy. */
const STARTS_WITHIN_MS = 60_000

/**
 * Tests in a headless Chromium, one for all of them. They are skipped, and counted so, where there is none.
 * @param more arguments, like those of a false camera
 */
export function describeInChromium(
  name: string,
  tests: (browser: () => Browser) => void,
  more: readonly string[] = [],
): void {
  describe.skipIf(CHROMIUM === undefined)(name, () => {
    let browser: Browser | undefined
    beforeAll(async () => {
      browser = await startChromium(more)
    }, STARTS_WITHIN_MS)
    afterAll(async () => {
      await browser?.close()
    })
    tests(() => {
      if (browser === undefined) throw new Error('the browser has not started')
      return browser
    })
  })
}

/** A browser with a profile of its own that is gone with it. */
async function startChromium(more: readonly string[] = []): Promise<Browser> {
  return await chromium.launch({
    executablePath: CHROMIUM ?? '',
    args: [...ARGUMENTS, ...more],
    timeout: STARTS_WITHIN_MS,
    // Signals are the test runner's.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
}
