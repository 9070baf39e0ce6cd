import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { decodeLink, encodeLink } from '../../../src/protocol/link/link.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import { dataDirectory, listener, type RunOptions, startTaleus, taleus } from '../support/cli.ts'
import {
  leaksBelow,
  leaksIn,
  type Needle,
  ProcessSampler,
  spellingsOf,
  spellingsOfText,
} from '../support/leaks.ts'

const DEBUG: RunOptions = { env: { DEBUG: '*,oclif*,taleus*' } }

/** Disclosed, labelled, said: none of it belongs into the audit. */
const PERSONAL = {
  name: 'Zebulon Quarrywell',
  email: 'zq@quarrywell.example',
  label: 'Lunch with Marigold',
  no: 'Because of the plumbago affair',
}

const PRIVATE_KEY = 'identity.key'

/** The secret by itself, and the part of a link that holds it, wherever the link is cut. */
function needlesOf(name: string, link: string): readonly Needle[] {
  const body = link.slice('taleus:b'.length)
  return [
    ...spellingsOf(`secret of ${name}`, decodeLink(link).secret),
    ...spellingsOfText(`link ${name}`, body.slice(2, 27)),
  ]
}

/** The seed, and what the file says. */
function keyNeedles(directory: string): readonly Needle[] {
  const text = readFileSync(join(directory, PRIVATE_KEY), 'utf8').split(' ')[1] ?? ''
  const bytes = Buffer.from(text, 'base64url')
  const seed = bytes.subarray(4, 36)
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  return [...spellingsOf('private key', seed), ...spellingsOf('private key in DER', der)]
}

function wrong(link: string): string {
  const content = decodeLink(link)
  return encodeLink({ ...content, secret: content.secret.map((byte) => byte ^ 0x55) })
}

/** Follow a listener by its control socket, as any program may; resolves when it is over. */
async function follow(directory: string): Promise<string> {
  const socket = connect(join(directory, 'control.sock'))
  socket.on('error', () => undefined)
  socket.write('POST /v2/follow HTTP/1.1\r\nHost: listener\r\nContent-Length: 2\r\n\r\n{}')
  let told = ''
  for await (const chunk of socket) told += String(chunk)
  return told
}

describe.skipIf(process.platform !== 'linux')('secrets', () => {
  test('are nowhere after a whole run but where they were handed out, and people are not in the audit', async () => {
    const [alice, bob] = [await dataDirectory(), await dataDirectory()]
    const sampler = new ProcessSampler()
    onTestFinished(() => void sampler.stop())
    /** All that was said, by anybody, but the links themselves. */
    const said: string[] = []
    const run = async (directory: string, words: readonly string[], options: RunOptions = {}) => {
      const done = await taleus(directory, words, { ...DEBUG, ...options })
      said.push(done.stdout, done.stderr)
      return done
    }
    const invite = async (...words: string[]): Promise<string> => {
      const { stdout, stderr } = await taleus(alice, ['token', 'create', ...words], DEBUG)
      said.push(stderr)
      return stdout.trim()
    }

    await run(bob, ['identity', 'set', `name=${PERSONAL.name}`, `email=${PERSONAL.email}`])
    const listening = await listener(
      alice,
      ['--listen', '/ip4/127.0.0.1/tcp/0', '--http', '127.0.0.1:0'],
      DEBUG,
    )
    const fed = follow(alice)
    const watching = startTaleus(alice, ['sessions', 'watch'], DEBUG)
    const [stock, foil, no, short] = await Promise.all([
      invite('--require', 'name,email', '--label', PERSONAL.label),
      invite('--role', 'foil'),
      invite('--uses', '2'),
      invite('--expires', '1s'),
    ])
    if (!(stock && foil && no && short)) throw new Error('four links')
    const links = { stock, foil, no, short, wrong: wrong(no) }

    const yes = ['bootstrap', '-', '--yes']
    expect((await run(bob, yes, { input: links.stock })).code).toBe(0)
    expect((await run(bob, [...yes, '--json'], { input: links.foil })).code).toBe(0)
    expect((await run(bob, yes, { input: links.wrong })).code).toBe(4)
    const decline = ['bootstrap', '-', '--decline', '--reason', PERSONAL.no]
    expect((await run(bob, decline, { input: links.no })).code).toBe(0)
    // What can't be read is not repeated either, nor what came too late.
    expect((await run(bob, yes, { input: `${links.stock.slice(0, 60)}!` })).code).toBe(3)
    expect((await run(bob, ['token', 'inspect', '-'], { input: links.foil })).code).toBe(0)
    await sleep(1_000)
    expect((await run(bob, yes, { input: links.short })).code).toBe(4)

    const status = JSON.parse((await run(alice, ['status', '--json'])).stdout)
    const http = String(status.listener?.http ?? status.http)
    for (const path of ['metrics', 'healthz', 'readyz']) {
      said.push(await (await fetch(`${http}/${path}`)).text())
    }
    for (const words of [
      ['token', 'list', '--json'],
      ['sessions', '--json'],
      ['sessions', 'export'],
      ['audit', 'export', '--format', 'csv'],
      ['audit', 'verify'],
    ]) {
      expect((await run(alice, words)).code).toBe(0)
    }
    await run(bob, ['sessions', 'export'])
    // As it is on the disk while it runs, with what is in the log only.
    const needles = [
      ...Object.entries(links).flatMap(([name, link]) => needlesOf(name, link)),
      ...keyNeedles(alice),
      ...keyNeedles(bob),
    ]
    const isKey = (path: string) => path.endsWith(PRIVATE_KEY)
    const midway = [alice, bob].flatMap((each) => leaksBelow(each, needles, isKey))
    expect((await run(alice, ['drain', '--reason', 'done'])).code).toBe(0)
    expect(await listening.exited).toBe(0)
    const { stdout, stderr } = await watching.finished
    said.push(stdout, stderr, JSON.stringify(listening.lines), await listening.errors, await fed)

    const shown = sampler.stop()
    expect(shown.some((text) => text.includes('bootstrap'))).toBe(true)
    expect(shown.some((text) => text.includes('TALEUS_DATA_DIR'))).toBe(true)
    expect(said.join('')).toContain('COMPLETED')
    expect([
      ...midway,
      ...[alice, bob].flatMap((each) => leaksBelow(each, needles, isKey)),
      ...said.flatMap((text, n) => leaksIn(`output ${n}`, text, needles)),
      ...shown.flatMap((text) => leaksIn(`process ${text.slice(0, 80)}`, text, needles)),
    ]).toEqual([])

    const personal = Object.entries(PERSONAL).flatMap(([name, text]) => spellingsOfText(name, text))
    for (const directory of [alice, bob]) {
      const store = openStore(join(directory, 'taleus.db'))
      const audit = [...store.repositories.audit.rows()].map(({ text }) => text).join('\n')
      store.close()
      expect(audit).toContain('"operator"')
      expect(leaksIn(directory, audit, personal)).toEqual([])
    }
  })

  test('that leaked in any spelling would be found, in a file and in a process', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'taleus-leaks-'))
    onTestFinished(() => rm(directory, { recursive: true, force: true }))
    const secret = Buffer.from('000102fffe7f8090a0b0c0d0e0f01122', 'hex')
    const needles = [...spellingsOf('secret', secret), ...spellingsOfText('word', 'sésame ouvre')]
    for (const [n, { bytes }] of needles.entries()) {
      await writeFile(join(directory, `${n}`), Buffer.concat([Buffer.alloc(5_000, 46), bytes]))
    }
    const found = leaksBelow(directory, needles, () => false)
    for (const { name } of needles) expect(found.some((leak) => leak.endsWith(name))).toBe(true)
    expect(leaksBelow(directory, needles, () => true)).toEqual([])

    const sampler = new ProcessSampler()
    const env = { ...process.env, LEAKED: secret.toString('hex') }
    const words = ['-e', 'setTimeout(() => {}, 300)', secret.toString('base64url')]
    const child = spawn(process.execPath, words, { env })
    await new Promise((done) => child.once('close', done))
    const leaks = sampler.stop().flatMap((text) => leaksIn('process', text, needles))
    expect(new Set(leaks)).toEqual(
      new Set(['process: secret as hex', 'process: secret as base64url']),
    )
  })
})
