import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  generatePrivateKeyBytes,
  peerIdOfKeyBytes,
} from '../../../src/network/identity/key-bytes.ts'
import type { Role } from '../../../src/protocol/base/role.ts'
import { issueInvitation } from '../../../src/service/invitations/issue-invitation.ts'
import { legacyLinkOf } from '../../../src/service/invitations/legacy-link.ts'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { ensureKey } from '../../../src/store/directory/key-file.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { openMarkedStore } from '../../../src/store/transaction/open-marked-store.ts'
import type { Store } from '../../../src/store/transaction/store.ts'
import { OlderInvitee, type OlderLink } from '../../support/legacy/older-invitee.ts'
import { OlderInviter } from '../../support/legacy/older-inviter.ts'
import { readNow } from '../../support/store/read-now.ts'
import { overdrawn, soundTrail } from '../invariants.ts'
import { type Child, Children } from './children.ts'
import type { Death } from './kill-switch.ts'
import { INVITEE_POINTS, LISTENER_POINTS, type Point } from './points.ts'
import { freePort } from './scene.ts'

/** Who dies beside an older peer, which lives on and comes again; and where. */
export interface LegacyRound {
  readonly dies: 'inviter' | 'invitee'
  /** The inviter's. */
  readonly role: Role
  readonly death: Death
}

/** An older peer looks at no offer, and nothing is required; what it acknowledges is committed with the session's end. */
const NOT_PASSED = {
  inviter: /Inspect|Offer|IDENTITY|identity|COMPLETED/,
  invitee: /Inspect|Offer/,
}

/** Every round there is of one side: each of its points, once in each role that passes it. */
export function legacyRounds(dies: LegacyRound['dies']): readonly LegacyRound[] {
  const points = dies === 'inviter' ? LISTENER_POINTS : INVITEE_POINTS
  const passed = points.filter(({ name }) => !NOT_PASSED[dies].test(name))
  return passed.flatMap((point) =>
    rolesOf(point).map((role) => ({ dies, role, death: { point: point.name, occurrence: 1 } })),
  )
}

function rolesOf({ flows }: Point): readonly Role[] {
  return [...new Set(flows.filter(({ identity }) => !identity).map(({ role }) => role))]
}

/** How often the survivor tries. */
const TRIES = 20
const PAUSE_MS = 300
/** How long it may take to die. */
const DEATH_MS = 20_000

/** @returns everything that does not hold */
export async function runLegacyRound(round: LegacyRound): Promise<readonly string[]> {
  const root = await mkdtemp(join(tmpdir(), 'taleus-legacy-'))
  const children = new Children()
  try {
    const run = round.dies === 'inviter' ? inviterDies : inviteeDies
    const complaints = await run(round, root, children)
    return complaints.map((each) => `${round.role}, ${round.death.point}: ${each}`)
  } finally {
    await children.killAll()
    await rm(root, { recursive: true, force: true })
  }
}

async function inviterDies(
  { role, death }: LegacyRound,
  root: string,
  children: Children,
): Promise<readonly string[]> {
  const alice = join(root, 'alice')
  const address = `/ip4/127.0.0.1/tcp/${await freePort()}`
  const link = await olderLinkOf(alice, role, address)
  const invitee = await OlderInvitee.start()
  const victim = await children.dyingListener({ directory: alice, address, legacy: true, death })
  const first = await invitee.redeem(link).catch(() => undefined)
  const complaints = await deathOf(victim)
  const listener = await children.listen(alice, address, undefined, ['--legacy'])
  const tallyId = await insisted(() => invitee.redeem(link))
  listener.kill('SIGTERM')
  await listener.end()
  if (tallyId === undefined) complaints.push('I2: the older invitee has got no tally')
  if (first !== undefined && first !== tallyId) complaints.push('I2: it has got two')
  await withStore(alice, async (store) => {
    const tallies = readNow(store, () => tallyRecords.list(10))
    if (tallies.length !== 1 || tallies[0]?.tallyId !== tallyId)
      complaints.push(`I4: the inviter has ${tallies.map((each) => each.tallyId).join()}`)
    if (tallies[0]?.status !== 'confirmed') complaints.push(`I4: it is ${tallies[0]?.status}`)
    complaints.push(...overdrawn(store), ...(await soundTrail('Alice', store)))
  })
  return complaints
}

async function inviteeDies(
  { role, death }: LegacyRound,
  root: string,
  children: Children,
): Promise<readonly string[]> {
  const bob = join(root, 'bob')
  await mkdir(bob, { mode: 0o700 })
  const inviter = await OlderInviter.start(role)
  const link = inviter.link()
  const victim = children.dyingInvitee({ directory: bob, link, identity: {}, death })
  const complaints = await deathOf(victim)
  const tallyId = await insisted(async () => {
    const { code, stdout, stderr } = await children.bootstrap(bob, link, []).end()
    if (code !== 0) throw new Error(stderr)
    return String(JSON.parse(stdout).tallyId)
  })
  if (tallyId === undefined) complaints.push('I2: the invitee has got no tally')
  const others = inviter.results.filter(({ tally }) => tally.tallyId !== tallyId)
  if (others.length > 0) complaints.push('I2: the older inviter was given two tallies')
  await withStore(bob, async (store) => {
    const tallies = readNow(store, () => tallyRecords.list(10))
    if (tallies.length !== 1 || tallies[0]?.status !== 'confirmed')
      complaints.push(`I4: Bob has ${tallies.map((each) => each.status).join()}`)
    complaints.push(...(await soundTrail('Bob', store)))
  })
  return complaints
}

async function olderLinkOf(alice: string, role: Role, address: string): Promise<OlderLink> {
  const directory = openDataDirectory(alice)
  const key = ensureKey(directory, generatePrivateKeyBytes)
  const store = await openMarkedStore(directory)
  const grant = { role, uses: 1, required: [], optional: [], terms: null }
  const expiresAt = Date.now() + 3_600_000
  const init = { peerId: peerIdOfKeyBytes(key), addresses: [address], expiresAt }
  const minted = await issueInvitation(store, grant, init)
  store.close()
  return JSON.parse(legacyLinkOf(minted))
}

async function withStore(path: string, look: (store: Store) => Promise<void>): Promise<void> {
  const store = await openMarkedStore(openDataDirectory(path))
  await look(store)
  store.close()
}

/** @returns a complaint if it has not died as it should have */
async function deathOf(victim: Child): Promise<string[]> {
  await Promise.race([victim.ended, sleep(DEATH_MS, undefined, { ref: false })])
  // One that lives on only waits to be stopped.
  victim.kill('SIGTERM')
  const { signal, stderr } = await victim.end()
  return signal === 'SIGKILL' ? [] : [`it has not died: ${stderr}`]
}

async function insisted(work: () => Promise<string>): Promise<string | undefined> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      return await work()
    } catch {
      await sleep(PAUSE_MS)
    }
  }
  return undefined
}
