import { randomBytes } from 'node:crypto'
import * as Automerge from '@automerge/automerge'
import { afterEach, describe, expect, it } from 'vitest'
import type { ChangeSignature } from '../../../src/protocol/sync/change-signature.ts'
import { type ChangeSigner, signChange } from '../../../src/tally/change-author.ts'
import { deriveDocument, documentHeads, setKey } from '../../../src/tally/document.ts'
import { actorPrefix } from '../../../src/tally/document-actor.ts'
import { MAX_DOCUMENT_DEPTH } from '../../../src/tally/document-limits.ts'
import { DocumentGuard } from '../../../src/tally/guard/guarded-document.ts'
import { type OwnDocument, SyncedDocument } from '../../../src/tally/guard/synced-document.ts'
import { signerOf } from '../../support/audit/signer.ts'
import { ALICE, BOB, draftOf } from '../../support/tally/sync-pair.ts'

const TALLY = 'mf3w7a2m4q5r6s7t2u3v4w5x6y'
const OTHER_TALLY = 'nf3w7a2m4q5r6s7t2u3v4w5x6y'
const OWN: OwnDocument = {
  tallyId: TALLY,
  draftText: draftOf(TALLY),
  role: 'stock',
  chunks: [],
}
const ORIGIN = deriveDocument(TALLY, OWN.draftText)

function actorOf({ peerId }: ChangeSigner): string {
  return `${actorPrefix(peerId)}0123456789abcdef`
}

type Content = Record<string, unknown>

interface Message {
  readonly bytes: Uint8Array
  readonly signatures: readonly ChangeSignature[]
}

/** A message by which Bob sends his document, changed as he pleases and signed by him. */
function messageOf(change: (document: Content) => void, actor = actorOf(BOB)): Message {
  const theirs = Automerge.change(Automerge.load<Content>(ORIGIN, { actor }), change)
  return messageWith(Automerge.getAllChanges(theirs), theirs)
}

function messageWith(
  changes: Uint8Array[],
  theirs: Automerge.Doc<Content>,
  signer: ChangeSigner = BOB,
  tallyId = TALLY,
): Message {
  const heads = Automerge.getHeads(theirs)
  const bytes = Automerge.encodeSyncMessage({ heads, need: [], have: [], changes })
  const hashes = changes.map((change) => Automerge.decodeChange(change).hash)
  return { bytes, signatures: hashes.map((hash) => signChange(signer, tallyId, hash)) }
}

function receive({ bytes, signatures }: Message, own = OWN) {
  return new SyncedDocument(own).receive(bytes, signatures)
}

function nested(levels: number): unknown {
  return levels === 0 ? 1 : { a: nested(levels - 1) }
}

function setLimit(document: Content): void {
  document['limit'] = 250
}

describe('a message of the partner', () => {
  it('is taken with its changes and signatures, as a part that opens beside the others', () => {
    const message = messageOf(setLimit)
    const taken = receive(message)
    expect(taken?.changes).toBe(1)
    const whole = Automerge.load<Content>(Buffer.concat([ORIGIN, taken?.chunk ?? ORIGIN]))
    expect(whole['limit']).toBe(250)
    expect(Automerge.getHeads(whole)).toEqual(taken?.heads)
    expect(taken?.signatures).toEqual(message.signatures.slice(1))
  })

  it('whose changes build on others that are missing waits for them, and so do its signatures', () => {
    const actor = actorOf(BOB)
    const first = Automerge.change(Automerge.load<Content>(ORIGIN, { actor }), (document) => {
      document['a'] = 1
    })
    const second = Automerge.change(Automerge.clone(first, { actor }), (document) => {
      document['b'] = 2
    })
    const [, a, b] = Automerge.getAllChanges(second)
    const [one, two] = [a, b].map((each) => messageWith(each === undefined ? [] : [each], second))
    const document = new SyncedDocument(OWN)
    expect(document.receive(two?.bytes ?? ORIGIN, two?.signatures)).toBeUndefined()
    expect(document.heads).toEqual(documentHeads(ORIGIN))
    const taken = document.receive(one?.bytes ?? ORIGIN, one?.signatures)
    expect(taken).toMatchObject({ changes: 2 })
    expect(taken?.signatures).toEqual([...(one?.signatures ?? []), ...(two?.signatures ?? [])])
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
    const { bytes, signatures } = messageOf(setLimit)
    const altered = bytes.slice()
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1
    for (const wrong of [altered, Uint8Array.of(1, 2, 3)]) {
      expect(() => receive({ bytes: wrong, signatures })).toThrow(
        expect.objectContaining({ stop: 'invalid' }),
      )
    }
  })

  it('is refused as forked if it has another change under the actor and number of one that is here', () => {
    const at = 1_700_000_001_000
    const { change, bytes } = setKey(ORIGIN, { peerId: ALICE.peerId, key: 'a', value: 1, at })
    const own = { ...OWN, chunks: [ORIGIN, change] }
    const actor = Automerge.decodeChange(
      Automerge.getAllChanges(Automerge.load(bytes))[1] ?? change,
    ).actor
    const message = messageOf((document) => Object.assign(document, { a: 2 }), actor)
    expect(() => receive(message, own)).toThrow(expect.objectContaining({ stop: 'forked' }))
  })
})

describe('a change of the partner', () => {
  const theirs = Automerge.change(
    Automerge.load<Content>(ORIGIN, { actor: actorOf(BOB) }),
    setLimit,
  )
  const changes = Automerge.getAllChanges(theirs).slice(1)
  const good = messageWith(changes, theirs)

  function refusal(message: Message, own = OWN): string {
    const document = new SyncedDocument(own)
    try {
      document.receive(message.bytes, message.signatures)
      return 'taken'
    } catch (error) {
      // Nothing of it is kept.
      expect(document.heads).toEqual(documentHeads(ORIGIN))
      return Reflect.get(Object(error), 'stop')
    }
  }

  it('is taken with its signature, also beside those of changes that nobody sent', () => {
    expect(refusal(good)).toBe('taken')
    const others = [signChange(BOB, TALLY, 'ab'.repeat(32)), ...good.signatures]
    expect(refusal({ ...good, signatures: others })).toBe('taken')
  })

  it.each([
    ['none', []],
    ['that of another key', messageWith(changes, theirs, signerOf(3)).signatures],
    ['ours', messageWith(changes, theirs, ALICE).signatures],
    [
      'one under the same change in another tally',
      messageWith(changes, theirs, BOB, OTHER_TALLY).signatures,
    ],
    [
      'one under another change',
      good.signatures.map((each) => ({
        ...each,
        signature: signChange(BOB, TALLY, 'ab'.repeat(32)).signature,
      })),
    ],
  ])('is refused if its signature is %s', (_, signatures) => {
    expect(refusal({ ...good, signatures })).toBe('unsigned')
  })

  it('in our name is refused as forged, whoever signed it but us', () => {
    const forged = Automerge.change(
      Automerge.load<Content>(ORIGIN, { actor: actorOf(ALICE) }),
      setLimit,
    )
    const made = Automerge.getAllChanges(forged).slice(1)
    expect(refusal(messageWith(made, forged, BOB))).toBe('forged')
    expect(refusal({ ...messageWith(made, forged), signatures: [] })).toBe('forged')
    // Ours that comes back, after a backup was put in place, say.
    expect(refusal(messageWith(made, forged, ALICE))).toBe('taken')
  })

  it('in nobody’s name is refused, whoever signed it', () => {
    const actor = '0123456789abcdef0123456789abcdef'
    const nobodys = Automerge.change(Automerge.load<Content>(ORIGIN, { actor }), setLimit)
    const made = Automerge.getAllChanges(nobodys).slice(1)
    expect(refusal(messageWith(made, nobodys, BOB))).toBe('unsigned')
  })

  it('that is not signed takes those beside it along', () => {
    const both = Automerge.change(Automerge.clone(theirs, { actor: actorOf(BOB) }), (document) => {
      document['note'] = new Automerge.ImmutableString('x')
    })
    const message = messageWith(Automerge.getAllChanges(both).slice(1), both)
    expect(message.signatures).toHaveLength(2)
    for (const kept of [0, 1]) {
      const signatures = message.signatures.slice(kept, kept + 1)
      expect(refusal({ ...message, signatures })).toBe('unsigned')
    }
  })

  it('beside one that is known needs no other signature than its own', () => {
    const [change = ORIGIN] = changes
    const both = Automerge.change(Automerge.clone(theirs, { actor: actorOf(BOB) }), (document) => {
      document['note'] = new Automerge.ImmutableString('x')
    })
    const message = messageWith(Automerge.getAllChanges(both).slice(1), both)
    const known = new SyncedDocument({ ...OWN, chunks: [ORIGIN, change] })
    const taken = known.receive(message.bytes, message.signatures.slice(1))
    expect(taken?.signatures).toEqual(message.signatures.slice(1))
  })
})

describe('a document’s own message', () => {
  it('names the changes in it, of few as of many', () => {
    for (const count of [1, 3, 40]) {
      let bytes = ORIGIN
      const made: string[] = []
      for (let nth = 0; nth < count; nth += 1) {
        const edited = setKey(bytes, { peerId: ALICE.peerId, key: `k${nth}`, value: nth, at: nth })
        bytes = edited.bytes
        made.push(edited.hash ?? '')
      }
      const alice = new SyncedDocument({ ...OWN, chunks: [ORIGIN, bytes] })
      const bob = new SyncedDocument({ ...OWN, role: 'foil' })
      alice.receive(bob.generate()?.bytes ?? ORIGIN)
      const said = alice.generate()
      expect(said?.changes.toSorted(), `of ${count}`).toEqual(made.toSorted())
      const signatures = made.map((hash) => signChange(ALICE, TALLY, hash))
      expect(bob.receive(said?.bytes ?? ORIGIN, signatures)?.changes).toBe(count)
    }
  })
})

describe('a document whose partner has told its heads', () => {
  const edited = setKey(ORIGIN, { peerId: ALICE.peerId, key: 'a', value: 1, at: 1 })
  const made = edited.hash ?? ''
  const own = { ...OWN, chunks: [ORIGIN, edited.change] }

  it('sends what the partner lacks at once, and each side is done after one message', () => {
    const partnerHeads = documentHeads(ORIGIN)
    const alice = new SyncedDocument({ ...own, partnerHeads })
    const bob = new SyncedDocument({ ...OWN, role: 'foil', partnerHeads: alice.heads })
    const said = alice.generate()
    expect(said?.changes).toEqual([made])
    const taken = bob.receive(said?.bytes ?? ORIGIN, [signChange(ALICE, TALLY, made)])
    expect(taken).toMatchObject({ changes: 1, heads: alice.heads })
    alice.receive(bob.generate()?.bytes ?? ORIGIN)
    expect([alice.generate(), bob.generate()]).toEqual([undefined, undefined])
  })

  it('asks first if the partner has something that is not here', () => {
    const alice = new SyncedDocument({ ...own, partnerHeads: ['ab'.repeat(32)] })
    expect(alice.generate()?.changes).toEqual([])
  })
})

describe('a document’s message that is too large for a small relay', () => {
  /** Changes of Alice's with texts that do not compress: so many of so many bytes. */
  function aliceWith(count: number, bytes: number) {
    let document = ORIGIN
    const made: string[] = []
    for (let nth = 0; nth < count; nth += 1) {
      const value = randomBytes(bytes / 2).toString('hex')
      const edit = { peerId: ALICE.peerId, key: `k${nth}`, value, at: nth }
      const edited = setKey(document, edit)
      document = edited.bytes
      made.push(edited.hash ?? '')
    }
    const alice = new SyncedDocument({ ...OWN, chunks: [ORIGIN, document] })
    const bob = new SyncedDocument({ ...OWN, role: 'foil' })
    alice.receive(bob.generate()?.bytes ?? ORIGIN)
    return { alice, bob, made }
  }

  it('goes in several, each of which can be taken without the next, and no change twice', () => {
    const { alice, bob, made } = aliceWith(12, 20_000)
    const heads: string[] = []
    for (let turns = 1; bob.heads.join() !== alice.heads.join(); turns += 1) {
      expect(turns).toBeLessThan(12)
      const said = alice.generate()
      expect(said?.bytes.length).toBeLessThan(65_536)
      const signatures = said?.changes.map((hash) => signChange(ALICE, TALLY, hash)) ?? []
      const taken = bob.receive(said?.bytes ?? ORIGIN, signatures)
      expect(taken?.signatures.map(({ change }) => change)).toEqual(said?.changes)
      heads.push(...(said?.changes ?? []))
      alice.receive(bob.generate()?.bytes ?? ORIGIN)
    }
    expect(heads).toEqual(made)
  })

  it('of one change that is larger goes alone', () => {
    const { alice, bob, made } = aliceWith(1, 200_000)
    const said = alice.generate()
    expect(said?.changes).toEqual(made)
    const signatures = made.map((hash) => signChange(ALICE, TALLY, hash))
    expect(bob.receive(said?.bytes ?? ORIGIN, signatures)?.changes).toBe(1)
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

const LIMIT = messageOf(setLimit)

describe('a document in a thread of its own', () => {
  it('answers as it does here', async () => {
    const guarded = guardOf().guard(OWN)
    expect(await guarded.heads()).toEqual(documentHeads(ORIGIN))
    expect(await guarded.generate()).toEqual(new SyncedDocument(OWN).generate())
    expect(await guarded.receive(LIMIT.bytes, LIMIT.signatures)).toEqual(receive(LIMIT))
  })

  it('is followed by the next one in the same thread, and by nothing of it', async () => {
    const guard = guardOf()
    await guard.guard(OWN).receive(LIMIT.bytes, LIMIT.signatures)
    const next = guard.guard(OWN)
    expect(await next.heads()).toEqual(documentHeads(ORIGIN))
    expect(await next.receive(LIMIT.bytes, LIMIT.signatures)).toEqual(receive(LIMIT))
  })

  it('says why it refuses, and is not trusted with another one', async () => {
    const { bytes, signatures } = messageOf((document) => Object.assign(document, { draft: 'x' }))
    const guard = guardOf()
    const guarded = guard.guard(OWN)
    await expect(guarded.receive(bytes, signatures)).rejects.toMatchObject({ stop: 'draft' })
    await expect(guarded.generate()).rejects.toMatchObject({ stop: 'draft' })
    await expect(guard.guard(OWN).receive(LIMIT.bytes, [])).rejects.toMatchObject({
      stop: 'unsigned',
    })
    const next = guard.guard(OWN)
    expect(await next.receive(LIMIT.bytes, LIMIT.signatures)).toEqual(receive(LIMIT))
  })

  it('whose thread fails in a way that nobody foresaw is told as that, and not as too slow', async () => {
    const guard = guardOf()
    const guarded = guard.guard(OWN)
    // Signatures that are no list: no partner can bring that about.
    await expect(guarded.receive(LIMIT.bytes, Object(null))).rejects.toMatchObject({
      stop: 'guard_failed',
      cause: { name: 'TypeError' },
    })
    await expect(guarded.generate()).rejects.toMatchObject({ stop: 'guard_failed' })
    expect(await guard.guard(OWN).heads()).toEqual(documentHeads(ORIGIN))
  })

  it('is ended when it takes longer than it may, and answers no more', async () => {
    const guarded = guardOf(0).guard(OWN)
    await expect(guarded.heads()).rejects.toMatchObject({ stop: 'too_slow' })
    await expect(guarded.generate()).rejects.toMatchObject({ stop: 'too_slow' })
  })
})
