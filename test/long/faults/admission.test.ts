import { expect, test } from 'vitest'
import { dataDirectory, listener, taleus, taleusJson } from '../../e2e/support/cli.ts'

async function standingLink(directory: string): Promise<string> {
  const { json } = await taleusJson(directory, ['token', 'create', '--unlimited'])
  return String(json['link'])
}

test('who is limited comes again by itself when there is time for it, and else is told when', async () => {
  const alice = await dataDirectory()
  const bob = await dataDirectory()
  const listening = await listener(alice, ['--listen', '/ip4/127.0.0.1/tcp/0', '--rate-limit', '6'])
  const link = await standingLink(alice)
  const redeem = ['bootstrap', link, '--yes', '--another', '--timeout']
  for (let round = 0; round < 6; round += 1) {
    expect((await taleus(bob, [...redeem, '30s'])).code).toBe(0)
  }
  const { code, json } = await taleusJson(bob, [...redeem, '1s'])
  expect(code).toBe(9)
  expect(json['error']).toMatchObject({
    code: 'rate_limited',
    exitCode: 9,
    retryAfterMs: expect.any(Number),
    nextStep: expect.stringMatching(/again in \d+ s/),
  })
  expect((await taleus(bob, [...redeem, '60s'])).code).toBe(0)
  expect(listening.lines.filter(({ code: refused }) => refused === 'rate_limited')).not.toEqual([])
  // Nobody else had to wait for it.
  const { json: status } = await taleusJson(alice, ['status'])
  expect(status).toMatchObject({ running: true })
})
