import { describe, expect, it } from 'vitest'
import { openCheckpoint, signCheckpoint } from '../../../src/audit/checkpoint/checkpoint.ts'
import { mailedNote, mailedText } from '../../../src/cli/input/mailed-text.ts'
import { checkReceiptBytes } from '../../../src/service/receipts/check-receipt.ts'
import { readReceipt } from '../../../src/service/receipts/read-receipt.ts'
import { signerOf } from '../../support/audit/signer.ts'
import { World } from '../../support/session/world.ts'

/** Everything that mails, editors and terminals do to a text without meaning to. */
const CARRIED: readonly [string, (text: string) => string][] = [
  ['as it is', (text) => text],
  ['with CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['with CR', (text) => text.replaceAll('\n', '\r')],
  ['without its last newline', (text) => text.replace(/\n$/, '')],
  ['with empty lines behind it', (text) => `${text}\n\r\n \n`],
  ['with empty lines before it', (text) => `\n\r\n${text}`],
  ['with a byte order mark', (text) => `\uFEFF${text}`],
  ['with blanks at line ends', (text) => text.replaceAll('\n', ' \n')],
  ['with an empty line behind each', (text) => text.replaceAll('\n', '\n\n')],
]

describe.each(CARRIED)('what came by mail %s', (_how, carry) => {
  const bytes = (text: string): Uint8Array => Buffer.from(carry(text))

  it('is the checkpoint that was sent', () => {
    const [alice, witness] = [signerOf(1), signerOf(2)]
    const root = new Uint8Array(32).fill(9)
    const note = signCheckpoint({ size: 658, root }, alice)
    const cosigned = `${note}— ${witness.name} ${Buffer.alloc(68, 1).toString('base64')}\n`
    for (const sent of [note, cosigned]) {
      expect(mailedNote(bytes(sent))).toBe(sent)
      expect(openCheckpoint(mailedNote(bytes(sent)), alice)).toMatchObject({ size: 658 })
    }
  })

  it('is the receipt and the draft that were sent', async () => {
    const world = new World()
    await world.redeemed(world.invite())
    const { alice } = world
    const [tally] = await alice.tallies
    const receipted = tally && readReceipt(tally, alice.peerId)
    const receipt = mailedText(bytes(`${JSON.stringify(receipted)}\n`)) ?? ''
    const draft = mailedText(bytes(`${tally?.built.draft.text}\n`)) ?? ''
    expect(checkReceiptBytes(Buffer.from(receipt), Buffer.from(draft))).toMatchObject({
      ok: true,
      draft: 'same',
    })
  })
})

it('a checkpoint that was changed is not mended into a good one', () => {
  const note = signCheckpoint({ size: 658, root: new Uint8Array(32) }, signerOf(1))
  const changed = mailedNote(Buffer.from(note.replace('658', '659')))
  const code = { code: 'checkpoint_invalid' }
  expect(() => openCheckpoint(changed, signerOf(1))).toThrow(expect.objectContaining(code))
})

it.each(['', 'hello', '> quoted', '\u0000', '— a b'])(
  'what is no checkpoint (%j) can not be read',
  (text) => {
    const note = mailedNote(Buffer.from(text))
    const code = { code: 'checkpoint_malformed' }
    expect(() => openCheckpoint(note, signerOf(1))).toThrow(expect.objectContaining(code))
  },
)
