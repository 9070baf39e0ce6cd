import * as Automerge from '@automerge/automerge'
import { afterEach, describe, expect, it } from 'vitest'
import { deriveDocument, documentHeads, setKey } from '../../../src/tally/document.ts'
import { MAX_DOCUMENT_DEPTH } from '../../../src/tally/document-limits.ts'
import { DocumentGuard } from '../../../src/tally/guard/guarded-document.ts'
import { type OwnDocument, SyncedDocument } from '../../../src/tally/guard/synced-document.ts'
import { draftOf } from '../../support/tally/sync-pair.ts'

const TALLY = 'mf3w7a2m4q5r6s7t2u3v4w5x6y'
const OWN: OwnDocument = { tallyId: TALLY, draftText: draftOf(TALLY), chunks: [] }
const ORIGIN = deriveDocument(TALLY, OWN.draftText)
const PARTNER = '0123456789abcdef0123456789abcdef'

type Content = Record<string, unknown>

/** A message by which a partner sends its document, changed as it pleases. */
function messageOf(change: (document: Content) => void, actor = PARTNER): Uint8Array {
  const theirs = Automerge.change(Automerge.load<Content>(ORIGIN, { actor }), change)
  return messageWith(Automerge.getAllChanges(theirs), theirs)
}

function messageWith(changes: Uint8Array[], theirs: Automerge.Doc<Content>): Uint8Array {
  const heads = Automerge.getHeads(theirs)
  return Automerge.encodeSyncMessage({ heads, need: [], have: [], changes })
}

function receive(message: Uint8Array, own = OWN) {
  return new SyncedDocument(own).receive(message)
}

function nested(levels: number): unknown {
  return levels === 0 ? 1 : { a: nested(levels - 1) }
}

describe('a message of the partner', () => {
  it('is taken with its changes, as a part that opens beside the others', () => {
    const taken = receive(messageOf((document) => Object.assign(document, { limit: 250 })))
    expect(taken?.changes).toBe(1)
    const whole = Automerge.load<Content>(Buffer.concat([ORIGIN, taken?.chunk ?? ORIGIN]))
    expect(whole['limit']).toBe(250)
    expect(Automerge.getHeads(whole)).toEqual(taken?.heads)
  })

  it('whose changes build on others that are missing waits for them', () => {
    const first = Automerge.change(
      Automerge.load<Content>(ORIGIN, { actor: PARTNER }),
      (document) => {
        document['a'] = 1
      },
    )
    const second = Automerge.change(Automerge.clone(first, { actor: PARTNER }), (document) => {
      document['b'] = 2
    })
    const [, a, b] = Automerge.getAllChanges(second)
    const document = new SyncedDocument(OWN)
    expect(document.receive(messageWith(b === undefined ? [] : [b], second))).toBeUndefined()
    expect(document.heads).toEqual(documentHeads(ORIGIN))
    expect(document.receive(messageWith(a === undefined ? [] : [a], second))?.changes).toBe(2)
  })

  it.each([
    [
      'draft',
      'puts another draft in its place',
      (it: Content) => Object.assign(it, { draft: 'x' }),
    ],
    [
      'draft',
      'removes the draft',
      (it: Content) => {
        delete it['draft']
      },
    ],
    [
      'too_large',
      'nests too deep',
      (it: Content) => Object.assign(it, { deep: nested(MAX_DOCUMENT_DEPTH) }),
    ],
    [
      'too_large',
      'is larger than a document may be when it is read',
      (it: Content) =>
        Object.assign(it, { text: new Automerge.ImmutableString('a'.repeat(4_194_305)) }),
    ],
  ] as const)('is refused as %s if it %s', (stop, _, change) => {
    const message = messageOf((document) => void change(document))
    expect(() => receive(message)).toThrow(expect.objectContaining({ stop }))
  })

  it('as deep as a document may be is taken', () => {
    const message = messageOf((it) => Object.assign(it, { deep: nested(MAX_DOCUMENT_DEPTH - 1) }))
    expect(receive(message)?.changes).toBe(1)
  })

  it('is refused as invalid if a byte of it is another', () => {
    const message = messageOf((document) => Object.assign(document, { limit: 250 }))
    const bytes = message.slice()
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    expect(() => receive(bytes)).toThrow(expect.objectContaining({ stop: 'invalid' }))
    expect(() => receive(Uint8Array.of(1, 2, 3))).toThrow(
      expect.objectContaining({ stop: 'invalid' }),
    )
  })

  it('is refused as forked if it has another change under the actor and number of one that is here', () => {
    const at = 1_700_000_001_000
    const { change, bytes } = setKey(ORIGIN, { peerId: 'alice', key: 'a', value: 1, at })
    const own = { ...OWN, chunks: [ORIGIN, change] }
    const actor = Automerge.decodeChange(
      Automerge.getAllChanges(Automerge.load(bytes))[1] ?? change,
    ).actor
    const message = messageOf((document) => Object.assign(document, { a: 2 }), actor)
    expect(() => receive(message, own)).toThrow(expect.objectContaining({ stop: 'forked' }))
  })
})

const guards: DocumentGuard[] = []

function guardOf(answerMs?: number): DocumentGuard {
  const guard = new DocumentGuard(answerMs === undefined ? {} : { answerMs })
  guards.push(guard)
  return guard
}

afterEach(async () => {
  for (const guard of guards.splice(0)) await guard.end()
})

const LIMIT = messageOf((document) => Object.assign(document, { limit: 250 }))

describe('a document in a thread of its own', () => {
  it('answers as it does here', async () => {
    const guarded = guardOf().guard(OWN)
    expect(await guarded.open()).toEqual(documentHeads(ORIGIN))
    expect(await guarded.generate()).toEqual(new SyncedDocument(OWN).generate())
    expect(await guarded.receive(LIMIT)).toEqual(receive(LIMIT))
  })

  it('is followed by the next one in the same thread, and by nothing of it', async () => {
    const guard = guardOf()
    await guard.guard(OWN).receive(LIMIT)
    const next = guard.guard(OWN)
    expect(await next.open()).toEqual(documentHeads(ORIGIN))
    expect(await next.receive(LIMIT)).toEqual(receive(LIMIT))
  })

  it('says why it refuses, and is not trusted with another one', async () => {
    const message = messageOf((document) => Object.assign(document, { draft: 'x' }))
    const guard = guardOf()
    const guarded = guard.guard(OWN)
    await expect(guarded.receive(message)).rejects.toMatchObject({ stop: 'draft' })
    await expect(guarded.generate()).rejects.toMatchObject({ stop: 'too_slow' })
    expect(await guard.guard(OWN).receive(LIMIT)).toEqual(receive(LIMIT))
  })

  it('is ended when it takes longer than it may, and answers no more', async () => {
    const guarded = guardOf(0).guard(OWN)
    await expect(guarded.open()).rejects.toMatchObject({ stop: 'too_slow' })
    await expect(guarded.generate()).rejects.toMatchObject({ stop: 'too_slow' })
  })
})
