import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Listener } from '../../service/listener/listener.ts'
import type { SessionSummary } from '../../service/sessions/session-history.ts'
import { line, lines, type ScreenText, stacked } from '../text/screen-text.ts'
import { renderTable, widthOfTerminal } from '../text/table.ts'
import {
  checkAudits,
  checkTallies,
  type DemoAudit,
  type DemoTally,
  sessionsOf,
} from './demo-check.ts'
import { type DemoParty, demoParty } from './demo-party.ts'
import { type DemoRound, demoRound } from './demo-round.ts'

export interface DemoOptions {
  readonly respondents: number
  readonly roles: readonly DemoRound['role'][]
  /** Told what is going on, for people. */
  say(text: ScreenText): void
}

/** The result. `ok` only if all of it went well. */
export interface DemoSummary {
  readonly ok: boolean
  readonly respondents: number
  readonly tallies: readonly DemoTally[]
  readonly sessions: readonly SessionSummary[]
  readonly audit: readonly DemoAudit[]
  readonly durationMs: number
}

/** Both TCP and WebSockets, on this computer only. */
const LISTEN = ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws']

const DRAIN_MS = 5_000

/**
 * Runs the whole thing on this computer: real nodes, real files in a temporary directory, which is gone afterwards.
 * @throws StoreError, DataDirectoryError, and what libp2p throws
 */
export async function runDemo(options: DemoOptions): Promise<DemoSummary> {
  const home = mkdtempSync(join(tmpdir(), 'taleus-demo-'))
  const parties: DemoParty[] = []
  try {
    const inviter = add(parties, home, 'Alice')
    for (let at = 1; at <= options.respondents; at++) add(parties, home, `Bob ${at}`)
    return await perform(options, inviter, parties)
  } finally {
    for (const { context } of parties) await context.close()
    rmSync(home, { recursive: true, force: true })
  }
}

function add(parties: DemoParty[], home: string, name: string): DemoParty {
  const party = demoParty(home, name)
  parties.push(party)
  return party
}

async function perform(
  options: DemoOptions,
  inviter: DemoParty,
  parties: readonly DemoParty[],
): Promise<DemoSummary> {
  const { respondents, roles, say } = options
  const started = performance.now()
  const rounds = await playRounds(options, inviter, parties.slice(1))
  const tallies = await checkTallies(inviter, rounds)
  const audit = await checkAudits(parties)
  const sessions = await sessionsOf(inviter)
  const ok =
    tallies.length === respondents * roles.length &&
    new Set(tallies.map(({ tallyId }) => tallyId)).size === tallies.length &&
    tallies.every(({ same, receipted }) => same && receipted) &&
    audit.every((each) => each.ok)
  say(stacked([line(''), line('Alice’s sessions'), sessionTable(sessions)]))
  say(verdict(ok, tallies, audit))
  return { ok, respondents, tallies, sessions, audit, durationMs: performance.now() - started }
}

async function playRounds(
  { respondents, roles, say }: DemoOptions,
  inviter: DemoParty,
  invitees: readonly DemoParty[],
): Promise<readonly DemoRound[]> {
  const listener = await inviter.context.listener({
    // Everybody comes twice, and all at once.
    config: { maxConcurrentSessions: Math.max(100, 2 * respondents) },
    listen: LISTEN,
    announce: [],
    party: () => ({ identity: { name: inviter.name }, cadre: [], publicName: inviter.name }),
  })
  try {
    const { addresses, peerId } = await listener.start()
    say(lines([`Alice listens as ${peerId}`, ...addresses.map((address) => `  ${address}`)]))
    const rounds: DemoRound[] = []
    for (const role of roles) rounds.push(await playRound(listener, inviter, invitees, role, say))
    return rounds
  } finally {
    await listener.stop(DRAIN_MS)
  }
}

async function playRound(
  listener: Listener,
  inviter: DemoParty,
  invitees: readonly DemoParty[],
  role: DemoRound['role'],
  say: (text: ScreenText) => void,
): Promise<DemoRound> {
  const builder = role === 'stock' ? 'Alice builds the database' : 'each Bob builds the database'
  say(
    lines([
      '',
      `Alice holds the ${role}: ${builder}. ${invitees.length} at once redeem her invitation …`,
    ]),
  )
  const { addresses } = listener.status()
  const round = await demoRound({ inviter, invitees, role, addresses })
  for (const { invitee, outcome } of round.outcomes) {
    const end = outcome.completed
      ? `tally ${outcome.tallyId}  ${outcome.durationMs.toFixed(0)} ms`
      : `${outcome.state} ${outcome.reason} in ${outcome.step}`
    say(line(`  ${invitee.name}  ${end}`))
  }
  return round
}

function sessionTable(sessions: readonly SessionSummary[]): ScreenText {
  const rows = sessions.map(({ id, peerId, role, state, reason, durationMs }) => [
    id.slice(0, 8),
    `…${peerId.slice(-8)}`,
    role ?? '',
    reason === undefined ? state : `${state} ${reason}`,
    `${(durationMs ?? 0).toFixed(0)} ms`,
  ])
  const titles = ['session', 'peer', 'role', 'state', 'time'].map((title) => ({ title }))
  return renderTable(titles, rows, { width: widthOfTerminal(process.stdout) })
}

function verdict(
  ok: boolean,
  tallies: readonly DemoTally[],
  audit: readonly DemoAudit[],
): ScreenText {
  const same = tallies.filter((tally) => tally.same).length
  const receipted = tallies.filter((tally) => tally.receipted).length
  const sound = audit.filter((each) => each.ok).length
  return lines([
    '',
    `${same} of ${tallies.length} tallies hold the same document on both sides.`,
    `${receipted} of ${tallies.length} have the same receipt on both sides, signed by both.`,
    `${sound} of ${audit.length} audit trails verify.`,
    ok ? 'All is well.' : 'Something is not as it should be.',
  ])
}
