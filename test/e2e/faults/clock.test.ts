import { expect, test } from 'vitest'
import { openStore } from '../../../src/store/transaction/store.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'

const DAY = 86_400_000

/** As if the computer's clock had once said so: it says something earlier now. */
async function haveSeen(directory: string, at: number): Promise<void> {
  const store = openStore(`${directory}/taleus.db`)
  await store.write(({ time }) => time.remember(at))
  store.close()
}

async function statuses(directory: string): Promise<readonly unknown[]> {
  const { json } = await taleusJson(directory, ['token', 'list'])
  return Array.isArray(json['tokens']) ? json['tokens'].map(({ status }) => status) : []
}

test('what has expired by a time that the inviter has seen once stays so until the clock is trusted', async () => {
  const [alice, bob, carol] = [await dataDirectory(), await dataDirectory(), await dataDirectory()]
  const first = await listener(alice)
  const announce = first.addresses.flatMap((address) => ['--announce', address])
  const again = first.addresses.flatMap((address) => ['--listen', address])
  const create = ['token', 'create', '--unlimited', '--expires', '1d', ...announce]
  const { json } = await taleusJson(alice, create)
  const redeem = ['bootstrap', String(json['link']), '--yes']
  expect((await taleus(bob, redeem)).code).toBe(0)
  await first.stop()

  await haveSeen(alice, Date.now() + 2 * DAY)
  expect(await statuses(alice)).toEqual(['expired'])
  const second = await listener(alice, again)
  const warned = await second.line(({ type }) => type === 'problem')
  expect(warned['detail']).toContain('--trust-clock')
  expect(await taleusJson(carol, redeem)).toMatchObject({
    code: 4,
    json: { error: { code: 'expired' } },
  })
  // What it led to before stays the holder's.
  expect((await taleus(bob, redeem)).code).toBe(0)
  const late = await taleus(alice, create)
  expect(late).toMatchObject({ code: 0 })
  expect(late.stderr).toContain('--trust-clock')
  await second.stop()

  const third = await listener(alice, [...again, '--trust-clock'])
  expect(await statuses(alice)).toEqual(['open', 'open'])
  expect((await taleus(carol, redeem)).code).toBe(0)
  expect(third.lines.filter(({ type }) => type === 'problem')).toEqual([])
  expect(await third.stop()).toBe(0)
  expect((await taleus(alice, ['audit', 'verify'])).code).toBe(0)
  const store = openStore(`${alice}/taleus.db`)
  const records = [...store.repositories.audit.rows()].map(({ text }) => JSON.parse(text).data)
  store.close()
  expect(records.filter(({ event }) => event === 'clock.jumped')).toHaveLength(1)
  expect(records).toContainEqual(expect.objectContaining({ command: 'listen --trust-clock' }))
})

test('an invitee who has once seen a wrong time asks the inviter, whose clock counts', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  await listener(alice)
  const { json } = await taleusJson(alice, ['token', 'create', '--expires', '1d'])
  await taleus(bob, ['identity', 'set', 'name='])
  await haveSeen(bob, Date.now() + 2 * DAY)
  expect((await taleus(bob, ['bootstrap', String(json['link']), '--yes'])).code).toBe(0)
})
