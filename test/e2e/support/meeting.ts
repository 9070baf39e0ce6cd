import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { dataDirectory, type Finished, listener, taleus, taleusJson } from './cli.ts'

/** A listener runs on Alice's directory while Bob redeems; it is stopped then, and so has signed. */
export async function meet(alice: string, bob: string, contacts = 1): Promise<Finished> {
  const listening = await listener(alice)
  const made = await taleusJson(alice, ['token', 'create', '--unlimited'])
  const link = String(made.json['link'])
  let last = await taleus(bob, ['bootstrap', link, '--yes'])
  for (let nth = 1; nth < contacts; nth += 1) {
    last = await taleus(bob, ['bootstrap', link, '--yes', '--another'])
  }
  expect(await listening.stop()).toBe(0)
  return last
}

/** What a party's witnesses say, and the exit code. */
export async function witnesses(directory: string) {
  const { code, json } = await taleusJson(directory, ['audit', 'witnesses'])
  return { code, json, witnesses: json['witnesses'] }
}

/** Bob's note of Alice's audit, held against what she has. */
export async function verifiedByPartner(alice: string, bob: string, peer: unknown) {
  const { code, stdout } = await taleus(bob, ['audit', 'witnesses', String(peer), '--note'])
  expect(code).toBe(0)
  const file = join(bob, 'of-alice')
  writeFileSync(file, stdout)
  return await taleusJson(alice, ['audit', 'verify', '--against', file])
}

/** Bob and Alice have met twice: each keeps a checkpoint of the other. */
export async function acquainted() {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  await meet(alice, bob)
  await meet(alice, bob, 2)
  const peers = await Promise.all(
    [alice, bob].map(async (directory) => {
      const { json } = await taleusJson(directory, ['audit', 'checkpoint'])
      return String(json['origin']).split('/').at(-1)
    }),
  )
  return { alice, bob, peerOfAlice: peers[0], peerOfBob: peers[1] }
}
