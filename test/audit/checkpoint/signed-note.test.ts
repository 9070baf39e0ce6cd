import { describe, expect, it } from 'vitest'
import { openNote } from '../../../src/audit/checkpoint/signed-note.ts'
import { openedNote } from '../../support/audit/c2sp-note.ts'

/** From the documentation of golang.org/x/mod/sumdb/note: another implementation's signature. */
const GO_KEY = {
  name: 'PeterNeumann',
  publicKey: Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1),
}
const GO_TEXT =
  'If you think cryptography is the answer to your problem,\nthen you don\u2019t know what your problem is.\n'.replace(
    '\u2019',
    "'",
  )
const GO_NOTE = `${GO_TEXT}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`

describe('a signed note of another implementation', () => {
  it('opens with its key, and the two of ours agree about it', () => {
    expect(openNote(GO_NOTE, GO_KEY)).toBe(GO_TEXT)
    expect(openedNote(Buffer.from(GO_NOTE), GO_KEY.name, GO_KEY.publicKey)).toBe(GO_TEXT)
  })
})
