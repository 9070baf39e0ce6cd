import { expect, test } from 'vitest'
import { dataDirectory, listener, startTaleus, taleusJson } from '../support/cli.ts'
import { freeAddress } from '../support/free-address.ts'
import { invite } from '../support/invite.ts'
import { onTerminal } from '../support/terminal.ts'

/** An address that nobody listens on, and an invitation to it. */
async function awayInviter(uses = 1) {
  const [directory, address] = [await dataDirectory(), await freeAddress()]
  return { directory, address, ...(await invite(directory, [address], { uses })) }
}

async function sessionsOf(directory: string): Promise<readonly Record<string, unknown>[]> {
  const { json } = await taleusJson(directory, ['sessions'])
  return Array.isArray(json['sessions']) ? json['sessions'] : []
}

test('an inviter who is not there yet is waited for, and the tally is made once it comes', async () => {
  const [alice, bob] = [await awayInviter(2), await dataDirectory()]
  const waiting = startTaleus(bob, ['bootstrap', '-', '--yes', '--wait', '5m', '--json'], {
    input: alice.link,
  })
  const shown = startTaleus(
    await dataDirectory(),
    ['bootstrap', '-', '--dry-run', '--wait', '5m'],
    {
      input: alice.link,
    },
  )
  await shown.tells('Waiting: inviter not reached, since ')
  await shown.tells('^C leaves it')
  await listener(alice.directory, ['--listen', alice.address])
  const { code, stdout, stderr } = await waiting.finished
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(JSON.parse(stdout)).toMatchObject({ status: 'confirmed' })
  expect((await shown.finished).code).toBe(0)
  expect(await sessionsOf(bob)).toMatchObject([{ state: 'COMPLETED' }])
})

test('a wait that is over ends as without one: nobody was reached, nothing was disclosed, no session stands there', async () => {
  const [alice, bob] = [await awayInviter(), await dataDirectory()]
  const args = ['bootstrap', alice.link, '--yes', '--wait', '2s']
  const { code, json } = await taleusJson(bob, args)
  expect({ code, json }).toMatchObject({
    code: 6,
    json: { error: { code: 'unreachable', disclosed: [] } },
  })
  expect(await sessionsOf(bob)).toEqual([])
})

test.each([
  ['SIGINT', 130, 'interrupted'],
  ['SIGTERM', 143, 'terminated'],
] as const)(
  '%s ends the wait at once, and says what was waited for',
  async (signal, exit, word) => {
    const [alice, bob] = [await awayInviter(), await dataDirectory()]
    const waiting = startTaleus(bob, ['bootstrap', alice.link, '--yes', '--wait', '1h'])
    await waiting.tells('Waiting: ')
    waiting.signal(signal)
    const { code, stderr } = await waiting.finished
    expect(code).toBe(exit)
    expect(stderr.toLowerCase()).toContain(
      `${word} before the end (while waiting: inviter not reached)`,
    )
    expect(stderr).toContain('Run the same command again')
  },
)

test('where there is a tally of the link already, an inviter who is away is not waited for', async () => {
  const [alice, bob] = [await awayInviter(), await dataDirectory()]
  const link = ['bootstrap', alice.link, '--yes']
  const first = await listener(alice.directory, ['--listen', alice.address])
  expect((await taleusJson(bob, link)).code).toBe(0)
  await first.stop()
  const again = await taleusJson(bob, [...link, '--wait', '1h'])
  expect(again).toMatchObject({ code: 0, json: { status: 'confirmed', since: expect.any(String) } })
})

test.each([
  ['1', '--wait: a duration is a number with a unit'],
  ['0s', '--wait: at least 1s'],
  ['30d', '--wait: at most 7d'],
])('--wait %s is refused before anything is read', async (wait, message) => {
  const args = ['bootstrap', '-', '--yes', '--wait', wait]
  const { code, json } = await taleusJson(await dataDirectory(), args)
  const text = expect.stringContaining(message)
  expect({ code, json }).toMatchObject({ code: 2, json: { error: { message: text } } })
})

test('a terminal shows one line while it waits, and the question afterwards', async () => {
  const [alice, bob] = [await awayInviter(), await dataDirectory()]
  const terminal = onTerminal(bob, ['bootstrap', alice.link, '--wait', '5m'])
  await terminal.shows('Waiting since ')
  await terminal.shows('next try')
  await listener(alice.directory, ['--listen', alice.address])
  await terminal.shows('Start this tally?')
  expect(terminal.screen.join('\n')).not.toContain('Waiting')
  terminal.type('n\r')
  expect(await terminal.exited).toBe(7)
})
