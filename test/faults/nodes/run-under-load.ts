import { setTimeout as pause } from 'node:timers/promises'
import type { EmbeddedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { ClientOfNodes } from './client-of-nodes.ts'
import type { Complaint } from './history/complaint.ts'
import { insist } from './insist.ts'
import { judgeNodes } from './judge-nodes.ts'
import { type NodesInvitation, PartyOfNodes } from './party-of-nodes.ts'

const NODES = 3

/** Pairs of clients, each of which contends for one-time invitations, one after the other. */
const PAIRS = 6

/** A server that was stopped is back after less, ms. */
const AGAIN_MS = 100
const MAX_ISSUE_TRIES = 600

export interface LoadReport {
  readonly complaints: readonly Complaint[]
  /** Tallies that clients were told of. */
  readonly given: number
  /** Asks of which a client never heard the end. */
  readonly unanswered: number
}

/** Bootstraps go on while `trouble` lasts, and each is pursued to its end. */
export async function runUnderLoad(
  server: EmbeddedPostgres,
  trouble: (party: PartyOfNodes) => Promise<void>,
): Promise<LoadReport> {
  const party = new PartyOfNodes(server)
  const clients = Array.from({ length: 2 * PAIRS }, () => new ClientOfNodes())
  try {
    for (let node = 0; node < NODES; node += 1) await party.addNode()
    let isOver = false
    const contend = async (pair: readonly ClientOfNodes[], first: number): Promise<void> => {
      while (!isOver) {
        const invitation = await issued(party)
        await Promise.all(pair.map((each, side) => insist(party, each, invitation, first + side)))
      }
    }
    const load = Array.from({ length: PAIRS }, (_, index) =>
      contend(clients.slice(2 * index, 2 * index + 2), index),
    )
    const over = trouble(party).finally(() => {
      isOver = true
    })
    await Promise.all([over, ...load])
    const complaints = await judgeNodes(party, clients)
    const told = clients.flatMap(({ asks }) => asks.map((each) => each.told?.kind))
    return {
      complaints,
      given: told.filter((kind) => kind === 'tally').length,
      unanswered: told.filter((kind) => kind === undefined).length,
    }
  } finally {
    await party.dispose()
  }
}

/** Issues a one-time invitation, as soon as the server takes it. */
async function issued(party: PartyOfNodes): Promise<NodesInvitation> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await party.invite(1)
    } catch (error) {
      if (tries === MAX_ISSUE_TRIES) throw error
      await pause(AGAIN_MS)
    }
  }
}
