import { describe, expect, it } from 'vitest'
import { runTaleus } from '../../support/cli/run-taleus.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const CREATE = ['token', 'create', '--announce', '/ip4/8.8.8.8/tcp/4710']

async function party() {
  const env = { TALEUS_DATA_DIR: await temporaryDirectory() }
  return async (words: readonly string[], input = '') => await runTaleus(words, { env, input })
}

describe('a link of the https form', () => {
  it('is the whole link behind the # of the page’s address, and is read as the link itself is', async () => {
    const run = await party()
    const made = await run([...CREATE, '--base-url', 'https://example.org/t'])
    expect(made.stdout).toMatch(/^https:\/\/example\.org\/t#taleus:b[a-z2-7]+\n$/)
    const [, link = ''] = made.stdout.trim().split('#')
    const read = await run(['token', 'inspect', link, '--json'])
    const { id } = JSON.parse(read.stdout)
    const middle = made.stdout.length >> 1
    for (const text of [
      made.stdout,
      `Hi Bob,\n  <${made.stdout.trim()}>\nsee you`,
      `${made.stdout.slice(0, middle)}\r\n> ${made.stdout.slice(middle)}`,
      made.stdout.replace('#', '# '),
      made.stdout.toUpperCase(),
    ]) {
      const inspected = await run(['token', 'inspect', '-', '--json'], text)
      expect(JSON.parse(inspected.stdout)).toMatchObject({ id })
    }
  })

  it('is made by the setting, too; an empty flag makes the link alone', async () => {
    const run = await party()
    const set = await run(['config', 'set', 'base-url', 'https://Example.org/a/../t'])
    expect(set.code).toBe(0)
    expect((await run(['config', 'get', 'base-url'])).stdout).toBe('https://example.org/t\n')
    expect((await run(CREATE)).stdout).toMatch(/^https:\/\/example\.org\/t#taleus:b/)
    expect((await run([...CREATE, '--base-url', ''])).stdout).toMatch(/^taleus:b/)
  })

  it.each([
    'http://example.org/t',
    'https://example.org/t?a=b',
    'https://example.org/t#a',
    'https://user:word@example.org/t',
    'ftp://example.org/t',
    'example.org/t',
    'javascript:alert(1)',
    `https://example.org/${'a'.repeat(300)}`,
  ])('does not lead to %s', async (address) => {
    const run = await party()
    const refused = await run([...CREATE, '--base-url', address])
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain('`base-url` takes the address of a page')
  })

  it('is no command and no id, and says so without showing it', async () => {
    const run = await party()
    await run(CREATE)
    const link = `https://example.org/t#taleus:b${'abcdefghij234567'.repeat(6)}`
    const asCommand = await run([link])
    expect(asCommand.stderr).toContain('did you mean `taleus bootstrap`')
    const asId = await run(['token', 'show', link])
    expect(asId.stderr).toContain('is a link, not an id')
    expect(asCommand.stderr + asId.stderr).not.toContain('abcdefghij')
  })
})
