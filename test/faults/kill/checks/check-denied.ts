import { join } from 'node:path'
import { openStore } from '../../../../src/store/transaction/store.ts'
import { trailComplaints } from './check-trail.ts'
import { factsOf } from './facts.ts'

/** Nothing came of it for a peer to whom the inviter has said no, and its trail is whole. `denied` ends no attempt. */
export async function deniedComplaints(directory: string): Promise<string[]> {
  const store = openStore(join(directory, 'taleus.db'))
  try {
    const { attempts, tallies, openSessions, removals } = factsOf(store)
    const complaints = await trailComplaints('Bob', store)
    const statuses = attempts.map(({ status }) => status).join()
    if (statuses !== 'running') complaints.push(`I2: Bob's attempts are ${statuses}`)
    if (tallies.length > 0) complaints.push('I2: Bob has a tally after a no')
    if (openSessions.length > 0) complaints.push('I9: Bob has a session that is still open')
    if (removals > 0) complaints.push('I3: Bob has databases to remove')
    return complaints
  } finally {
    store.close()
  }
}
