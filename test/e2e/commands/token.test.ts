import { execFile } from 'node:child_process'
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { dataDirectory, taleus, taleusJson } from '../support/cli.ts'
import { invite } from '../support/invite.ts'
import { ON_POSTGRES } from '../support/store-on-server.ts'
import { onTerminal } from '../support/terminal.ts'

const LAUNCHER = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))
const ANNOUNCE = ['--announce', '/ip4/8.8.8.8/tcp/4710', '--announce', '/ip4/8.8.8.8/tcp/4711/ws']
const LINK = /^taleus:b[a-z2-7]+$/

/** An invitation with these addresses, where it is not in question how it came about. */
async function invited(directory: string, label?: string) {
  const addresses = ANNOUNCE.filter((word) => word.startsWith('/'))
  return await invite(directory, addresses, label === undefined ? {} : { label })
}

async function create(directory: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { code, json } = await taleusJson(directory, ['token', 'create', ...ANNOUNCE, ...args])
  expect(code).toBe(0)
  return json
}

describe('token create', () => {
  test('prints the link and nothing else on stdout, and stays within 134 characters', async () => {
    const { code, stdout, stderr } = await taleus(await dataDirectory(), [
      'token',
      'create',
      ...ANNOUNCE,
    ])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^taleus:b[a-z2-7]+\n$/)
    expect(stdout.trim().length).toBeLessThanOrEqual(134)
    expect(stderr).toContain('may be reached from anywhere; not tried')
    expect(stderr).toContain('taleus listen')
    expect(stdout + stderr).not.toContain('\u001b')
  })

  test('through a shell: L=$(…), | cat and < /dev/null', async () => {
    const directory = await dataDirectory()
    const command = `'${process.execPath}' '${LAUNCHER}' token create --qr ${ANNOUNCE.join(' ')}`
    const script = `L=$(${command} < /dev/null) && echo "$L" && ${command} | cat`
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', script], {
      env: { ...process.env, TALEUS_DATA_DIR: directory, LC_ALL: 'C.UTF-8', NO_COLOR: '1' },
    })
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(line).toMatch(LINK)
    expect(stderr).toContain('▄▄▄▄▄▄▄')
  })

  test('on 80 by 24 the code is whole, and below it the id and what the partner does', async () => {
    const directory = await dataDirectory()
    const terminal = onTerminal(directory, ['token', 'create', '--announce', ANNOUNCE[1] ?? ''])
    expect(await terminal.exited).toBe(0)
    const { screen } = terminal
    const rows = screen.filter((line) => /[▀▄█]{2}.*[▀▄█]{2}/.test(line))
    expect(rows.length).toBeGreaterThan(15)
    expect(screen.find((line) => line.includes('your partner'))).toMatch(
      /^[a-z2-7]{16}: your partner runs "taleus bootstrap" /,
    )
  })

  test('--quiet leaves only the link, --no-qr no code, and nobody asked for one without a terminal', async () => {
    const directory = await dataDirectory()
    const quiet = await taleus(directory, ['token', 'create', '--quiet', ...ANNOUNCE])
    expect(quiet).toMatchObject({ code: 0, stderr: '' })
    const plain = await taleus(directory, ['token', 'create', ...ANNOUNCE], {
      env: { LC_ALL: 'C.UTF-8' },
    })
    expect(plain.stderr).not.toContain('█')
  })

  test('--json is one document with the contract’s fields', async () => {
    const json = await create(
      await dataDirectory(),
      '--role',
      'foil',
      '--unlimited',
      '--expires',
      '2h',
    )
    expect(json).toEqual({
      id: expect.stringMatching(/^[a-z2-7]{16}$/),
      link: expect.stringMatching(LINK),
      role: 'foil',
      uses: null,
      label: null,
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
      addresses: [
        { address: '/ip4/8.8.8.8/tcp/4710', scope: 'public' },
        { address: '/ip4/8.8.8.8/tcp/4711/ws', scope: 'public' },
      ],
      reach: 'may be reached from anywhere; not tried',
      proofs: [],
      listening: false,
      warnings: [expect.stringMatching(/^a new party was made in /)],
    })
    const lifetime = Date.parse(String(json['expiresAt'])) - Date.now()
    expect(lifetime).toBeLessThanOrEqual(7_200_000)
    expect(lifetime).toBeGreaterThan(7_000_000)
  })

  test('--like takes over what is not said', async () => {
    const directory = await dataDirectory()
    const terms = join(directory, 'terms.json')
    await writeFile(terms, '{"for":"lunch"}')
    const model = await create(
      directory,
      '--uses',
      '5',
      '--label',
      'till',
      '--require',
      'name',
      '--terms',
      terms,
    )
    const like = await create(directory, '--like', String(model['id']).slice(0, 8), '--uses', '2')
    expect(like).toMatchObject({ uses: 2, label: 'till', role: 'stock' })
    const { json } = await taleusJson(directory, ['token', 'show', String(like['id'])])
    expect(json).toMatchObject({ required: ['name'], terms: { for: 'lunch' } })
  })

  test('what can not be meant is exit 2, and nothing is minted', async () => {
    const directory = await dataDirectory()
    const bad = [
      ['--uses', '0'],
      ['--uses', '2', '--unlimited'],
      ['--role', 'owner'],
      ['--expires', 'soon'],
      ['--require', 'Full Name'],
      ['--terms', join(directory, 'nothing')],
      ['--qr-file', 'code.gif'],
      ['--qr-file', join(directory, 'no', 'code.png')],
      ['--announce', '/ip4/0.0.0.0/tcp/4710'],
      ['--announce', 'example.org:4710'],
      ['--like', 'nothing'],
      ['surplus'],
    ]
    for (const args of bad) {
      const { code, json } = await taleusJson(directory, ['token', 'create', ...args])
      expect({ args, code, error: 'error' in json }).toEqual({ args, code: 2, error: true })
      expect(json).not.toHaveProperty('link')
    }
    const role = await taleusJson(directory, ['token', 'create'], { env: { TALEUS_ROLE: 'owner' } })
    expect(role.code).toBe(2)
    const { json } = await taleusJson(directory, ['token', 'list'])
    expect(json).toEqual({ tokens: [], shown: 0, total: 0, next: null })
  })

  test('without any address says how to get one', async () => {
    const directory = await dataDirectory()
    const { code, json } = await taleusJson(directory, ['token', 'create'], {
      env: { TALEUS_LISTEN: '/ip4/127.0.0.1/tcp/0' },
    })
    expect(code).toBe(2)
    expect(json).toMatchObject({
      error: { code: 'no_address', nextStep: expect.stringContaining('--announce') },
    })
  })

  test.skipIf(ON_POSTGRES)('a store that can not be written gives no link', async () => {
    const directory = await dataDirectory()
    await invited(directory)
    const other = new DatabaseSync(join(directory, 'taleus.db'))
    other.exec('BEGIN IMMEDIATE')
    try {
      const { code, stdout } = await taleus(directory, ['token', 'create', ...ANNOUNCE])
      expect({ code, stdout }).toEqual({ code: 10, stdout: '' })
    } finally {
      other.close()
    }
    const { json } = await taleusJson(directory, ['token', 'list'])
    expect(json['tokens']).toHaveLength(1)
  })

  test('leaves everything private, and the secret nowhere', async () => {
    const directory = await dataDirectory()
    const { stdout } = await taleus(directory, ['token', 'create', ...ANNOUNCE])
    for (const name of await readdir(directory)) {
      const path = join(directory, name)
      expect({ name, mode: (await stat(path)).mode & 0o077 }).toEqual({ name, mode: 0 })
      const content = (await readFile(path)).toString('latin1')
      expect(content).not.toContain(stdout.trim().slice(8, 34))
    }
  })
})

describe('a data directory', () => {
  test('that others may enter is refused with the fixing command', async () => {
    const directory = await dataDirectory()
    await chmod(directory, 0o755)
    const { code, stdout, stderr } = await taleus(directory, ['token', 'list'])
    expect({ code, stdout }).toEqual({ code: 10, stdout: '' })
    expect(stderr).toContain(`chmod 700 ${directory}`)
  })

  test.skipIf(ON_POSTGRES)('whose store others may read is refused', async () => {
    const directory = await dataDirectory()
    await invited(directory)
    await chmod(join(directory, 'taleus.db'), 0o644)
    const { code, json } = await taleusJson(directory, ['token', 'create', ...ANNOUNCE])
    expect(code).toBe(10)
    expect(JSON.stringify(json)).toContain(`chmod 600 ${join(directory, 'taleus.db')}`)
  })

  test.each(ON_POSTGRES ? ['identity.key'] : ['taleus.db', 'identity.key'])(
    'with a damaged %s is exit 10, and left as it is',
    async (name) => {
      const directory = await dataDirectory()
      await invited(directory)
      const path = join(directory, name)
      await writeFile(path, 'garbage')
      for (const args of [
        ['token', 'create', ...ANNOUNCE],
        ['token', 'list'],
        ['audit', 'verify'],
      ]) {
        const { code, json } = await taleusJson(directory, args)
        expect({ args, code }).toEqual({ args, code: 10 })
        expect(JSON.stringify(json)).toContain(path)
      }
      expect(await readFile(path, 'utf8')).toBe('garbage')
    },
  )
})

describe('token list, show, revoke, reissue', () => {
  test('tell what became of an invitation', async () => {
    const directory = await dataDirectory()
    const { id } = await create(directory, '--label', 'bike')
    const short = String(id).slice(0, 6)
    const listed = await taleusJson(directory, ['token', 'list'])
    expect(listed.json['tokens']).toEqual([
      {
        id,
        label: 'bike',
        role: 'stock',
        uses: 1,
        used: 0,
        reserved: 0,
        issuedAt: expect.any(String),
        expiresAt: expect.any(String),
        status: 'open',
        byHand: false,
      },
    ])
    const revoked = await taleusJson(directory, ['token', 'revoke', short])
    expect(revoked).toMatchObject({ code: 0, json: { id, status: 'revoked', changed: true } })
    const again = await taleusJson(directory, ['token', 'revoke', short])
    expect(again).toMatchObject({ code: 0, json: { changed: false } })
    const shown = await taleusJson(directory, ['token', 'show', short.toUpperCase()])
    expect(shown.json).toMatchObject({
      id,
      status: 'revoked',
      revokedAt: expect.any(String),
      lifecycle: [
        { data: { event: 'issued' } },
        { type: 'operator', data: { command: 'token create', user: expect.any(String) } },
        { data: { event: 'revoked' } },
        { type: 'operator', data: { command: 'token revoke' } },
      ],
    })
    expect((await taleus(directory, ['audit', 'verify'])).code).toBe(0)
  })

  test('reissue replaces the link; a script gets nothing but the new one', async () => {
    const directory = await dataDirectory()
    const old = await create(directory, '--uses', '4')
    const { code, stdout } = await taleus(directory, [
      'token',
      'reissue',
      String(old['id']),
      ...ANNOUNCE,
    ])
    expect(code).toBe(0)
    expect(stdout.trim()).toMatch(LINK)
    expect(stdout.trim()).not.toBe(old['link'])
    const { json } = await taleusJson(directory, ['token', 'list'])
    expect(json['tokens']).toMatchObject([
      { uses: 4, status: 'open', expiresAt: old['expiresAt'] },
      { id: old['id'], status: 'revoked' },
    ])
  })

  test('an id that nothing has, or a link in its place, is exit 2', async () => {
    const directory = await dataDirectory()
    const { link } = await invited(directory)
    const none = await taleusJson(directory, ['token', 'show', 'nothing'])
    expect(none).toMatchObject({ code: 2, json: { error: { code: 'not_found' } } })
    const mistaken = await taleus(directory, ['token', 'revoke', link])
    expect(mistaken.code).toBe(2)
    expect(mistaken.stderr).not.toContain(link.slice(8, 40))
  })

  test('a label can do nothing to the terminal', async () => {
    const directory = await dataDirectory()
    await invited(directory, 'a\u202eb\u2066c')
    const { stdout } = await taleus(directory, ['token', 'list'])
    expect(stdout).toContain('a\\u202eb\\u2066c')
  })
})

describe('token inspect', () => {
  test('takes a link however it was copied, and never shows its secret', async () => {
    const directory = await dataDirectory()
    const { link: text, id } = await invited(directory)
    const file = join(directory, 'link.txt')
    await writeFile(file, `${text.slice(0, 60)}\r\n${text.slice(60)}\n`)
    const ways: { args: string[]; input?: string }[] = [
      { args: [text] },
      { args: [text.toUpperCase()] },
      { args: [`  "${text}" `] },
      { args: [`<${text}>`] },
      { args: ['-'], input: `${text.slice(0, 40)}\n  ${text.slice(40)}\n` },
      { args: ['--link-file', file] },
    ]
    const empty = join(await dataDirectory(), 'nowhere')
    for (const { args, input } of ways) {
      const { code, stdout } = await taleus(empty, ['token', 'inspect', ...args], {
        input: input ?? '',
      })
      expect({ args, code }).toEqual({ args, code: 0 })
      expect(stdout).toContain(id)
      expect(stdout).toContain('/ip4/8.8.8.8/tcp/4710 (public)')
      expect(stdout.toLowerCase()).not.toContain(text.slice(8, 34))
    }
    await expect(stat(empty)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('reads the QR code that token create wrote', async () => {
    const directory = await dataDirectory()
    const picture = join(directory, 'code.png')
    const { id } = await create(directory, '--qr-file', picture)
    const { json } = await taleusJson(directory, ['token', 'inspect', '--qr-image', picture])
    expect(json).toMatchObject({
      id,
      role: 'stock',
      reach: 'may be reached from anywhere; not tried',
      expired: false,
    })
  })

  test('works on an expired link', async () => {
    const directory = await dataDirectory()
    const { link } = await create(directory, '--expires', '1s')
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const { code, json } = await taleusJson(directory, ['token', 'inspect', String(link)])
    expect({ code, json }).toMatchObject({ code: 0, json: { expired: true } })
  })

  test('what is no whole link is exit 3 with its own sentence, and is not repeated', async () => {
    const directory = await dataDirectory()
    const { link: text } = await invited(directory)
    const typo = text.slice(0, 50) + (text[50] === 'a' ? 'b' : 'a') + text.slice(51)
    const bad: [string, RegExp][] = [
      [typo, /mistyped/],
      [text.slice(0, 90), /incomplete/],
      [text.replace('taleus:', 'talus:'), /begin with taleus:/],
      [`${text}1`, /character/],
      [`taleus:${'b'.repeat(10_000)}`, /too long/],
    ]
    const sentences = new Set<string>()
    for (const [wrong, sentence] of bad) {
      const { code, stdout, stderr } = await taleus(directory, ['token', 'inspect', wrong])
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
      expect(stderr).toMatch(sentence)
      expect(stderr).not.toContain(text.slice(8, 34))
      sentences.add(stderr)
    }
    expect(sentences.size).toBe(bad.length)
  })

  test('needs exactly one link: exit 2', async () => {
    const directory = await dataDirectory()
    const { link } = await invited(directory)
    for (const args of [[], ['-'], [link, '--link-file', 'x'], ['--link-file', 'nowhere']]) {
      const { code } = await taleus(directory, ['token', 'inspect', ...args])
      expect({ args, code }).toEqual({ args, code: 2 })
    }
  })
})
