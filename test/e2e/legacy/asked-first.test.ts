import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { OlderInvitee, type OlderLink } from '../../support/legacy/older-invitee.ts'
import { dataDirectory, listener, taleusJson } from '../support/cli.ts'

const BUSY = 'Service temporarily unavailable - too many concurrent sessions'

interface Pending {
  readonly pending: readonly { readonly id: string; readonly peerId: string }[]
}

test.each(['stock', 'foil'])(
  'an older peer waits for the yes of an inviter of the %s that is asked first, and then gets its tally',
  async (role) => {
    const directory = await dataDirectory()
    await listener(directory, ['--listen', '/ip4/127.0.0.1/tcp/0', '--legacy'])
    const file = join(directory, 'link.json')
    const create = ['token', 'create', '--approve', '--role', role, '--legacy-link', file]
    await taleusJson(directory, create)
    const link: OlderLink = JSON.parse(await readFile(file, 'utf8'))
    const invitee = await OlderInvitee.start()
    const connection = await invitee.connect(link)
    for (let tries = 0; tries < 2; tries += 1) {
      const answer = await invitee.ask(connection, invitee.message(link))
      expect(answer).toEqual({ approved: false, reason: BUSY })
    }
    const { json } = await taleusJson(directory, ['sessions', 'pending'])
    const { pending } = json as unknown as Pending
    expect(pending.map(({ peerId }) => peerId)).toEqual([invitee.peerId])
    expect((await taleusJson(directory, ['tally', 'list'])).json).toMatchObject({ tallies: [] })
    await taleusJson(directory, ['sessions', 'approve', String(pending[0]?.id)])
    const tallyId = await invitee.redeem(link, 'after-the-yes')
    const shown = await taleusJson(directory, ['tally', 'show', tallyId])
    expect(shown.json).toMatchObject({ role, status: 'confirmed' })
  },
)

test('an older peer that the inviter says no to gets nothing, however often it comes', async () => {
  const directory = await dataDirectory()
  await listener(directory, ['--listen', '/ip4/127.0.0.1/tcp/0', '--legacy'])
  const file = join(directory, 'link.json')
  await taleusJson(directory, ['token', 'create', '--approve', '--legacy-link', file])
  const link: OlderLink = JSON.parse(await readFile(file, 'utf8'))
  const invitee = await OlderInvitee.start()
  const connection = await invitee.connect(link)
  await invitee.ask(connection, invitee.message(link))
  const { json } = await taleusJson(directory, ['sessions', 'pending'])
  const [asked] = (json as unknown as Pending).pending
  await taleusJson(directory, ['sessions', 'deny', String(asked?.id), '--reason', 'not today'])
  for (let tries = 0; tries < 2; tries += 1) {
    const answer = await invitee.ask(connection, invitee.message(link))
    expect(answer).toEqual({ approved: false, reason: 'Invalid token' })
  }
})
