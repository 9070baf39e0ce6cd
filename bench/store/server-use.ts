import { readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'

/** How much of a PostgreSQL server was used so far. */
export interface ServerUse {
  /** Processor time of all its processes, those that have ended too, ms. */
  readonly processorMs: number
  /** Bytes that went to its write-ahead log. */
  readonly walBytes: number
  /** Bytes of all tables and indices of the schema. */
  readonly storedBytes: number
}

/** A tick of /proc, ms: 100 to a second on Linux, whatever the kernel. */
const TICK_MS = 10

const USE = `
  SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text AS wal, pg_backend_pid() AS pid,
    (SELECT sum(pg_total_relation_size(c.oid))::text FROM pg_class c
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r') AS stored`

/** Looks at a server on this computer, which is Linux. @param client in the schema */
export async function serverUse(client: pg.ClientBase): Promise<ServerUse> {
  const { rows } = await client.query<{ wal: string; pid: number; stored: string }>(USE)
  const [row] = rows
  if (row === undefined) throw new TypeError('the server says nothing')
  return {
    processorMs: processorMs(row.pid),
    walBytes: Number(row.wal),
    storedBytes: Number(row.stored),
  }
}

/** Of all processes of the server that this one belongs to. */
function processorMs(backend: number): number {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? statOf(name) : []))
  const parent = all.find(({ pid }) => pid === backend)?.parent
  if (parent === undefined) throw new TypeError('the server’s process is not to be seen')
  const own = all.filter(({ pid, ...its }) => pid === parent || its.parent === parent)
  return own.reduce((sum, { pid, ticks, endedTicks }) => {
    return sum + (ticks + (pid === parent ? endedTicks : 0)) * TICK_MS
  }, 0)
}

interface ProcessStat {
  readonly pid: number
  readonly parent: number
  readonly ticks: number
  /** Of its children that have ended. */
  readonly endedTicks: number
}

/** Fields as in proc(5): after the name in brackets the state, the parent, and from the twelfth on the times. */
function statOf(pid: string): readonly ProcessStat[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [, parent = 0] = fields
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15)
    return [{ pid: Number(pid), parent, ticks: user + system, endedTicks: endedUser + endedSystem }]
  } catch {
    // It has ended meanwhile.
    return []
  }
}
