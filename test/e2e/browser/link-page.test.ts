import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { base32 } from 'multiformats/bases/base32'
import type { Browser } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { describeInChromium } from '../../support/browser/chromium.ts'
import { faintTextOn, isTooWide, watchPage } from '../../support/browser/page-check.ts'
import { HOSTILE_STRINGS } from '../../support/hostile-strings.ts'
import { dataDirectory, taleus, taleusJson } from '../support/cli.ts'
import { invite } from '../support/invite.ts'

const ADDRESSES = ['/ip4/8.8.8.8/tcp/4710', '/dns4/alice.example.org/tcp/4710']
/** Before the bytes of a link in base32. */
const HEAD = 'taleus:b'

/** A host that serves the page, and notes what it is asked for. */
async function hosted() {
  const directory = await dataDirectory()
  const file = join(directory, 'index.html')
  expect((await taleus(directory, ['page', '--out', file])).code).toBe(0)
  const page = readFileSync(file)
  const asked: string[] = []
  const server = createServer(({ url = '' }, response) => {
    asked.push(url)
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return { directory, asked, base: `http://127.0.0.1:${port}/t`, page: page.toString() }
}

type Look = NonNullable<Parameters<Browser['newPage']>[0]>

async function opened(browser: Browser, address: string, look: Look = {}) {
  const context = await browser.newContext(look)
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const watched = watchPage(page)
  await page.goto(address)
  return { context, page, ...watched }
}

/** The same link as another version would have made it. */
function ofVersion(version: number, link: string): string {
  const bytes = base32.baseDecode(link.slice(HEAD.length))
  bytes[0] = (version << 1) | ((bytes[0] ?? 0) & 1)
  const end = bytes.length - 4
  bytes.set(createHash('sha256').update(bytes.subarray(0, end)).digest().subarray(0, 4), end)
  return `${HEAD}${base32.baseEncode(bytes)}`
}

describeInChromium('the page of links of the https form', (browser) => {
  test('shows who invites, until when and how to go on, and its host learns nothing', async () => {
    const { directory, base, asked } = await hosted()
    const flags = ['--base-url', base, '--announce', ADDRESSES[0] ?? '']
    const { json } = await taleusJson(directory, ['token', 'create', ...flags])
    const link = String(json['link'])
    expect(link).toMatch(new RegExp(`^${base}#taleus:b[a-z2-7]+$`))
    const { page, requests, complaints } = await opened(browser(), link)
    const { json: identity } = await taleusJson(directory, ['identity', 'show'])
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
      'You are invited to start a tally',
    )
    expect(await page.locator('#peer').textContent()).toBe(identity['peerId'])
    expect(await page.locator('#part').textContent()).toContain('normally the one who owes')
    expect(await page.locator('#id').textContent()).toBe(json['id'])
    expect(await page.locator('#until').getAttribute('datetime')).toBe(json['expiresAt'])
    expect(await page.locator('#link').textContent()).toBe(link.slice(base.length + 1))
    expect(await page.getByText('taleus bootstrap').isVisible()).toBe(true)
    expect({ asked, requests, complaints }).toEqual({
      asked: ['/t'],
      requests: [base],
      complaints: [],
    })
  })

  test('shows another link when its address changes, and copies it', async () => {
    const { base, asked } = await hosted()
    const [first, second] = await Promise.all([
      invite(await dataDirectory(), ADDRESSES),
      invite(await dataDirectory(), ADDRESSES, { role: 'foil' }),
    ])
    const { page, context } = await opened(browser(), `${base}#${first.link.toUpperCase()}`)
    expect(await page.locator('#id').textContent()).toBe(first.id)
    await page.goto(`${base}#${second.link}`)
    await page.waitForFunction(`document.getElementById('id').textContent === '${second.id}'`)
    expect(await page.locator('#part').textContent()).toContain('normally the one who is owed')
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: 'Copy the link' }).press('Enter')
    await page.getByText('Copied.').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(second.link)
    expect(asked).toEqual(['/t'])
  })

  test('says what is wrong with a link that is damaged, cut off, newer, or missing', async () => {
    const { base } = await hosted()
    const { link } = await invite(await dataDirectory(), ADDRESSES)
    const damaged = link.replace(/.{9}$/, (end) => (end.startsWith('a') ? 'b' : 'a') + end.slice(1))
    for (const [hash, said] of [
      [`#${damaged}`, 'The link is damaged or mistyped, its checksum does not match.'],
      [`#${link.slice(0, -9)}`, 'The link is incomplete, its end is missing.'],
      [`#${ofVersion(4, link)}`, 'The link was made by a newer taleus.'],
      [`#${ofVersion(0, link)}`, 'The link has a version that never existed.'],
      ['#', 'There is no invitation here'],
      ['', 'There is no invitation here'],
    ] as const) {
      const { page, complaints } = await opened(browser(), `${base}${hash}`)
      expect(await page.getByRole('status').first().textContent()).toContain(said)
      expect(await page.locator('#invitation').isVisible()).toBe(false)
      expect(complaints).toEqual([])
    }
  })

  test('of an expired invitation says so, and no more how to use it', async () => {
    const { base } = await hosted()
    const directory = await dataDirectory()
    const { link } = await invite(directory, ADDRESSES)
    const { page } = await opened(browser(), 'about:blank')
    await page.clock.install({ time: Date.now() + 2 * 86_400_000 })
    await page.goto(`${base}#${link}`)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
      'This invitation has expired',
    )
    expect(await page.locator('#until').isVisible()).toBe(true)
    expect(await page.getByRole('button').isVisible()).toBe(false)
  })

  test('shows nothing of a hostile text, and obeys none', async () => {
    const { base } = await hosted()
    const { link } = await invite(await dataDirectory(), ADDRESSES)
    const texts = [
      '<img src=x onerror=alert(1)>',
      `${link}"><script>alert(1)</script>`,
      'taleus:b<svg/onload=alert(1)>',
      '{"responderPeerAddrs":["/ip4/8.8.8.8"]}',
      'javascript:alert(1)',
      ...HOSTILE_STRINGS,
    ]
    const { page, requests, complaints } = await opened(browser(), base)
    for (const text of texts) {
      await page.evaluate(`location.hash = ${JSON.stringify(text)}`)
      await page.evaluate('new Promise((done) => setTimeout(done))')
      expect(await page.locator('main').textContent()).not.toContain('alert')
      expect(await page.locator('img, svg, iframe').count()).toBe(0)
    }
    expect({ requests: requests.length, complaints }).toEqual({ requests: 1, complaints: [] })
  })

  test.each([
    ['a phone', { viewport: { width: 360, height: 740 } }],
    ['a desk in the dark', { colorScheme: 'dark' }],
  ] as const)('is read on %s: no text is faint, and nothing sticks out', async (_, look) => {
    const { base } = await hosted()
    const { link } = await invite(await dataDirectory(), ADDRESSES)
    const { page } = await opened(browser(), `${base}#${link}`, look)
    expect(await faintTextOn(page)).toEqual([])
    expect(await isTooWide(page)).toBe(false)
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.id')).toBe('copy')
  })

  test('without scripts says what to do instead', async () => {
    const { base } = await hosted()
    const { link } = await invite(await dataDirectory(), ADDRESSES)
    const { page } = await opened(browser(), `${base}#${link}`, { javaScriptEnabled: false })
    expect(await page.getByRole('status').first().textContent()).toContain(
      'give the whole address of the page to `taleus bootstrap`',
    )
  })
})

test('the page is the same on stdout, in a file and under --json', async () => {
  const { directory, page } = await hosted()
  expect((await taleus(directory, ['page'])).stdout).toBe(page)
  expect((await taleusJson(directory, ['page'])).json['page']).toBe(page)
})
