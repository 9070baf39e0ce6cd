import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { InvitationGrant } from '../../../src/service/invitations/mint.ts'
import { listener, type RunningListener } from './cli.ts'
import { invite } from './invite.ts'

/** All who redeem in a file come from one address. */
const LISTEN = [
  ...['--listen', '/ip4/127.0.0.1/tcp/0', '--listen', '/ip4/127.0.0.1/tcp/0/ws'],
  ...['--rate-limit', '1000'],
]

interface Inviter {
  readonly directory: string
  readonly listening: RunningListener
  /** Another invitation of it; each test has its own. */
  invite(grant?: Partial<InvitationGrant>): Promise<{ readonly link: string; readonly id: string }>
}

/** Has one listener, started by the first test of a file that asks for it, serve all that do. */
export function sharedInviter(): () => Promise<Inviter> {
  let kept: Promise<Inviter> | undefined
  const endings: (() => unknown)[] = []
  afterAll(async () => {
    for (const end of endings) await end()
  })
  const start = async (): Promise<Inviter> => {
    const directory = await mkdtemp(join(tmpdir(), 'taleus-e2e-'))
    endings.push(() => rm(directory, { recursive: true, force: true }))
    const listening = await listener(directory, LISTEN, {
      atEnd: (end) => void endings.unshift(end),
    })
    return {
      directory,
      listening,
      invite: (grant) => invite(directory, listening.addresses, grant),
    }
  }
  return () => {
    kept ??= start()
    return kept
  }
}
