import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test, vi } from 'vitest'
import { decodeLink } from '../../../src/protocol/link/link.ts'
import { secretHashOf } from '../../../src/protocol/link/secret.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'
import { invite } from '../support/invite.ts'
import { leaksIn, ProcessSampler, spellingsOf } from '../support/leaks.ts'

const LISTEN = ['--listen', '/ip4/127.0.0.1/tcp/0'] as const
const PATIENCE = { timeout: 60_000, interval: 50 }

/** A file of the user's. */
async function written(name: string, text: string, mode = 0o644): Promise<string> {
  const path = join(await dataDirectory(), name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

test('the bundled program loads a module in TypeScript, and says nothing of it', async () => {
  const module = await written(
    'hooks.mts',
    `import { setTimeout as sleep } from 'node:timers/promises'
     interface Bundle { readonly name?: string }
     export default {
       identity: {
         async validate(bundle: Bundle): Promise<boolean> {
           await sleep(5)
           return bundle.name === 'Bob'
         },
       },
     }`,
  )
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice, [...LISTEN, '--hooks', module])
  const { link } = await invite(alice, listening.addresses, { uses: null, required: ['name'] })
  const redeem = (name: string) => ['bootstrap', link, '--yes', '--disclose', `name=${name}`]
  expect(await taleus(await dataDirectory(), redeem('Carol'))).toMatchObject({ code: 7 })
  expect(await taleus(bob, redeem('Bob'))).toMatchObject({ code: 0 })
  expect(await listening.stop()).toBe(0)
  expect(await listening.errors).toBe('')
  const audit = await taleus(alice, ['audit', 'query', '--json'])
  expect(audit.stdout).toContain('"ownHooks":"identity.validate"')
})

test.each([
  [
    'a module that is not there',
    '--hooks',
    '/nowhere/hooks.mjs',
    '/nowhere/hooks.mjs is not there',
  ],
  ['a program that is not there', '--hook-command', '/nowhere/hooks', 'there is no such program'],
  ['a command without an end', '--hook-command', "sh -c 'x", 'takes a program and its arguments'],
  ['a kind that is none', '--on-event-kinds', 'everything', 'takes some of redeemed'],
])('%s is said at the start, with exit code 2', async (_what, flag, value, words) => {
  const directory = await dataDirectory()
  const { code, stderr } = await taleus(directory, ['listen', ...LISTEN, flag, value])
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(words) })
  expect(existsSync(join(directory, 'control.sock'))).toBe(false)
})

test.each([
  ['hooks.mjs', 'export default {', 'could not be loaded: SyntaxError'],
  ['hooks.mts', 'enum A { B }\nexport default { token: A }', 'could not be loaded'],
  [
    'hooks.mjs',
    'import "nowhere"\nexport default {}',
    'could not be loaded: Error: Cannot find package',
  ],
  ['hooks.mjs', 'await new Promise(() => undefined)', 'could not be loaded'],
])('%s with `%s` is said to be wrong, with exit code 2', async (name, text, words) => {
  const module = await written(name, text)
  const args = ['listen', ...LISTEN, '--hooks', module]
  const { code, stderr } = await taleus(await dataDirectory(), args)
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(words) })
})

test('a module that is wrong is named, with the hook and the next step', async () => {
  const module = await written('hooks.mjs', 'export default { identity: { validat() {} } }')
  const directory = await dataDirectory()
  const { code, stderr } = await taleus(directory, ['listen', ...LISTEN, '--hooks', module])
  expect(code).toBe(2)
  expect(stderr).toContain(`${module} is no module of hooks`)
  expect(stderr).toContain('`identity.validat`, which is no hook: identity.validate are possible')
  expect(stderr).toContain('docs/hooks.md')
  expect(stderr).not.toContain(' at ')
})

test('the demonstration has nothing to do with what is set for a party of the user’s own', async () => {
  const env = { TALEUS_HOOKS: '/nowhere/hooks.mjs', TALEUS_DATABASE: 'postgres://a@127.0.0.1:1/b' }
  const run = await taleus(await dataDirectory(), ['demo', '--respondents', '1'], { env })
  expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('All is well.') })
})

/** Databases as files; with a file called `stuck` beside it, none is removed, and none but broken ones are built. */
const DATABASES = `
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
const here = (name) => join(import.meta.dirname, name)
export default {
  database: {
    async provision(createdBy, _inviter, _invitee, _session, { tallyId }) {
      writeFileSync(here('built'), tallyId)
      if (existsSync(here('slow'))) await new Promise(() => setTimeout(() => undefined, 1e9))
      if (existsSync(here('stuck'))) throw new Error('broken on the way')
      return { tally: { tallyId, createdBy }, dbConnectionInfo: { engine: 'own', endpoint: 'own:1', credentialsRef: 'none' } }
    },
    async deprovision() {
      if (existsSync(here('stuck'))) throw new Error('no way to remove it')
      rmSync(here('built'), { force: true })
    },
    async verify() { return true },
  },
}`

/** Resolves when a removal has been tried in vain, for want of the hooks that began it. */
async function isStuck(directory: string): Promise<void> {
  const store = new DatabaseSync(join(directory, 'taleus.db'), { readOnly: true })
  // Hooks that are set may have tried before, and failed for another reason.
  const tried = store.prepare(
    "SELECT count(*) AS n FROM removals WHERE last_error LIKE '%begun by your own hooks%'",
  )
  await vi.waitFor(() => expect(tried.get()).toEqual({ n: 1 }), PATIENCE)
  store.close()
  const { json } = await taleusJson(directory, ['sessions', 'stuck'])
  expect(JSON.stringify(json['stuck'])).toContain('begun by your own hooks, which are not set')
}

test('a database of own hooks is removed by them, however the next processes are started', async () => {
  const module = await written('hooks.mjs', DATABASES)
  const beside = (name: string) => join(module, '..', name)
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  writeFileSync(beside('stuck'), '')
  const first = await listener(alice, [...LISTEN, '--hooks', module])
  const { link, id } = await invite(alice, first.addresses)
  expect((await taleus(bob, ['bootstrap', link, '--yes'])).code).toBe(1)
  expect(existsSync(beside('built'))).toBe(true)
  expect((await taleus(alice, ['token', 'revoke', id])).code).toBe(0)
  expect(await first.stop()).toBe(0)
  rmSync(beside('stuck'))

  // Without them it stays owed, and says why.
  const second = await listener(alice, LISTEN)
  await isStuck(alice)
  expect(await second.stop()).toBe(0)
  expect(existsSync(beside('built'))).toBe(true)

  await taleus(alice, ['config', 'set', 'hooks', module])
  const third = await listener(alice, LISTEN)
  await vi.waitFor(() => expect(existsSync(beside('built'))).toBe(false), PATIENCE)
  expect(await third.stop()).toBe(0)
  expect(await taleusJson(alice, ['sessions', 'stuck'])).toMatchObject({ json: { stuck: [] } })
})

test('a listener that was killed while own hooks were building leaves their database to them', async () => {
  const module = await written('hooks.mjs', DATABASES)
  const beside = (name: string) => join(module, '..', name)
  writeFileSync(beside('slow'), '')
  const alice = await dataDirectory()
  const listen = [...LISTEN, '--session-timeout', '4s']
  const first = await listener(alice, [...listen, '--hooks', module])
  const { link } = await invite(alice, first.addresses)
  const redeeming = taleus(await dataDirectory(), ['bootstrap', link, '--yes'])
  await vi.waitFor(() => expect(existsSync(beside('built'))).toBe(true), PATIENCE)
  first.signal('SIGKILL')
  await first.exited
  expect((await redeeming).code).toBeGreaterThan(0)
  rmSync(beside('slow'))

  // The use is given back once its reservation has lapsed; then the removal is owed.
  const second = await listener(alice, listen)
  await isStuck(alice)
  expect(await second.stop()).toBe(0)
  expect(existsSync(beside('built'))).toBe(true)
  const third = await listener(alice, [...listen, '--hooks', module])
  await vi.waitFor(() => expect(existsSync(beside('built'))).toBe(false), PATIENCE)
  expect(await third.stop()).toBe(0)
})

/** Answers after a moment, so that it can be looked at, and keeps what it was asked. */
const ASKED = `#!/bin/sh
read -r question
printf '%s\\n' "$question" >>"$1/asked"
case $question in *'"hook":"hooks"'*) echo '{"v":1,"answer":["token.validate"]}' ; exit ;; esac
sleep 0.2
printf 'a \\033[31mred\\033[0m word' >&2
echo '{"v":1,"usual":true}'
`

test('what a command is told stands on its input, and in no process list or environment', async () => {
  const folder = await dataDirectory()
  const program = await written('asked.sh', ASKED, 0o755)
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const sampler = new ProcessSampler()
  const env = { PGPASSWORD: 'not for everybody' }
  const command = `${program} '${folder}'`
  const listening = await listener(alice, [...LISTEN, '--hook-command', command], { env })
  const { link } = await invite(alice, listening.addresses)
  expect(await taleus(bob, ['bootstrap', '-', '--yes'], { input: link })).toMatchObject({ code: 0 })
  const seen = sampler.stop()
  expect(await listening.stop()).toBe(0)
  const asked = readFileSync(join(folder, 'asked'), 'utf8')
  const { secret } = decodeLink(link)
  const hash = secretHashOf(secret)
  expect(asked).toContain(Buffer.from(hash).toString('hex'))
  expect(asked).not.toContain(link)
  const needles = [...spellingsOf('secret', secret), ...spellingsOf('its hash', hash)]
  const programs = seen.filter((shown) => shown.includes('asked.sh') && !shown.includes('listen'))
  expect(programs.length).toBeGreaterThan(0)
  expect(seen.flatMap((shown, at) => leaksIn(`process ${at}`, shown, needles))).toEqual([])
  // What the program writes is harmless where it is shown.
  const note = await listening.line(({ type }) => type === 'problem')
  expect(String(note['detail'])).toContain('hooks: token.validate: a ')
})

test('a command that hangs is over when its session is, and with the listener', async () => {
  const program = await written(
    'hang.sh',
    `#!/bin/sh
read -r question
case $question in *'"hook":"hooks"'*) echo '{"v":1,"answer":["token.validate"]}' ; exit ;; esac
echo $$ >>"$1/processes"
sleep 600 &
echo $! >>"$1/processes"
wait
`,
    0o755,
  )
  const folder = await dataDirectory()
  const alice = await dataDirectory()
  const file = join(folder, 'processes')
  const processes = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [])
  const alive = () => processes().filter((each) => existsSync(`/proc/${each}`))
  const args = [...LISTEN, '--step-timeout', '500ms', '--hook-command', `${program} ${folder}`]
  const first = await listener(alice, args)
  const { link } = await invite(alice, first.addresses)
  const hanging = await taleus(await dataDirectory(), [
    'bootstrap',
    link,
    '--yes',
    '--timeout',
    '5s',
  ])
  expect(hanging.code).toBeGreaterThan(0)
  expect(processes().length).toBeGreaterThan(1)
  await vi.waitFor(() => expect(alive()).toEqual([]), PATIENCE)
  expect(await first.stop()).toBe(0)

  rmSync(file)
  const second = await listener(alice, [...LISTEN, '--hook-command', `${program} ${folder}`])
  const other = await invite(alice, second.addresses)
  const redeem = ['bootstrap', other.link, '--yes', '--timeout', '20s']
  const redeeming = taleus(await dataDirectory(), redeem)
  await vi.waitFor(() => expect(processes().length).toBe(2), PATIENCE)
  second.signal('SIGTERM')
  second.signal('SIGTERM')
  await second.exited
  await vi.waitFor(() => expect(alive()).toEqual([]), PATIENCE)
  await redeeming
})
