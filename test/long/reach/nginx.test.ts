import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { dataDirectory, listener, taleus, taleusJson } from '../../e2e/support/cli.ts'
import { findNginx, proxyFiles, webSocketServer } from '../../support/machine/nginx.ts'
import { HAS_NAMESPACES, namespaceWithHosts } from '../../support/network/namespace.ts'

const NAME = 'tally.example.org'
const LISTEN = ['--listen', '/ip4/127.0.0.1/tcp/4711/ws']

const nginx = HAS_NAMESPACES ? findNginx() : undefined

async function behindNginx() {
  const [alice, bob, files] = [await dataDirectory(), await dataDirectory(), await dataDirectory()]
  const hosts = join(files, 'hosts')
  writeFileSync(hosts, `127.0.0.1 localhost ${NAME}\n`)
  const { through } = await namespaceWithHosts(hosts)
  const { configuration, certificate } = proxyFiles(files, NAME, webSocketServer(NAME, 4711))
  const [command = '', ...rest] = [...through, nginx ?? 'nginx', '-p', files, '-c', configuration]
  const proxy = spawn(command, rest, { stdio: 'inherit' })
  onTestFinished(() => void proxy.kill())
  return { alice, bob, at: { through, env: { NODE_EXTRA_CA_CERTS: certificate } } }
}

test
  .skipIf(nginx === undefined)
  .each([
    `/dns4/${NAME}/tcp/443/tls/ws`,
    `/dns4/${NAME}/tcp/443/wss`,
    `/dns/${NAME}/tcp/443/tls/sni/${NAME}/ws`,
  ])('a tally is started by %s, behind the real nginx', async (announce) => {
  const { alice, bob, at } = await behindNginx()
  const running = await listener(alice, [...LISTEN, '--announce', announce], at)
  const { json } = await taleusJson(alice, ['token', 'create'], at)
  expect(json).toMatchObject({
    addresses: [{ address: expect.stringContaining(NAME), scope: 'dns' }],
    proofs: [{ by: 'self', provenAt: expect.any(String) }],
  })
  const input = String(json['link'])
  const redeemed = await taleus(bob, ['bootstrap', '-', '--yes'], { input, ...at })
  expect(redeemed).toMatchObject({ code: 0, stdout: expect.stringContaining('Tally ') })
  await running.stop()
})

test.skipIf(nginx === undefined)(
  'a certificate that nobody trusts is no way in, and is told',
  async () => {
    const { alice, bob, at } = await behindNginx()
    const announce = ['--announce', `/dns4/${NAME}/tcp/443/tls/ws`]
    const running = await listener(alice, [...LISTEN, ...announce], at)
    const { json } = await taleusJson(alice, ['token', 'create'], at)
    const input = String(json['link'])
    const { code, stderr } = await taleus(bob, ['bootstrap', '-', '--yes', '--timeout', '10s'], {
      input,
      through: at.through,
    })
    expect(code).toBe(6)
    expect(stderr).toContain(`/dns4/${NAME}/tcp/443/tls/ws: `)
    await running.stop()
  },
)
