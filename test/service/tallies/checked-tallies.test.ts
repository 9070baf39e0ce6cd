import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../src/protocol/base/digest.ts'
import { decodeMessage } from '../../../src/protocol/message/message-codec.ts'
import { checkedTallies, type TallyFault } from '../../../src/service/tallies/checked-tallies.ts'
import { editTally } from '../../../src/service/tallies/edit-tally.ts'
import type { TallyRecord } from '../../../src/service/tallies/read-tally.ts'
import { verifyAll } from '../../../src/service/trail/verify-all.ts'
import { tallyChunkRecords } from '../../../src/store/records/tally-chunk-records.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { automergeDatabase } from '../../../src/tally/automerge-database.ts'
import { deriveDocument } from '../../../src/tally/document.ts'
import { withdrawOffers } from '../../support/session/reaping.ts'
import { ALICE } from '../../support/session/witnesses.ts'
import { type TestNode, World } from '../../support/session/world.ts'

const SIDES = ['alice', 'bob'] as const

/** Both sides of one tally, confirmed and signed by both. */
async function agreed(initiatorRole: 'stock' | 'foil' = 'stock'): Promise<World> {
  const world = new World()
  const link = world.invite({ initiatorRole, terms: { limit: 200 } })
  await world.redeemed(link, { identity: { name: 'Bob' } })
  return world
}

async function tallyOf({ tallies }: TestNode): Promise<TallyRecord> {
  const [tally] = await tallies
  if (tally === undefined) throw new Error('there is no tally')
  return tally
}

/** Changes the tally in the store, past everything that would not. */
async function alter(node: TestNode, change: (tally: TallyRecord) => TallyRecord): Promise<void> {
  const tally = await tallyOf(node)
  await node.store.write(({ tallies }) => {
    tallies.remove(tally.tallyId)
    tallies.insert(change(tally))
  })
}

function withDraft(tally: TallyRecord, text: string, sha256: string): TallyRecord {
  return { ...tally, built: { ...tally.built, draft: { text, sha256 } } }
}

async function faultsAt({ store, tallies, peerId }: TestNode): Promise<readonly TallyFault[]> {
  return (await checkedTallies(store, await tallies, peerId)).flatMap(({ faults }) => faults)
}

async function verified({ store, peerId }: TestNode) {
  const { ok, tallies } = await verifyAll(store, peerId)
  return { ok, faults: tallies.first.flatMap(({ faults }) => faults) }
}

describe.each(['stock', 'foil'] as const)('a tally (inviter holds %s)', (role) => {
  it('fits together on both sides', async () => {
    const world = await agreed(role)
    for (const side of SIDES) {
      expect(await faultsAt(world[side])).toEqual([])
      expect(await verified(world[side])).toEqual({ ok: true, faults: [] })
    }
  })

  it.each(SIDES)('whose draft was changed in the store of %s does not', async (side) => {
    const world = await agreed(role)
    await alter(world[side], (tally) => {
      const { text, sha256 } = tally.built.draft
      return withDraft(tally, text.replace('"limit":200', '"limit":900'), sha256)
    })
    expect(await faultsAt(world[side])).toEqual(['draft_hash'])
    expect(await verified(world[side])).toEqual({ ok: false, faults: ['draft_hash'] })
  })

  it.each(SIDES)(
    'whose draft was changed with its hash (%s) is not what was signed',
    async (side) => {
      const world = await agreed(role)
      await alter(world[side], (tally) => {
        const text = tally.built.draft.text.replace('"limit":200', '"limit":900')
        return withDraft(tally, text, sha256Hex(text))
      })
      const both: readonly TallyFault[] = ['inviter_signature', 'invitee_signature']
      expect(await faultsAt(world[side])).toEqual(both)
      expect(await verified(world[side])).toEqual({ ok: false, faults: [...both, 'audit'] })
    },
  )

  it.each(SIDES)(
    'whose receipt was taken out as well (%s) is not what the audit names',
    async (side) => {
      const world = await agreed(role)
      await alter(world[side], ({ receipt: _, ...tally }) => {
        const text = tally.built.draft.text.replace('"limit":200', '"limit":900')
        return withDraft(tally, text, sha256Hex(text))
      })
      // Where the invitee builds, the inviter signs last, which the invitee's audit does not tell.
      const missed = role === 'stock' || side === 'alice' ? ['receipt_missing'] : []
      expect(await verified(world[side])).toEqual({ ok: false, faults: ['audit', ...missed] })
    },
  )

  it.each(['engine', 'endpoint', 'credentialsRef'] as const)(
    'whose database was changed (%s) is not what the audit names',
    async (part) => {
      const world = await agreed(role)
      for (const side of SIDES) {
        await alter(world[side], (tally) => {
          const database = { ...tally.built.database, [part]: 'evil' }
          return { ...tally, built: { ...tally.built, database } }
        })
        expect(await verified(world[side])).toEqual({ ok: false, faults: ['database'] })
      }
    },
  )

  it('whose receipt was taken out is missed by who was told of it signed', async () => {
    const world = await agreed(role)
    for (const side of role === 'stock' ? SIDES : (['alice'] as const)) {
      await alter(world[side], ({ receipt: _, ...tally }) => tally)
      expect(await verified(world[side])).toEqual({ ok: false, faults: ['receipt_missing'] })
    }
  })

  it.each(SIDES)('that is gone from the store of %s is missed', async (side) => {
    const { [side]: node } = await agreed(role)
    const { tallyId } = await tallyOf(node)
    await node.store.transact(() => tallyRecords.remove(tallyId))
    expect(await verified(node)).toEqual({ ok: false, faults: ['missing'] })
  })
})

it('an offer that was withdrawn is missed in neither store', async () => {
  const world = new World()
  const link = world.invite()
  const isAck = (payload: Uint8Array) => decodeMessage(payload).type === 'Acknowledgment'
  world.faults = {
    fate: (side, payload) => (side === 'dialer' && isAck(payload) ? 'drop' : 'deliver'),
  }
  await world.redeemed(link)
  world.faults = {}
  await world.pass(10_000)
  expect(await verified(world.alice)).toEqual({ ok: true, faults: [] })
  await withdrawOffers(world.alice)
  expect(await world.alice.tallies).toEqual([])
  expect(await world.redeemed(link)).toMatchObject({ reason: 'withdrawn' })
  expect(await world.bob.tallies).toMatchObject([{ status: 'withdrawn' }])
  for (const side of SIDES) expect(await verified(world[side])).toEqual({ ok: true, faults: [] })
})

describe('a tally whose', () => {
  const wrongs: readonly [string, TallyFault, (tally: TallyRecord) => TallyRecord][] = [
    ['partner is another', 'partner', (tally) => partner(tally, { peerId: 'eve' })],
    ['partner told something else', 'partner', (tally) => partner(tally, { identity: { a: 'b' } })],
    ['time is another', 'draft_facts', (tally) => ({ ...tally, createdAt: tally.createdAt + 1 })],
    ['redemption is another', 'invitee_signature', (tally) => ({ ...tally, redemptionId: 'x' })],
    ['draft is none', 'draft_malformed', (tally) => withDraft(tally, '{}', sha256Hex('{}'))],
  ]
  const partner = (tally: TallyRecord, other: Partial<TallyRecord['partner']>) => ({
    ...tally,
    partner: { ...tally.partner, ...other },
  })

  it.each(wrongs)('%s is told so: %s', async (_what, fault, change) => {
    const { alice } = await agreed()
    await alter(alice, change)
    expect(await faultsAt(alice)).toContain(fault)
  })

  it.each([
    ['alice', 'offered'],
    ['alice', 'held'],
    ['alice', 'withdrawn'],
    ['bob', 'held'],
    ['bob', 'offered'],
  ] as const)(
    'status is another than the one that was agreed on (%s: %s) is told so',
    async (side, status) => {
      const { [side]: node } = await agreed()
      await alter(node, (tally) => ({ ...tally, status: status === 'withdrawn' ? 'held' : status }))
      expect(await faultsAt(node)).toEqual(['status'])
      expect(await verified(node)).toEqual({ ok: false, faults: ['status'] })
    },
  )
})

describe('the document of a tally', () => {
  /** Alice's tally, kept by the default engine. */
  async function kept(): Promise<TestNode> {
    const { alice } = await agreed()
    await alter(alice, (tally) => {
      return { ...tally, built: { ...tally.built, database: automergeDatabase(tally.tallyId) } }
    })
    return alice
  }

  it('fits, unopened and changed', async () => {
    const alice = await kept()
    expect(await faultsAt(alice)).toEqual([])
    const edit = { at: 1_790_000_000_000, key: 'note', value: 'lunch' }
    await editTally(alice.store, await tallyOf(alice), edit, ALICE)
    expect(await faultsAt(alice)).toEqual([])
  })

  it('that began with another draft is told so', async () => {
    const alice = await kept()
    const { tallyId, built } = await tallyOf(alice)
    const other = deriveDocument(tallyId, built.draft.text.replace('200', '900'))
    await alice.store.transact(() =>
      tallyChunkRecords.add(tallyId, { added: [other], isFolded: false }),
    )
    expect(await faultsAt(alice)).toEqual(['document'])
    expect(await verified(alice)).toEqual({ ok: false, faults: ['document'] })
  })

  it('that is damaged is told so, and the others are checked all the same', async () => {
    const alice = await kept()
    const { tallyId } = await tallyOf(alice)
    await alice.store.transact(() =>
      tallyChunkRecords.add(tallyId, { added: [Uint8Array.of(1, 2)], isFolded: false }),
    )
    expect(await faultsAt(alice)).toEqual(['document_unreadable'])
  })
})
