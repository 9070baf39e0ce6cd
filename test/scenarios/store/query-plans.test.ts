import type { DatabaseSync } from 'node:sqlite'
import { beforeEach, expect, it } from 'vitest'
import { SESSIONS_BETWEEN } from '../../../src/store/audit/audit-records.ts'
import { PEER_ID, SESSION_ID, seqsNaming, TOKEN_ID } from '../../../src/store/audit/indexed-ids.ts'
import { OF_PEER } from '../../../src/store/audit/witnessed-checkpoints.ts'
import { SIZES_OF_PEER } from '../../../src/store/audit/witnessed-records.ts'
import { openMemoryDatabase } from '../../../src/store/file/database.ts'
import {
  FENCE_OFF,
  IS_BUILDING,
  KEPT_NEWEST,
  LEASED,
  OWNERS,
  STANDING,
} from '../../../src/store/ledger/attempts.ts'
import { DUE } from '../../../src/store/ledger/expiries.ts'
import { LAPSED } from '../../../src/store/ledger/redemptions.ts'
import {
  ANY_REQUEST,
  HOLDS,
  INSERT,
  PENDING,
  SAME_REQUEST,
} from '../../../src/store/ledger/reservations.ts'
import { WAITING_OF } from '../../../src/store/requests/pending-requests.ts'
import {
  FORGET_JOURNALS,
  FORGET_SESSIONS,
  STRETCH,
} from '../../../src/store/sessions/session-pruner.ts'
import { Repositories } from '../../../src/store/work/repositories.ts'

// A standing invitation has any number of redemptions. What is asked for every session must find its way
// without walking them, and SQLite chooses by the text of a query alone.

let database: DatabaseSync

beforeEach(() => {
  database = openMemoryDatabase()
  new Repositories(database)
  return () => database.close()
})

function planOf(sql: string): string {
  const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()
  return steps.map(({ detail }) => String(detail)).join('\n')
}

it('a peer’s earlier requests are found by the peer, not among all of the token', () => {
  expect(planOf(SAME_REQUEST)).toContain('redemptions_peer (peer_id=? AND bootstrap_id=?)')
  expect(planOf(ANY_REQUEST)).toContain('redemptions_peer (peer_id=?)')
  expect(planOf(HOLDS)).toContain('redemptions_peer (peer_id=?)')
})

it('the next use is found at the end of the index of uses', () => {
  const plan = planOf(INSERT)
  expect(plan).toContain('redemptions_use (token_id=?)')
  expect(plan).not.toContain('SCAN r\n')
})

it('what is under way is found among what is under way', () => {
  expect(planOf(PENDING)).toContain('redemptions_open')
  expect(planOf(LAPSED)).toContain('redemptions_open')
})

it('whether a peer waits for the inviter is found by the peer', () => {
  expect(planOf(WAITING_OF)).toContain('pending_requests_peer (peer_id=?)')
})

it('invitations that have run out are found among those that were not noted, by when', () => {
  expect(planOf(DUE)).toContain('tokens_to_expire (expires_at<?)')
})

it('old sessions are forgotten by a stretch of their numbers, and nothing else is walked', () => {
  for (const sql of [STRETCH, FORGET_JOURNALS, FORGET_SESSIONS]) {
    const plan = planOf(sql)
    expect(plan).toContain('sessions USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)')
    expect(plan).not.toMatch(/SCAN (sessions|journal|redemptions|attempts)/)
  }
  expect(planOf(FORGET_JOURNALS)).toContain('journal_session (session=?)')
})

it('a session that was forgotten is found in the audit by the index on who is named', () => {
  expect(planOf(SESSIONS_BETWEEN)).toContain('audit_session (session_id>? AND session_id<?)')
})

it.each([
  ['session', SESSION_ID, 'audit_session (session_id=?)'],
  ['invitation', TOKEN_ID, 'audit_token (<expr>=?)'],
  ['peer', PEER_ID, 'audit_peer (<expr>=?)'],
])('the records that name a %s are found by the indices on it and on threads', (_, id, index) => {
  const plan = planOf(
    `SELECT record FROM audit WHERE seq > ?1 AND seq IN (${seqsNaming(id, '?2')})`,
  )
  expect(plan).toContain('audit USING INTEGER PRIMARY KEY (rowid=?)')
  expect(plan).toContain(index)
  expect(plan).toContain('audit_thread (thread=?)')
  expect(plan).not.toContain('SCAN audit')
})

it('the attempts that somebody works on are found among those, however many a link had', () => {
  for (const sql of [LEASED, FENCE_OFF]) {
    expect(planOf(sql)).toContain('attempts_leased (link_hash=?)')
  }
  for (const sql of [OWNERS, IS_BUILDING]) expect(planOf(sql)).toContain('attempts_leased')
})

it('the newest attempt that led to a tally is found from the newest on', () => {
  for (const sql of [STANDING, KEPT_NEWEST]) {
    const plan = planOf(sql)
    expect(plan).toContain('attempts_link (link_hash=?)')
    expect(plan).not.toContain('TEMP B-TREE')
  }
})

it('what a partner has shown is found by the partner, in order', () => {
  expect(planOf(OF_PEER)).toBe('SEARCH witnessed USING PRIMARY KEY (peer_id=?)')
  expect(planOf(SIZES_OF_PEER)).toBe('SEARCH witnessed USING PRIMARY KEY (peer_id=?)')
})
