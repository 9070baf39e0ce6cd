import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { behindPage } from '../../../src/cli/handout/behind-page.ts'
import { mintWithFiles } from '../../../src/cli/handout/handed-files.ts'
import { openFileSink } from '../../../src/cli/output/file-sink.ts'
import type { Output } from '../../../src/cli/output/output.ts'
import { mint } from '../../../src/service/invitations/mint.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const MINTED = mint(
  { role: 'stock', uses: 1, required: [], optional: [], terms: null },
  {
    peerId: '12D3KooWPsyE9JPuFPQND21mGkyrWUmU7DbyAnPzUPsPzqY1PdzR',
    addresses: ['/ip4/8.8.8.8/tcp/4710'],
    expiresAt: Date.now() + 60_000,
  },
)

function heard() {
  const warnings: string[] = []
  const output: Output = {
    answer: () => undefined,
    note: () => undefined,
    warn: (text) => void warnings.push(text),
    newParty: () => undefined,
  }
  return { output, warnings }
}

test('files of an invitation hold what is made of it', async () => {
  const path = join(await temporaryDirectory(), 'a')
  const { output, warnings } = heard()
  const files = [{ sink: await openFileSink(path), text: ({ link }: typeof MINTED) => link }]
  expect(await mintWithFiles(files, output, async () => MINTED)).toBe(MINTED)
  expect(readFileSync(path, 'utf8')).toBe(MINTED.link)
  expect(warnings).toEqual([])
})

test('no file stays of an invitation that could not be made', async () => {
  const folder = await temporaryDirectory()
  const sinks = [await openFileSink(join(folder, 'a')), await openFileSink(join(folder, 'b'))]
  const files = sinks.map((sink) => ({ sink, text: () => '' }))
  const failing = mintWithFiles(files, heard().output, async () => {
    throw new Error('the disk is full')
  })
  await expect(failing).rejects.toThrow('the disk is full')
  expect(readdirSync(folder)).toEqual([])
})

test('a file that can’t be made is warned of, leaves nothing, and the others and the invitation are good', async () => {
  const folder = await temporaryDirectory()
  const { output, warnings } = heard()
  const bad = () => {
    throw new Error('no code could be drawn')
  }
  const files = [
    { sink: await openFileSink(join(folder, 'bad')), text: bad },
    { sink: await openFileSink(join(folder, 'good')), text: () => 'text' },
  ]
  expect(await mintWithFiles(files, output, async () => MINTED)).toBe(MINTED)
  expect(warnings).toEqual(['no code could be drawn'])
  expect(readdirSync(folder)).toEqual(['good'])
})

test('a link behind a page’s address is whole there, and so is each form of its code', () => {
  const { link, qrForms } = behindPage(MINTED, 'https://example.org/t')
  expect(link).toBe(`https://example.org/t#${MINTED.link}`)
  const codes = [...MINTED.qrForms()].map(({ text }) => `https://example.org/t#${text}`)
  expect([...qrForms()].map(({ text }) => text)).toEqual(codes)
  expect(behindPage(MINTED, undefined)).toBe(MINTED)
})
