import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { qrModulesOf } from '../../../src/cli/qr/modules.ts'
import { describeInChromium } from '../../support/browser/chromium.ts'
import { faintTextOn, isTooWide } from '../../support/browser/page-check.ts'
import {
  filmOf,
  heldStraight,
  lyingAskew,
  type Sheet,
  sceneOf,
} from '../../support/browser/scene.ts'
import { dataDirectory, startTaleus } from '../support/cli.ts'
import { invite } from '../support/invite.ts'
import { scanning, scanPageOf } from '../support/scanning.ts'

/** Nobody answers there: a command that has the link soon ends with code 6. */
const NOBODY = ['/ip4/127.0.0.1/tcp/1']

const folder = mkdtempSync(join(tmpdir(), 'taleus-camera-'))
const film = join(folder, 'film.y4m')
const CAMERA = [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-video-capture=${film}`,
]

/** Puts sheets before the camera. */
function show(sheets: readonly Sheet[], noise?: number): void {
  writeFileSync(film, filmOf(sceneOf(sheets, noise === undefined ? {} : { noise })))
}

async function invited() {
  const { link } = await invite(await dataDirectory(), NOBODY)
  return { link, squares: await qrModulesOf(link.toUpperCase()) }
}

show([])
afterAll(() => rmSync(folder, { recursive: true }))

describeInChromium(
  'bootstrap --scan with a camera',
  (browser) => {
    test('goes on with the link that the camera sees', async () => {
      const { squares } = await invited()
      show([heldStraight(squares, [400, 100], 520)])
      const { command, page } = await scanning(browser())
      expect(await command.finished).toMatchObject({ code: 6 })
      await page.getByText('The link has gone to the terminal.').waitFor()
      expect(await page.locator('video').isVisible()).toBe(false)
    })

    test('reads a code that lies askew, in bad light, on a bad sensor', async () => {
      const { squares } = await invited()
      show([lyingAskew(squares)], 7)
      const { command } = await scanning(browser())
      expect(await command.finished).toMatchObject({ code: 6 })
    })

    test('takes none of two different codes, and one of the same twice', async () => {
      const [first, second] = [await invited(), await invited()]
      const [left, right] = [
        [60, 100],
        [660, 100],
      ] as const
      show([heldStraight(first.squares, left, 540), heldStraight(second.squares, right, 540)])
      const { command, page, load } = await scanning(browser())
      await page.getByText('More than one invitation is in the picture.').waitFor()
      show([heldStraight(first.squares, left, 540), heldStraight(first.squares, right, 540)])
      await page.close()
      await load()
      expect(await command.finished).toMatchObject({ code: 6 })
    })

    test('goes on looking where there is none, or one that is no invitation', async () => {
      const other = await qrModulesOf(`HTTPS://EXAMPLE.ORG/${'A'.repeat(40)}`)
      show([heldStraight(other, [400, 100], 520)])
      const { command, page, load } = await scanning(browser())
      await page.getByText('Hold the code before the camera.').waitFor()
      const { squares } = await invited()
      show([heldStraight(other, [60, 100], 540), heldStraight(squares, [660, 100], 540)])
      await page.close()
      await load()
      expect(await command.finished).toMatchObject({ code: 6 })
    })

    test('says what is wrong with the link of a code, and goes on looking', async () => {
      show([heldStraight(await qrModulesOf(`TALEUS:B${'A'.repeat(120)}`), [400, 100], 520)])
      const { page } = await scanning(browser())
      await page.getByText('The link is').waitFor()
      expect(await page.locator('video').isVisible()).toBe(true)
    })

    test.each([
      ['a phone', { viewport: { width: 360, height: 740 } }],
      ['a desk in the dark', { colorScheme: 'dark' }],
    ] as const)('is read on %s', async (_, look) => {
      show([])
      const { page } = await scanning(browser(), look)
      await page.getByText('Hold the code before the camera.').waitFor()
      expect(await faintTextOn(page)).toEqual([])
      expect(await isTooWide(page)).toBe(false)
    })
  },
  CAMERA,
)

describe('the address of the page', () => {
  test('is told and no browser started, with --no-open', async () => {
    const directory = await dataDirectory()
    const command = startTaleus(directory, ['bootstrap', '--scan', '--no-open', '--quiet'])
    expect(await scanPageOf(command)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}\/$/)
  })
})
