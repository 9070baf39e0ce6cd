import { execFileSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readQrImage } from '../../../src/cli/qr/qr-image.ts'
import { describeInChromium } from '../../support/browser/chromium.ts'
import { faintTextOn, isTooWide, watchPage } from '../../support/browser/page-check.ts'
import { dataDirectory, taleus, taleusJson } from '../support/cli.ts'
import { onTerminal } from '../support/terminal.ts'

const CREATE = ['token', 'create', '--announce', '/ip4/8.8.8.8/tcp/4710', '--require', 'name']
const PHONE = { width: 360, height: 740 }

interface Made {
  readonly directory: string
  readonly page: string
  readonly poster: string
  readonly link: string
}

async function made(name: string): Promise<Made> {
  const directory = await dataDirectory()
  await taleus(directory, ['identity', 'set', `name=${name}`])
  const [page, poster] = [join(directory, 'page.html'), join(directory, 'poster.html')]
  const { code, json } = await taleusJson(directory, [
    ...CREATE,
    ...['--page', page, '--poster', poster],
  ])
  expect(code).toBe(0)
  return { directory, page, poster, link: String(json['link']) }
}

type Look = NonNullable<Parameters<Browser['newPage']>[0]>

async function opened(browser: Browser, path: string, look: Look = {}) {
  const page = await browser.newPage({ javaScriptEnabled: false, ...look })
  onTestFinished(() => page.close())
  const watched = watchPage(page)
  await page.goto(pathToFileURL(path).href)
  return { page, ...watched }
}

/** What a camera would read off the screen. */
async function scanned(page: Page, directory: string): Promise<string> {
  const picture = join(directory, 'screen.png')
  writeFileSync(picture, await page.screenshot({ fullPage: true }))
  return await readQrImage(picture)
}

describeInChromium('the page of an invitation', (browser) => {
  test('needs nothing but itself, and its code is the link', async () => {
    const { directory, page: path, link } = await made('Alice')
    const { page, requests, complaints } = await opened(browser(), path)
    expect(await scanned(page, directory)).toBe(link.toUpperCase())
    expect({ requests, complaints }).toEqual({
      requests: [pathToFileURL(path).href],
      complaints: [],
    })
    expect(await page.title()).toBe('Alice invites you to start a tally')
  })

  test('is told to who does not see it: a heading, the code by name, the link', async () => {
    const { page: path, link } = await made('Alice')
    const { page } = await opened(browser(), path)
    const headings = await page.getByRole('heading').allTextContents()
    expect(headings).toEqual(['Alice invites you to start a tally', 'How to go on', 'The link'])
    expect(await page.getByRole('img', { name: 'QR code of the invitation’s link' }).count()).toBe(
      1,
    )
    expect(await page.getByText(link, { exact: true }).count()).toBe(1)
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
  })

  test.each([
    ['a phone', { viewport: PHONE }],
    ['a phone in the dark', { viewport: PHONE, colorScheme: 'dark' }],
    ['a desk', {}],
    ['a desk in the dark', { colorScheme: 'dark' }],
  ] as const)('is read on %s: no text is faint, and nothing sticks out', async (_, look) => {
    const { page: path, poster, directory, link } = await made('Alice')
    for (const file of [path, poster]) {
      const { page } = await opened(browser(), file, look)
      expect(await faintTextOn(page)).toEqual([])
      expect(await isTooWide(page)).toBe(false)
      expect(await scanned(page, directory)).toBe(link.toUpperCase())
    }
  })

  test('shows a name that is markup as text, and does nothing of what it says', async () => {
    const name = `<img src=x onerror=alert(1)><script>document.title='x'</script>"'&\u202e`
    const { page: path } = await made(name.replace('\u202e', ''))
    const { page, requests, complaints } = await opened(browser(), path, {
      javaScriptEnabled: true,
    })
    expect(await page.title()).toContain('<img src=x onerror=alert(1)>')
    expect(await page.locator('img, script').count()).toBe(0)
    expect({ requests: requests.length, complaints }).toEqual({ requests: 1, complaints: [] })
  })

  test('printed is a sheet of A4 from which the code is read', async (context) => {
    const { directory, poster, page: leaflet, link } = await made('Alice')
    const { page } = await opened(browser(), poster)
    const pdf = join(directory, 'poster.pdf')
    writeFileSync(pdf, await page.pdf({ preferCSSPageSize: true, printBackground: false }))
    const text = readFileSync(pdf, 'latin1')
    expect(text.match(/\/Type \/Page\b/g)).toHaveLength(1)
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(text) ?? []
    // 210 by 297 mm in points of 1/72 inch.
    expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([595, 842])
    const { page: folded } = await opened(browser(), leaflet)
    const sheets = (await folded.pdf({ format: 'A4' })).toString('latin1')
    expect(sheets.match(/\/Type \/Page\b/g)).toHaveLength(1)
    if (!hasPdfReader()) return context.skip()
    execFileSync('pdftoppm', ['-png', '-r', '100', '-singlefile', pdf, join(directory, 'printed')])
    expect(await readQrImage(join(directory, 'printed.png'))).toBe(link.toUpperCase())
  })
})

function hasPdfReader(): boolean {
  try {
    execFileSync('pdftoppm', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('the file of a page', () => {
  test('is for its owner alone', async () => {
    const { page, poster } = await made('Alice')
    expect([page, poster].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600])
  })

  test('that is there already stays, and no invitation is made; --force replaces it', async () => {
    const directory = await dataDirectory()
    const path = join(directory, 'page.html')
    writeFileSync(path, 'mine')
    const refused = await taleusJson(directory, [...CREATE, '--poster', `${path}2`, '--page', path])
    expect(refused).toMatchObject({ code: 2, json: { error: { code: 'file_exists' } } })
    expect(readFileSync(path, 'utf8')).toBe('mine')
    expect(() => statSync(`${path}2`)).toThrow('ENOENT')
    const { json } = await taleusJson(directory, ['token', 'list'])
    expect(json['tokens']).toEqual([])
    expect((await taleus(directory, [...CREATE, '--page', path, '--force'])).code).toBe(0)
    expect(readFileSync(path, 'utf8')).toMatch(/^<!doctype html>/)
  })

  test('is replaced after a yes on a terminal', async () => {
    const directory = await dataDirectory()
    const path = join(directory, 'page.html')
    writeFileSync(path, 'mine')
    const terminal = onTerminal(directory, [...CREATE, '--no-qr', '--page', path], { columns: 200 })
    await terminal.shows('exists already. Replace it? [y/N]')
    terminal.type('y\r')
    expect(await terminal.exited).toBe(0)
    expect(readFileSync(path, 'utf8')).toMatch(/^<!doctype html>/)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })
})
