import type { EmbeddedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { ClientOfNodes } from './client-of-nodes.ts'
import type { Complaint } from './history/complaint.ts'
import { insist } from './insist.ts'
import { judgeNodes } from './judge-nodes.ts'
import { PartyOfNodes } from './party-of-nodes.ts'

const NODES = 3

/** Invitations that are raced for at the same time: more would only wait for the processor. */
const AT_ONCE = 4

export interface RaceWish {
  readonly racers: number
  /** Of each invitation. */
  readonly uses: number | null
  readonly invitations: number
}

export interface RaceReport {
  /** How many have got a tally, for each invitation. */
  readonly winners: readonly number[]
  readonly complaints: readonly Complaint[]
  readonly asks: number
}

/** Clients race for the uses of each invitation, at all nodes at once. */
export async function runRace(server: EmbeddedPostgres, wish: RaceWish): Promise<RaceReport> {
  const party = new PartyOfNodes(server)
  const clients = Array.from({ length: wish.racers }, () => new ClientOfNodes())
  try {
    for (let node = 0; node < NODES; node += 1) await party.addNode()
    const winners: number[] = []
    let left = wish.invitations
    const raceOn = async (): Promise<void> => {
      while (left > 0) {
        left -= 1
        const invitation = await party.invite(wish.uses)
        const ends = await Promise.all(
          clients.map((client, index) => insist(party, client, invitation, index)),
        )
        winners.push(ends.filter(({ told }) => told?.kind === 'tally').length)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, raceOn))
    const complaints = await judgeNodes(party, clients)
    return { winners, complaints, asks: clients.reduce((sum, { asks }) => sum + asks.length, 0) }
  } finally {
    await party.dispose()
  }
}
