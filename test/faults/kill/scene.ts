import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  generatePrivateKeyBytes,
  peerIdOfKeyBytes,
} from '../../../src/network/identity/key-bytes.ts'
import { compact } from '../../../src/protocol/base/compact.ts'
import { issueInvitation } from '../../../src/service/invitations/issue-invitation.ts'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { ensureKey } from '../../../src/store/directory/key-file.ts'
import { openMarkedStore } from '../../../src/store/transaction/open-marked-store.ts'
import type { Flow } from './points.ts'

/** Two people, and what passes between them by hand. */
export interface Scene {
  readonly root: string
  readonly alice: string
  readonly bob: string
  readonly address: string
  /** The address of the relay, by which alone they meet; it has to come back there, too. */
  readonly relay?: string
  readonly link: string
  readonly tokenId: string
  readonly flow: Flow
}

/** A listener has to come back where it was, on a port that nobody is given by chance meanwhile. */
const PORTS = { first: 12_000, count: 20_000 }

/**
 * A one-time invitation that is good for an hour. Remove `root` afterwards.
 * @param isRelayed there is a relay
 * @param byHand the inviter says yes to each request
 */
export async function setScene(flow: Flow, isRelayed = false, byHand = false): Promise<Scene> {
  const root = await mkdtemp(join(tmpdir(), 'taleus-kill-'))
  const [alice, bob] = [join(root, 'alice'), join(root, 'bob')]
  await mkdir(bob, { mode: 0o700 })
  const address = `/ip4/127.0.0.1/tcp/${await freePort()}`
  const relay = isRelayed ? `/ip4/127.0.0.1/tcp/${await freePort()}` : undefined
  const directory = openDataDirectory(alice)
  const key = ensureKey(directory, generatePrivateKeyBytes)
  const store = await openMarkedStore(directory)
  const grant = {
    role: flow.role,
    uses: 1,
    required: flow.identity ? ['name'] : [],
    optional: [],
    terms: { unit: 'EUR' },
    ...(byHand ? { byHand } : {}),
  }
  const way = relay === undefined ? address : `${relay}/p2p-circuit`
  const expiresAt = Date.now() + 3_600_000
  const init = { peerId: peerIdOfKeyBytes(key), addresses: [way], expiresAt }
  const { link, token } = await issueInvitation(store, grant, init)
  store.close()
  return compact({ root, alice, bob, address, relay, link, tokenId: token.id, flow })
}

export async function clear({ root }: Scene): Promise<void> {
  await rm(root, { recursive: true, force: true })
}

export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
