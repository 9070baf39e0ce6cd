import { expect, test } from 'vitest'
import { reachAdvice } from '../../../src/cli/token/reach-advice.ts'
import { scoped } from '../../../src/service/invitations/invitation-addresses.ts'

function adviceOn(addresses: readonly string[], unused: readonly string[] = []): string {
  return reachAdvice({ addresses: scoped(addresses), unused }).join('\n')
}

test.each([
  '/ip4/8.8.8.8/tcp/4710',
  '/dns4/a.example.org/tcp/443/wss',
  '/ip4/8.8.8.8/tcp/4710/p2p-circuit',
  '/ip4/127.0.0.1/tcp/4710',
])('%s needs no advice', (address) => {
  expect(adviceOn([address])).toBe('')
})

test('on a network at home a port can be forwarded', () => {
  const advice = adviceOn(['/ip4/192.168.1.5/tcp/4710'])
  expect(advice).toContain('forward a port of your router')
  expect(advice).toContain('`taleus config set relay MULTIADDR`')
  expect(advice).toContain('`taleus config set upnp on`')
})

test('behind the provider’s own router it can not', () => {
  const advice = adviceOn(['/ip4/100.64.0.9/tcp/4710', '/ip4/192.168.1.5/tcp/4710'])
  expect(advice).toContain('can’t be forwarded')
})

test('a public address that nobody listens on is worth listening on', () => {
  const home = ['/ip4/192.168.1.5/tcp/4710']
  expect(adviceOn(home, ['8.8.4.4'])).toMatch(
    /8\.8\.4\.4.*`taleus config set listen [^`]*tcp\/4711\/ws`/,
  )
  expect(adviceOn(home, ['2a00::7'])).toMatch(
    /2a00::7.*`taleus config set listen .* \/ip6\/::\/tcp\/4710`/,
  )
})
