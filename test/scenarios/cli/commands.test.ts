import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runTaleus } from '../../support/cli/run-taleus.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const LINK = `taleus:b${'abcdefghij234567'.repeat(7)}`

describe('identity', () => {
  it('is made at first need, which is told once, and stays the same', async () => {
    const directory = join(await temporaryDirectory(), 'alice')
    const first = await runTaleus(['identity', 'show', '--json', '--data-dir', directory])
    expect(first).toMatchObject({ code: 0, stderr: '' })
    const shown = { peerId: expect.stringMatching(/^12D3KooW\w{44}$/), identity: {}, cadre: [] }
    const warnings = [`a new party was made in ${directory}`]
    expect(JSON.parse(first.stdout)).toEqual({ ...shown, warnings })
    const { peerId } = JSON.parse(first.stdout)
    const second = await runTaleus(['identity', 'show', '--json', '--data-dir', directory])
    expect(JSON.parse(second.stdout)).toEqual({ peerId, identity: {}, cadre: [] })
  })

  it('is one wherever one stands: `~` is the home directory, and a relative XDG path is ignored', async () => {
    const home = await temporaryDirectory()
    const [here, there] = [join(home, 'here'), join(home, 'there')]
    await mkdir(here)
    await mkdir(there)
    const shownIn = async (cwd: string, env: NodeJS.ProcessEnv) =>
      (await runTaleus(['identity', 'show'], { cwd, env: { ...env, HOME: home } })).stdout
    const relative = { XDG_DATA_HOME: 'data', XDG_CONFIG_HOME: 'config' }
    expect(await shownIn(here, relative)).toBe(await shownIn(there, relative))
    const tilde = { TALEUS_DATA_DIR: '~/alice' }
    expect(await shownIn(here, tilde)).toBe(await shownIn(there, tilde))
    expect([await readdir(here), await readdir(there)]).toEqual([[], []])
    expect(await readdir(home)).toEqual(['.local', 'alice', 'here', 'there'])
  })

  it.each([['tally', 'list'], ['status'], ['drain']])(
    'is not made by %s %s: exit 10 says that there is none there',
    async (...words) => {
      const directory = join(await temporaryDirectory(), 'mistyped')
      const ended = await runTaleus([...words, '--data-dir', directory])
      expect(ended).toMatchObject({ code: 10, stdout: '' })
      expect(ended.stderr).toContain(`There is no party in ${directory}.`)
      expect(ended.stderr).toContain(`\`taleus identity show --data-dir ${directory}\``)
      expect(existsSync(directory)).toBe(false)
    },
  )

  it('is not made by audit verify either, which warns that nothing was verified', async () => {
    const directory = join(await temporaryDirectory(), 'mistyped')
    const ended = await runTaleus(['audit', 'verify', '--data-dir', directory])
    expect(ended).toMatchObject({ code: 0, stdout: 'No record is there.\n' })
    expect(ended.stderr).toContain(`There is no party in ${directory}: nothing was verified.`)
    expect(existsSync(directory)).toBe(false)
  })

  it('tells what was set, and forgets what was set to nothing', async () => {
    const env = { TALEUS_DATA_DIR: await temporaryDirectory() }
    const set = await runTaleus(['identity', 'set', 'name=Alice', 'email=a@example.org'], { env })
    expect(set).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^New party 12D3\w+ in .+$/m),
    })
    await runTaleus(['identity', 'set', 'email='], { env })
    const shown = await runTaleus(['identity', 'show', '--json'], { env })
    expect(JSON.parse(shown.stdout)).toMatchObject({ identity: { name: 'Alice' } })
  })

  it('is not made anew over a damaged key: exit 10 names the file', async () => {
    const directory = await temporaryDirectory()
    const path = join(directory, 'identity.key')
    await writeFile(path, '', { mode: 0o600 })
    const ended = await runTaleus(['identity', 'show', '--data-dir', directory])
    expect(ended).toMatchObject({ code: 10, stdout: '' })
    expect(ended.stderr).toContain(path)
    expect(await readFile(path, 'utf8')).toBe('')
  })

  it('is nobody beside the store of another party: exit 10, and both are named', async () => {
    const [alice, bob] = [await temporaryDirectory(), await temporaryDirectory()]
    const peerIds: string[] = []
    for (const directory of [alice, bob]) {
      const words = ['identity', 'set', 'name=Somebody', '--json', '--data-dir', directory]
      peerIds.push(JSON.parse((await runTaleus(words)).stdout).peerId)
    }
    await copyFile(join(bob, 'identity.key'), join(alice, 'identity.key'))
    const ended = await runTaleus(['identity', 'show', '--data-dir', alice])
    expect(ended).toMatchObject({ code: 10, stdout: '' })
    for (const peerId of peerIds) expect(ended.stderr).toContain(peerId)
  })

  it('is not shown from a directory that others may enter: exit 10 says how to mend it', async () => {
    const directory = join(await temporaryDirectory(), 'open')
    await mkdir(directory)
    await chmod(directory, 0o755)
    const ended = await runTaleus(['identity', 'show', '--json', '--data-dir', directory])
    expect(ended.code).toBe(10)
    expect(JSON.parse(ended.stdout)).toEqual({
      error: {
        code: 'data_directory',
        message: `Others may use ${directory} (its mode is 755).`,
        exitCode: 10,
        nextStep: `Run: chmod 700 ${directory}`,
      },
    })
    expect(await readdir(directory)).toEqual([])
  })
})

describe('the short word for help', () => {
  it.each([[['-h']], [['token', '-h']], [['token', 'create', '-h']]])('%j helps', async (words) => {
    const { code, stdout } = await runTaleus(words)
    expect(code).toBe(0)
    expect(stdout).toContain('USAGE')
  })
})

describe('an empty name of a data directory', () => {
  it('is not taken for the working directory', async () => {
    const ended = await runTaleus(['identity', 'show', '--data-dir', ''])
    expect(ended).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('config', () => {
  it('takes a value and tells where it comes from', async () => {
    const env = { TALEUS_DATA_DIR: await temporaryDirectory() }
    expect(await runTaleus(['config', 'set', 'step-timeout', '9s'], { env })).toMatchObject({
      code: 0,
      stdout: '9s\n',
      stderr: '',
    })
    const shown = await runTaleus(['config', 'get', 'step-timeout', '--json'], { env })
    expect(JSON.parse(shown.stdout)).toMatchObject({ value: 9_000, source: 'file' })
    const listed = await runTaleus(['config', 'list'], { env })
    expect(listed.stdout).toMatch(/^step-timeout +9s +file /m)
  })

  it('lives in the configuration directory unless a data directory is named', async () => {
    const env = {
      XDG_CONFIG_HOME: join(await temporaryDirectory(), 'config'),
      XDG_DATA_HOME: join(await temporaryDirectory(), 'data'),
    }
    expect(await runTaleus(['config', 'set', 'timeout', '9s'], { env })).toMatchObject({ code: 0 })
    expect(await readdir(join(env.XDG_CONFIG_HOME, 'taleus'))).toEqual([
      'settings.json',
      'settings.lock',
    ])
  })
})

describe('an error', () => {
  it.each([
    [['identity', 'set'], 2, 'usage'],
    [['identity', 'set', 'x'], 2, 'usage'],
    [['identity', 'show', '--nonsense'], 2, 'usage'],
    [['identity', 'show', 'more'], 2, 'usage'],
    [['config', 'set', 'timeout', 'soon'], 2, 'usage'],
    [['config', 'set', 'nonsense', '1'], 2, 'setting_value'],
    [['nonsense'], 127, 'unknown_command'],
    [['identity', 'nonsense'], 127, 'unknown_command'],
    [['help', 'nonsense'], 127, 'unknown_command'],
    [['nonsense', '--help'], 127, 'unknown_command'],
  ])(
    'of %j ends with %d, as a sentence and a next step, or as a document',
    async (words, code, name) => {
      const env = { TALEUS_DATA_DIR: await temporaryDirectory() }
      const [text, document] = await Promise.all([
        runTaleus(words, { env }),
        runTaleus([...words, '--json'], { env }),
      ])
      expect(text).toMatchObject({ code, stdout: '' })
      expect(text.stderr).toMatch(/^Error: [^\n]+\n(?:[^\n]+\n){1,3}$/)
      expect(document).toMatchObject({ code, stderr: '' })
      const { error } = JSON.parse(document.stdout)
      expect(Object.keys(error)).toEqual(['code', 'message', 'exitCode', 'nextStep'])
      expect(error).toMatchObject({ code: name, exitCode: code })
    },
  )

  it
    .runIf(existsSync('/dev/full'))
    .each([[['help', 'exit-codes']], [['config', 'list', '--json']], [['--help']]])(
    '%j says so in a sentence when the disk that its answer goes to is full',
    async (words) => {
      const env = { TALEUS_DATA_DIR: await temporaryDirectory() }
      const { code, stderr } = await runTaleus(words, { env, into: '/dev/full' })
      expect(code).toBe(10)
      expect(stderr).toMatch(/^Error: The disk is full: .+\n.+\n$/)
    },
  )

  it.each([
    [[LINK]],
    [['nonsense', LINK]],
    [['identity', 'show', LINK]],
    [['identity', 'set', LINK]],
    [['identity', 'show', `--nonsense=${LINK}`]],
    [['identity', 'show', '--nonsense', LINK]],
    [['config', 'get', LINK]],
    [['config', 'set', 'timeout', LINK]],
    [['config', 'set', 'listen', LINK]],
    [['help', LINK]],
    [[LINK, '--help']],
  ])('never shows a link, wherever it was put: %j', async (words) => {
    const env = { TALEUS_DATA_DIR: await temporaryDirectory(), DEBUG: 'taleus*' }
    for (const more of [[], ['--json']]) {
      const { code, stdout, stderr } = await runTaleus([...words, ...more], { env })
      expect(code).toBeGreaterThan(0)
      expect(stdout + stderr).not.toContain(LINK.slice(12, 30))
    }
  })

  it('has a stack trace only when DEBUG asks for it', async () => {
    const env = { TALEUS_DATA_DIR: await temporaryDirectory() }
    const plain = await runTaleus(['identity', 'set', 'x'], { env })
    expect(plain.stderr).not.toMatch(/^ +at /m)
    const debugging = await runTaleus(['identity', 'set', 'x'], {
      env: { ...env, DEBUG: 'taleus*' },
    })
    expect(debugging.stderr).toMatch(/^ +at /m)
  })
})

describe('every command', () => {
  it('ends quietly when nobody reads its answer', async () => {
    const env = { TALEUS_DATA_DIR: await temporaryDirectory() }
    for (const words of [
      ['help', 'exit-codes'],
      ['config', 'list'],
      ['config', 'list', '--json'],
    ]) {
      expect(await runTaleus(words, { env, deaf: true })).toMatchObject({ code: 0, stderr: '' })
    }
  })

  it('takes its common flags from the environment too', async () => {
    const env = { TALEUS_DATA_DIR: await temporaryDirectory(), TALEUS_JSON: '1' }
    expect(
      JSON.parse((await runTaleus(['config', 'get', 'timeout'], { env })).stdout),
    ).toMatchObject({
      value: 30_000,
    })
  })

  it('help exit-codes lists each code', async () => {
    const { stdout } = await runTaleus(['help', 'exit-codes'])
    for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 127, 130, 143]) {
      expect(stdout).toMatch(new RegExp(`^ *${code}  [a-z(]`, 'm'))
    }
  })
})
