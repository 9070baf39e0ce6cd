import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signNote } from '../../../src/audit/checkpoint/signed-note.ts'
import { currentOperator } from '../../../src/service/record/operator.ts'
import { pruneTrail } from '../../../src/service/trail/prune-trail.ts'
import { takeCheckpoint } from '../../../src/service/trail/take-checkpoint.ts'
import { verifyTrail } from '../../../src/service/trail/verify-trail.ts'
import {
  alarmedParties,
  forgetParty,
  witnessedParties,
  witnessedParty,
} from '../../../src/service/witness/witnessed-parties.ts'
import { TestParty, words } from '../../support/service/witness-party.ts'

let alice: TestParty
let bob: TestParty
/** Bob's machine after his data directory was put back, or copied: the same key. */
let copy: TestParty

beforeEach(() => {
  alice = new TestParty(1)
  bob = new TestParty(2)
  copy = new TestParty(2)
})

afterEach(() => {
  for (const { store } of [alice, bob, copy]) store.close()
})

/** Bob has shown so many records. */
async function shownOf(count: number): Promise<void> {
  await bob.append(...words(count))
  await bob.sign()
  expect(await alice.meet(bob)).toBeUndefined()
}

describe('what is shown', () => {
  it('is nothing before anything was signed', async () => {
    await bob.witness.prepare()
    expect(await bob.witness.own([])).toEqual({})
  })

  it('is not what a crash could still take back', async () => {
    await bob.append(...words(3))
    await bob.sign()
    await bob.append(...words(2, 3))
    const taken = takeCheckpoint(bob.store, bob.signer)
    const prepared = bob.witness.prepare()
    expect(await bob.witness.own([])).toBeUndefined()
    const { note } = await taken
    await prepared
    expect(await bob.witness.own([])).toEqual({ note })
  })

  it('is what another process has signed, as soon as it is known to be on the disk', async () => {
    await bob.append(...words(3))
    await bob.sign()
    await bob.append(...words(2, 3))
    const { note } = await takeCheckpoint(bob.store, bob.signer)
    expect(await bob.witness.own([])).toBeUndefined()
    await bob.witness.prepare()
    expect((await bob.witness.own([]))?.note).toBe(note)
  })

  it('comes with a proof from each size that was asked for and can be proven', async () => {
    await bob.append(...words(300))
    await bob.sign()
    const proofs = (await bob.witness.own([1, 299, 300, 301, 9_000]))?.proofs
    expect(proofs?.map(({ from }) => from)).toEqual([1, 299])
    expect((await bob.witness.own([1, 299]))?.proofs).toEqual(proofs)
  })
})

describe('a partner whose audit grows', () => {
  it('is consistent, and the newest is what is kept', async () => {
    await shownOf(5)
    for (const count of [1, 300, 40]) {
      await bob.append(...words(count, bob.size))
      const note = await bob.sign()
      expect(await alice.meet(bob)).toBeUndefined()
      expect(alice.kept(bob)).toMatchObject([{ standing: 'proven', size: bob.size, note }])
    }
    expect(await witnessedParty(alice.store, bob.peerId)).toMatchObject({ state: 'consistent' })
    expect(alice.alarms).toEqual([])
  })

  it('is unproven as long as it gives no proof, and consistent once it does', async () => {
    await shownOf(5)
    for (const count of [1, 2, 3, 4]) {
      await bob.append(...words(count, bob.size))
      await bob.sign()
      await alice.meet(bob, ({ proofs: _none, ...rest }) => rest)
    }
    // The two that came first, and the newest.
    expect(alice.kept(bob).map(({ standing, size }) => [standing, size])).toEqual([
      ['proven', 5],
      ['open', 6],
      ['open', 8],
      ['open', 15],
    ])
    expect(await witnessedParty(alice.store, bob.peerId)).toMatchObject({ state: 'unproven' })
    // Each time it was asked, and gave none; the same one shown again says nothing new.
    await alice.meet(bob, ({ proofs: _none, ...rest }) => rest)
    expect(alice.alarms).toEqual(Array(4).fill('witness.unproven'))
    await alice.meet(bob)
    expect(alice.kept(bob).map(({ standing, size }) => [standing, size])).toEqual([['proven', 15]])
  })

  it('can not prove from records that it has removed, and is not accused of that', async () => {
    await shownOf(100)
    await bob.append(...words(400, 100))
    await bob.sign()
    const order = { before: Date.now(), dryRun: false, operator: currentOperator('old') }
    expect(await pruneTrail(bob.store, bob.signer, bob.peerId, order)).toMatchObject({
      removed: 256,
    })
    await bob.sign()
    expect(await alice.meet(bob)).toBeUndefined()
    expect(await witnessedParty(alice.store, bob.peerId)).toMatchObject({
      state: 'unproven',
      proven: { size: 100 },
    })
    const newest = [...alice.store.repositories.audit.rows()].at(-1)?.text ?? ''
    expect(JSON.parse(newest)).toMatchObject({
      severity: 'warning',
      peerId: bob.peerId,
      data: { event: 'witness.unproven', shown: { size: bob.size }, kept: { size: 100 } },
    })
  })

  it('is seen when it was shown last, to a minute', async () => {
    await shownOf(5)
    const again = { type: 'Checkpoint' as const, ...(await bob.witness.own([5])) }
    await alice.hear(bob, again, [5], 30_000)
    expect(alice.kept(bob)).toMatchObject([{ since: 1_000, seenAt: 1_000 }])
    await alice.hear(bob, again, [5], 61_000)
    expect(alice.kept(bob)).toMatchObject([{ since: 1_000, seenAt: 61_000 }])
  })
})

describe('a partner whose audit was rolled back', () => {
  it('is found as soon as it shows less than before, and what is kept proves it to its owner', async () => {
    await shownOf(50)
    await copy.append(...words(40))
    await copy.sign()
    expect(await alice.meet(copy)).toMatch(/was rolled back: it has 40 records, and had 50/)
    expect(alice.alarms).toEqual(['witness.rolled_back'])
    const party = await witnessedParty(alice.store, bob.peerId)
    expect(party).toMatchObject({
      state: 'rolled_back',
      proven: { size: 50 },
      contradictions: [{ size: 40, against: { size: 50 } }],
    })
    const note = party?.proven.note ?? ''
    expect(await verifyTrail(copy.store, bob.peerId, [note])).toMatchObject({
      ok: false,
      firstBad: { problem: 'missing', seq: 41, upTo: 50 },
    })
    expect(await verifyTrail(bob.store, bob.peerId, [note])).toMatchObject({
      ok: true,
      provenUpTo: 50,
    })
  })

  it('is found if it says that it has none', async () => {
    await shownOf(50)
    await copy.witness.prepare()
    expect(await alice.meet(copy)).toMatch(/rolled back: it has 0 records, and had 50/)
  })

  it('is found forked when it has grown past what it had shown', async () => {
    await shownOf(50)
    await copy.append(...words(40))
    await copy.append(...words(30, 40, 'other'))
    await copy.sign()
    expect(await alice.meet(copy)).toMatch(/of 70 records, does not go on from the 50/)
  })

  it('is not accused by a session that began before it had shown more', async () => {
    await bob.append(...words(5))
    await bob.sign()
    const late = { type: 'Checkpoint' as const, ...(await bob.witness.own([])) }
    await shownOf(5)
    expect(alice.kept(bob)).toMatchObject([{ size: 10 }])
    expect(await alice.hear(bob, late, [])).toBeUndefined()
    expect(alice.kept(bob)).toMatchObject([{ size: 5, standing: 'open' }, { size: 10 }])
    expect(alice.alarms).toEqual([])
    await alice.meet(bob)
    expect(alice.kept(bob)).toMatchObject([{ size: 10, standing: 'proven' }])
  })
})

it('“I have none”, said before another session showed one, is nothing to keep', async () => {
  await shownOf(5)
  expect(await alice.hear(bob, { type: 'Checkpoint' }, [])).toBeUndefined()
  expect(await alice.witness.sizesOf(bob.peerId)).toEqual([5])
  expect(alice.alarms).toEqual([])
})

describe('a partner whose audit was forked', () => {
  it('is found at the same size, and both notes are kept', async () => {
    await shownOf(50)
    const [kept] = alice.kept(bob)
    await copy.append(...words(40), ...words(10, 40, 'other'))
    const note = await copy.sign()
    expect(await alice.meet(copy)).toMatch(/does not go on/)
    expect((await witnessedParty(alice.store, bob.peerId))?.contradictions).toMatchObject([
      { standing: 'forked', note, against: { size: 50, note: kept?.note } },
    ])
  })

  it('has its alarm stand, and told once, whatever comes after', async () => {
    await shownOf(50)
    await copy.append(...words(60, 0, 'other'))
    await copy.sign()
    expect(await alice.meet(copy)).toBeDefined()
    expect(await alice.meet(copy)).toBeUndefined()
    await bob.append('more')
    await bob.sign()
    expect(await alice.meet(bob)).toBeUndefined()
    expect(alice.alarms).toEqual(['witness.forked'])
    expect(await witnessedParty(alice.store, bob.peerId)).toMatchObject({
      state: 'forked',
      proven: { size: 51 },
    })
    expect(await alarmedParties(alice.store)).toBe(1)
  })

  it('can not fill the store with ever new contradictions', async () => {
    await shownOf(100)
    for (let times = 0; times < 30; times += 1) {
      await copy.append(`other ${times}`)
      await copy.sign()
      await alice.meet(copy)
    }
    expect(alice.kept(bob)).toHaveLength(17)
    expect(alice.alarms).toHaveLength(16)
  })

  it('is believed anew once the operator has forgotten it, which is recorded', async () => {
    await shownOf(50)
    await copy.append(...words(40))
    await copy.sign()
    await alice.meet(copy)
    const party = await witnessedParty(alice.store, bob.peerId)
    if (party === undefined) throw new Error('nothing kept')
    await forgetParty(alice.store, party, currentOperator('a new machine'))
    expect(alice.kept(bob)).toEqual([])
    const newest = [...alice.store.repositories.audit.rows()].at(-1)?.text ?? ''
    expect(JSON.parse(newest)).toMatchObject({
      type: 'operator',
      peerId: bob.peerId,
      data: { command: 'audit witnesses --forget', reason: 'a new machine', state: 'rolled_back' },
    })
    expect(await alice.meet(copy)).toBeUndefined()
    expect(await witnessedParty(alice.store, bob.peerId)).toMatchObject({ state: 'consistent' })
  })
})

describe('what is no checkpoint of that partner', () => {
  it.each([
    ['another’s', 'foreign'],
    ['a changed one', 'bad_signature'],
    ['anything', 'malformed'],
    ['what moves a cursor, though it is signed', 'hostile'],
  ])('is recorded and not kept: %s', async (_name, problem) => {
    await bob.append('one')
    const note = await bob.sign()
    await alice.append('one')
    const notes: Readonly<Record<string, string>> = {
      foreign: await alice.sign(),
      bad_signature: note.replace('\n1\n', '\n2\n'),
      malformed: 'trust me',
      hostile: signNote(
        `${bob.signer.name}\n1\n${note.split('\n')[2]}\n\u009b2J\u202e\n`,
        bob.signer,
      ),
    }
    const checkpoint = { type: 'Checkpoint' as const, note: notes[problem] ?? '' }
    expect(await alice.hear(bob, checkpoint, [])).toBeUndefined()
    expect(alice.kept(bob)).toEqual([])
    const newest = [...alice.store.repositories.audit.rows()].at(-1)?.text ?? ''
    expect(JSON.parse(newest)).toMatchObject({
      severity: 'warning',
      peerId: bob.peerId,
      data: {
        event: 'witness.invalid',
        problem: problem === 'hostile' ? 'malformed' : problem,
      },
    })
  })
})

it('partners are listed with the alarms first, then by who was seen last', async () => {
  const carol = new TestParty(3)
  await carol.append('one')
  await carol.sign()
  await alice.meet(carol)
  await shownOf(5)
  expect(await witnessedParties(alice.store, 10)).toHaveLength(2)
  await copy.append('other')
  await copy.sign()
  await alice.meet(copy)
  const again = { type: 'Checkpoint' as const, ...(await carol.witness.own([1])) }
  await alice.hear(carol, again, [1], 900_000)
  expect((await witnessedParties(alice.store, 10)).map(({ peerId }) => peerId)).toEqual([
    bob.peerId,
    carol.peerId,
  ])
  expect(await witnessedParties(alice.store, 1)).toHaveLength(1)
  carol.store.close()
})
