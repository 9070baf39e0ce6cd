import type { Browser, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { dataDirectory, type Started, startTaleus } from './cli.ts'

/** `http://127.0.0.1:PORT/PATH/` */
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/[\w-]+\//

/** The address that a command with `--scan` tells. */
export async function scanPageOf(command: Pick<Started, 'tells'>): Promise<string> {
  const [address = ''] = ADDRESS.exec(await command.tells('/\n')) ?? []
  return address
}

export interface Scanning {
  readonly command: Started
  readonly address: string
  readonly page: Page
  /** Opens the page in another tab. */
  load(): Promise<Page>
}

type Look = NonNullable<Parameters<Browser['newPage']>[0]>

/** `taleus bootstrap --scan` of somebody who has nothing yet, and its page in a browser. */
export async function scanning(browser: Browser, look: Look = {}): Promise<Scanning> {
  const words = ['bootstrap', '--scan', '--no-open', '--yes', '--json', '--timeout', '20s']
  const command = startTaleus(await dataDirectory(), words)
  const address = await scanPageOf(command)
  const context = await browser.newContext(look)
  onTestFinished(() => context.close())
  const load = async (): Promise<Page> => {
    const page = await context.newPage()
    await page.goto(address)
    return page
  }
  return { command, address, page: await load(), load }
}
