import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { qrSvg, writeQrFile } from '../../../src/cli/qr/qr-file.ts'
import { describeInChromium } from '../../support/browser/chromium.ts'
import { watchPage } from '../../support/browser/page-check.ts'
import { dataDirectory, startTaleus } from '../support/cli.ts'
import { invite } from '../support/invite.ts'
import { scanning, scanPageOf } from '../support/scanning.ts'

const NOBODY = ['/ip4/127.0.0.1/tcp/1']
const NO_CAMERA = 'There is no camera that this page may use.'

const linkOfNobody = async () => (await invite(await dataDirectory(), NOBODY)).link

describeInChromium('bootstrap --scan without a camera', (browser) => {
  test('takes a link that is pasted, also one of the https form in a mail', async () => {
    const link = await linkOfNobody()
    const { command, page } = await scanning(browser())
    await page.getByText(NO_CAMERA).waitFor()
    await page.getByLabel('Or paste the link').fill(`Hi,\nhttps://example.org/t#${link}\nBob`)
    await page.getByRole('button', { name: 'Use this link' }).press('Enter')
    expect(await command.finished).toMatchObject({ code: 6 })
    await page.getByText('The link has gone to the terminal.').waitFor()
  })

  test('says what is wrong with a text, and goes on', async () => {
    const { command, page } = await scanning(browser())
    const link = await linkOfNobody()
    const field = page.getByLabel('Or paste the link')
    for (const [typed, said] of [
      ['hello', 'This is not a taleus link'],
      [link.slice(0, -5), 'The link is incomplete'],
      ['<img src=x onerror=alert(1)>', 'This is not a taleus link'],
      ['a'.repeat(70_000), 'That is too long to be a link.'],
    ] as const) {
      await field.fill(typed)
      await page.getByRole('button', { name: 'Use this link' }).click()
      await page.getByText(said).waitFor()
    }
    await field.fill(link)
    await page.getByRole('button', { name: 'Use this link' }).click()
    expect(await command.finished).toMatchObject({ code: 6 })
  })

  test('takes a picture that is chosen, and asks nobody but the command', async () => {
    const picture = join(await dataDirectory(), 'code.png')
    await writeQrFile(picture, (await linkOfNobody()).toUpperCase())
    const { command, address, page } = await scanning(browser())
    await page.getByText(NO_CAMERA).waitFor()
    const { requests } = watchPage(page)
    await page.getByLabel('Or choose a picture of the code').setInputFiles(picture)
    expect(await command.finished).toMatchObject({ code: 6 })
    const asked = requests.filter((url) => !url.startsWith('blob:'))
    expect(asked).toEqual([`${address}reader.wasm`, `${address}link`])
  })

  test('takes a picture that is dropped, and one that is pasted, and says if no code is on it', async () => {
    const link = await linkOfNobody()
    const { command, page } = await scanning(browser())
    await page.getByText(NO_CAMERA).waitFor()
    const blank = '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"></svg>'
    await drop(page, 'paste', blank)
    await page.getByText('No code of an invitation was found').waitFor()
    await drop(page, 'drop', 'no picture')
    await page.getByText('That is no picture').waitFor()
    await drop(page, 'drop', await qrSvg(link.toUpperCase()))
    expect(await command.finished).toMatchObject({ code: 6 })
  })

  test('is open in one tab; where that is closed, in another', async () => {
    const { page, address } = await scanning(browser())
    const second = await page.context().newPage()
    const refused = await second.goto(address)
    expect(refused?.status()).toBe(409)
    expect(await second.textContent('body')).toContain('open in another tab')
    await page.close()
    // The command learns a moment later that the tab is gone.
    await expect.poll(async () => (await second.reload())?.status()).toBe(200)
  })

  test('says in its page that the command has ended, after ^C', async () => {
    const { command, page } = await scanning(browser())
    command.signal('SIGINT')
    await page.getByText('The command in the terminal has ended.').waitFor()
    const { code, stdout } = await command.finished
    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'interrupted', nextStep: 'Nothing was done.' },
    })
  })
})

/** Drops or pastes a file as a person does. */
async function drop(page: Page, kind: 'drop' | 'paste', svg: string): Promise<void> {
  await page.evaluate(`{
    const files = new DataTransfer()
    files.items.add(new File([${JSON.stringify(svg)}], 'code.svg', { type: 'image/svg+xml' }))
    const event = ${JSON.stringify(kind)} === 'drop'
      ? new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true })
      : new ClipboardEvent('paste', { clipboardData: files, bubbles: true })
    document.body.dispatchEvent(event)
  }`)
}

interface Asked {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Asks as no browser of ours does. @returns the status, and what was said */
async function ask(address: string, { method = 'GET', path, headers, body }: Asked) {
  const url = new URL(address)
  const sent = request(url, { method, path: path ?? url.pathname, headers: { ...headers } })
  sent.end(body)
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve)
    sent.once('error', reject)
  })
  return { status: answer.statusCode, said: await text(answer), headers: answer.headers }
}

describe('the page of --scan', () => {
  const begun = async () => {
    const command = startTaleus(await dataDirectory(), ['bootstrap', '--scan', '--no-open'])
    const address = await scanPageOf(command)
    return { command, address, host: new URL(address).host }
  }

  test('is there for its own address only: no other name, path, origin, site or method', async () => {
    const { address, host } = await begun()
    const link = await linkOfNobody()
    const { port, pathname } = new URL(address)
    const posted = { method: 'POST', path: `${pathname}link`, body: link }
    const origin = `http://${host}`
    for (const [asked, status] of [
      [{}, 200],
      [{ headers: { host: `localhost:${port}` } }, 403],
      [{ headers: { host: `rebound.example.org:${port}` } }, 403],
      [{ headers: { 'sec-fetch-site': 'cross-site' } }, 403],
      [{ headers: { origin: 'https://example.org' } }, 403],
      [{ path: '/' }, 404],
      [{ path: '/AAAAAAAAAAAAAAAAAAAAAA/' }, 404],
      [{ path: `${pathname}../../etc/passwd` }, 404],
      [{ method: 'PUT', headers: { origin } }, 404],
      [posted, 403],
      [{ ...posted, headers: { origin: 'null' } }, 403],
      [{ ...posted, headers: { origin: `http://localhost:${port}` } }, 403],
      [{ ...posted, headers: { origin, host: `rebound.example.org:${port}` } }, 403],
      [{ ...posted, body: 'hello', headers: { origin } }, 422],
      [{ ...posted, body: 'a'.repeat(65_537), headers: { origin } }, 413],
    ] as const) {
      expect({ asked, status: (await ask(address, asked)).status }).toEqual({ asked, status })
    }
    expect((await ask(address, { ...posted, headers: { origin } })).status).toBe(200)
  })

  test('is not kept, framed, or told of to others', async () => {
    const { address } = await begun()
    const { headers, said } = await ask(address, {})
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    expect(said).toMatch(
      /content="default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-/,
    )
  })

  test('is gone once the link is there', async () => {
    const { command, address, host } = await begun()
    const headers = { origin: `http://${host}` }
    const path = `${new URL(address).pathname}link`
    const body = await linkOfNobody()
    expect((await ask(address, { method: 'POST', path, headers, body })).status).toBe(200)
    await command.tells('The link is here.')
    await expect(ask(address, {})).rejects.toThrow(/ECONNREFUSED|ECONNRESET/)
  })
})
