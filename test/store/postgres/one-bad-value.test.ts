import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Work } from '../../../src/session/ports/work.ts'
import type { OpenEngine } from '../../contract/session-store/engine.ts'
import { factsOf } from '../../contract/session-store/store-driver.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'
import { POSTGRES } from '../../support/store/postgres-engine.ts'
import { T0, tokenToIssue } from '../fixtures.ts'

const declining = (peer: string, reason: string): Work => [
  { op: 'decline', tokenId: 'one', reason, now: T0, facts: factsOf(peer) },
]

describe.skipIf(!canRunPostgres())('a value that PostgreSQL does not take', () => {
  let open: OpenEngine
  beforeEach(async () => {
    open = await POSTGRES.open()
    await open.addToken(tokenToIssue('one', 1))
  })
  afterEach(() => open.close())

  it('fails the work that it is in, and none that shares its commit', async () => {
    const { store } = open
    const works = [declining('bob', 'no'), declining('carol', 'a\0b'), declining('dave', 'no')]
    const submitted = works.map((work) => store.submit(work))
    const ends = await Promise.allSettled(submitted.map(({ durable }) => durable))
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const { hasDeclined } = store.lookups.tokens
    const peers = ['bob', 'carol', 'dave']
    expect(await Promise.all(peers.map((peer) => hasDeclined('one', peer)))).toEqual([
      true,
      false,
      true,
    ])
    expect(await open.inspect.audit()).toHaveLength(2)
  })
})
