import { expect, it } from 'vitest'
import type { SessionAuditEvent } from '../../../../src/hooks/session-hooks.ts'
import { withStub } from '../../../support/session/stub-hooks.ts'
import { settle, World } from '../../../support/session/world.ts'

it('an audit hook hears of each record that is about a session once it is durable, beside each move', async () => {
  const heard: { sessionId: unknown; type: string; data: Record<string, unknown> }[] = []
  const hear = (sessionId: unknown, event: unknown) => {
    heard.push({ sessionId, ...structuredClone(event as SessionAuditEvent) })
  }
  const world = new World({ inviter: { hooks: withStub('audit.logSession', hear) } })
  const link = world.invite({ identityRequirements: ['name'] })
  await world.redeemed(link, { identity: { name: 'Bob Secretive' } })
  await world.redeemed(link, { identity: { name: 'Carol' } }, world.stranger(3))
  await settle()
  const stored = [...world.alice.store.repositories.audit.rows()].map(({ text }) =>
    JSON.parse(text),
  )
  const records = stored.filter(
    ({ type, sessionId }) => sessionId !== undefined && type !== 'state',
  )
  expect(records.length).toBeGreaterThan(5)
  expect(heard.filter(({ type }) => type !== 'state')).toEqual(
    records.map(({ sessionId, type, at, severity, data, redemptionId, tokenId, peerId }) => ({
      sessionId,
      type,
      at,
      data: JSON.parse(JSON.stringify({ ...data, severity, redemptionId, tokenId, peerId })),
    })),
  )
  expect(heard.map(({ data }) => data['event'])).toContain('token.reuse')
  expect(JSON.stringify(heard)).not.toContain('Secretive')
})
