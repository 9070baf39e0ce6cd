import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { PNG } from 'pngjs'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { describeInChromium } from '../../support/browser/chromium.ts'
import { filmOf } from '../../support/browser/scene.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'
import { scanPageOf } from '../support/scanning.ts'
import { onTerminal } from '../support/terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'taleus-story-'))
const film = join(folder, 'film.y4m')
const CAMERA = [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-video-capture=${film}`,
]
afterAll(() => rmSync(folder, { recursive: true }))

/** A party with a name, that listens. */
async function inviter() {
  const directory = await dataDirectory()
  await taleus(directory, ['identity', 'set', 'name=Alice'])
  return { directory, listening: await listener(directory) }
}

/** Somebody's camera sees a page: on another's screen, or printed. */
async function filmed(browser: Browser, path: string, media: 'screen' | 'print'): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1_280, height: 1_810 } })
  onTestFinished(() => page.close())
  await page.emulateMedia({ media })
  await page.goto(pathToFileURL(path).href)
  const code = await page.locator('figure').boundingBox()
  const clip = { x: 240, y: Math.max(0, (code?.y ?? 0) - 40), width: 800, height: 600 }
  const { width, height, data } = PNG.sync.read(await page.screenshot({ clip, fullPage: true }), {
    checkCRC: true,
  })
  const gray = Uint8Array.from({ length: width * height }, (_, at) => data[at * 4 + 1] ?? 0)
  writeFileSync(film, filmOf({ width, height, gray }))
}

/** Bob scans what his camera sees, reads who it is, and says yes on his terminal. */
async function scansAndAgrees(browser: Browser, bob: string): Promise<string> {
  const terminal = onTerminal(bob, ['bootstrap', '--scan', '--no-open'], { columns: 120, rows: 40 })
  const address = await scanPageOf({
    tells: (part) => terminal.until(part, (screen) => screen.includes('/\n')),
  })
  const page = await browser.newPage()
  onTestFinished(() => page.close())
  await page.goto(address)
  await page.getByText('The link has gone to the terminal.').waitFor()
  const offer = await terminal.shows('Start this tally? [y/N]')
  terminal.type('y\r')
  expect(await terminal.exited).toBe(0)
  return offer
}

const talliesOf = async (directory: string): Promise<unknown> =>
  (await taleusJson(directory, ['tally', 'list'])).json['tallies']

describeInChromium(
  'a story of two people',
  (browser) => {
    test('in person: Bob scans the page on Alice’s screen, and they have a tally', async () => {
      const [alice, bob] = [await inviter(), await dataDirectory()]
      const page = join(alice.directory, 'page.html')
      await taleus(alice.directory, ['token', 'create', '--page', page])
      await filmed(browser(), page, 'screen')
      expect(await scansAndAgrees(browser(), bob)).toContain('From      Alice')
      expect(await talliesOf(bob)).toHaveLength(1)
      expect(await talliesOf(alice.directory)).toHaveLength(1)
    })

    test('from a poster: two people scan the same sheet, and each has a tally with the shop', async () => {
      const shop = await inviter()
      const poster = join(shop.directory, 'poster.html')
      await taleus(shop.directory, ['token', 'create', '--unlimited', '--poster', poster])
      await filmed(browser(), poster, 'print')
      await scansAndAgrees(browser(), await dataDirectory())
      await scansAndAgrees(browser(), await dataDirectory())
      expect(await talliesOf(shop.directory)).toHaveLength(2)
    })
  },
  CAMERA,
)

test('sent and late: a link of the https form has expired when it is opened; the one made again is good', async () => {
  const [alice, bob] = [await inviter(), await dataDirectory()]
  const base = ['--base-url', 'https://example.org/t']
  const made = await taleusJson(alice.directory, ['token', 'create', '--expires', '1s', ...base])
  const mail = (link: unknown) => ({ input: `Dear Bob,\n\n  ${link}\n\nYours, Alice\n` })
  const redeem = async (link: unknown) =>
    await taleusJson(bob, ['bootstrap', '-', '--yes'], mail(link))
  const isOver = Date.parse(String(made.json['expiresAt']))
  while (Date.now() <= isOver) await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await redeem(made.json['link'])).toMatchObject({ code: 4 })
  const id = String(made.json['id'])
  const again = await taleusJson(alice.directory, [
    'token',
    'reissue',
    id,
    '--expires',
    '1h',
    ...base,
  ])
  expect(again.json['link']).toMatch(/^https:\/\/example\.org\/t#taleus:b/)
  expect(await redeem(again.json['link'])).toMatchObject({ code: 0 })
  expect(await talliesOf(alice.directory)).toHaveLength(1)
})
