import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, signCheckpoint } from '../../../src/audit/checkpoint/checkpoint.ts'
import { openNote, signNote } from '../../../src/audit/checkpoint/signed-note.ts'
import { NoteInvalidError } from '../../../src/audit/errors.ts'
import { openedCheckpoint } from '../../support/audit/c2sp-note.ts'
import { signerOf } from '../../support/audit/signer.ts'

const ALICE = signerOf(1)
const BOB = signerOf(2)
const ROOT = Buffer.alloc(32, 7)
const NOTE = signCheckpoint({ size: 20_852_163, root: ROOT }, ALICE)

function problemOf(note: string): string {
  try {
    openCheckpoint(note, ALICE)
    return 'none'
  } catch (error) {
    if (error instanceof NoteInvalidError) return error.problem
    throw error
  }
}

describe('a checkpoint', () => {
  it('opens as what was signed', () => {
    expect(openCheckpoint(NOTE, ALICE)).toEqual({ size: 20_852_163, root: ROOT })
    const empty = signCheckpoint({ size: 0, root: ROOT }, ALICE)
    expect(openCheckpoint(empty, ALICE).size).toBe(0)
  })

  it('is a signed note for code that was written from the specification alone', () => {
    expect(openedCheckpoint(Buffer.from(NOTE), ALICE.name, ALICE.publicKey)).toEqual({
      origin: `taleus/audit/${ALICE.peerId}`,
      size: 20_852_163n,
      root: ROOT.toString('base64'),
    })
  })

  it('has a name without spaces and plus signs', () => {
    expect(ALICE.name).toMatch(/^[^\s+]+$/u)
  })

  it.each([
    ['signed by another key', signCheckpoint({ size: 1, root: ROOT }, BOB), 'foreign'],
    [
      'signed by another key in our name',
      signCheckpoint({ size: 1, root: ROOT }, { ...BOB, name: ALICE.name }),
      'foreign',
    ],
    [
      'of another log, with our signature',
      signNote(`x\n1\n${ROOT.toString('base64')}\n`, ALICE),
      'foreign',
    ],
    ['with another size', NOTE.replace('20852163', '20852164'), 'bad_signature'],
    ['with another root', NOTE.replace('BwcHBwcH', 'BwcHBwcI'), 'bad_signature'],
    ['with an extension put in', NOTE.replace('=\n\n', '=\nmore\n\n'), 'bad_signature'],
    ['without its blank line', NOTE.replace('\n\n', '\n'), 'malformed'],
    ['without its end', NOTE.slice(0, -1), 'malformed'],
    ['with a hyphen for the dash', NOTE.replace('\u2014', '-'), 'malformed'],
    ['with a carriage return', NOTE.replace('\n', '\r\n'), 'malformed'],
    ['with half a character', NOTE.replace('taleus', '\ud800'), 'malformed'],
    ['with its base64 cut', NOTE.replace(/.\n$/, '\n'), 'malformed'],
    [
      'with a size of another spelling',
      signNote(`${ALICE.name}\n01\n${ROOT.toString('base64')}\n`, ALICE),
      'malformed',
    ],
    [
      'with a size beyond numbers',
      signNote(`${ALICE.name}\n9999999999999999\n${ROOT.toString('base64')}\n`, ALICE),
      'malformed',
    ],
    ['with a short root', signNote(`${ALICE.name}\n1\nBwcH\n`, ALICE), 'malformed'],
    [
      'with an empty extension',
      signNote(`${ALICE.name}\n1\n${ROOT.toString('base64')}\n\nx\n`, ALICE),
      'malformed',
    ],
    [
      'with too many signatures',
      NOTE + NOTE.split('\n').at(-2)?.concat('\n').repeat(16),
      'malformed',
    ],
    ['that is empty', '', 'malformed'],
    ['that is too long', `${'x'.repeat(200_000)}\n${NOTE}`, 'malformed'],
  ])('%s is refused', (_what, note, problem) => {
    expect(note).not.toBe(NOTE)
    expect(problemOf(note)).toBe(problem)
  })

  it('with any letter changed is refused', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: NOTE.length - 1 }),
        fc.integer({ min: 0, max: 0xffff }),
        (at, code) => {
          const note = NOTE.slice(0, at) + String.fromCharCode(code) + NOTE.slice(at + 1)
          fc.pre(note !== NOTE)
          expect(problemOf(note)).not.toBe('none')
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('keeps its worth when others sign it too, and may have lines more', () => {
    const text = openNote(NOTE, ALICE)
    const line = signNote(text, BOB).split('\n').at(-2)
    expect(problemOf(`${NOTE}${line}\n`)).toBe('none')
    expect(openCheckpoint(`${NOTE}${line}\n`, ALICE).root).toEqual(ROOT)
    expect(problemOf(signNote(`${text}more\n`, ALICE))).toBe('none')
  })

  it('may have a bad signature beside a good one of the same key only to be refused', () => {
    const bad = signNote('another text\n', ALICE).split('\n').at(-2)
    expect(problemOf(`${NOTE}${bad}\n`)).toBe('bad_signature')
  })
})
