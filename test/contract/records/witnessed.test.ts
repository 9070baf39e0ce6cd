import { expect, it } from 'vitest'
import { witnessedRecords } from '../../../src/store/audit/witnessed-records.ts'
import { change, type Query } from '../../../src/store/query/query.ts'
import { onEachEngine } from './on-each-engine.ts'

const ADD = `
  INSERT INTO witnessed (peer_id, size, standing, root, note, since, seen_at, session_id, against_size, against_note)
  VALUES (?1, ?2, ?3, ?4, 'note', 1, ?5, 's', CAST(?6 AS BIGINT), CASE WHEN CAST(?6 AS BIGINT) IS NULL THEN NULL ELSE 'other' END)`

/** As sessions keep them. */
function* shown(): Query<void> {
  const root = new Uint8Array(32).fill(7)
  yield* change(ADD, 'peer-of-alice', 5, 'proven', root, 100, null)
  yield* change(ADD, 'peer-of-alice', 9, 'open', root, 200, null)
  yield* change(ADD, 'peer-of-bob', 3, 'proven', root, 50, null)
  yield* change(ADD, 'peer-of-bob', 2, 'rolled_back', root, 60, 3)
  yield* change(ADD, 'other', 1, 'proven', root, 300, null)
}

onEachEngine('checkpoints of other parties', (ask) => {
  it('are listed by party, those that contradict themselves first', async () => {
    await ask(shown)
    expect(await ask(() => witnessedRecords.peers(10))).toEqual([
      'peer-of-bob',
      'other',
      'peer-of-alice',
    ])
    expect(await ask(() => witnessedRecords.peers(1))).toEqual(['peer-of-bob'])
    expect(await ask(() => witnessedRecords.countPeers())).toBe(3)
    expect(await ask(() => witnessedRecords.alarmed())).toBe(1)
    const [rolledBack, proven] = await ask(() => witnessedRecords.ofPeer('peer-of-bob'))
    expect(Buffer.from(proven?.root ?? []).toString('hex')).toBe('07'.repeat(32))
    expect([rolledBack, proven]).toMatchObject([
      { size: 2, standing: 'rolled_back', against: { size: 3, note: 'other' } },
      { size: 3, standing: 'proven', seenAt: 50 },
    ])
    expect(await ask(() => witnessedRecords.sizesOf('peer-of-bob'))).toEqual([3])
  })

  it('are found by both ends of a peer id, and forgotten with it', async () => {
    await ask(shown)
    const like = async (part: string) =>
      [...(await ask(() => witnessedRecords.peersLike(part)))].sort()
    expect(await like('peer')).toEqual(['peer-of-alice', 'peer-of-bob'])
    expect(await like('alice')).toEqual(['peer-of-alice'])
    expect(await like('a much longer text than any of them')).toEqual([])
    expect(await ask(() => witnessedRecords.forget('peer-of-alice'))).toBe(2)
    expect(await ask(() => witnessedRecords.forget('peer-of-alice'))).toBe(0)
    expect(await ask(() => witnessedRecords.sizesOf('peer-of-alice'))).toEqual([])
  })
})
