import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const COMMAND = new URL('../support/cli/warning-command.ts', import.meta.url).pathname

async function run(...words: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'], NODE_ENV: 'production' }
  return promisify(execFile)(process.execPath, [COMMAND, ...words], { env })
}

describe('a warning', () => {
  it('goes to stderr beside the answer, without the link in it', async () => {
    expect(await run()).toEqual({
      stdout: 'the answer\n',
      stderr: 'a hint\nWarning: this link works only here: taleus:…\n',
    })
  })

  it('is silenced, as hints are, by --quiet', async () => {
    expect(await run('--quiet')).toEqual({ stdout: 'the answer\n', stderr: '' })
  })

  it('is part of the document under --json', async () => {
    const { stdout, stderr } = await run('--json')
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      warnings: ['of its own', 'this link works only here: taleus:…'],
    })
  })

  it('is part of the document under --json also when the command fails then', async () => {
    const env = { PATH: process.env['PATH'], NODE_ENV: 'production', FAILS: '1' }
    const failing = promisify(execFile)(process.execPath, [COMMAND, '--json'], { env })
    const { stdout }: { stdout: string } = await failing.catch((error: unknown) => error as never)
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'unexpected' },
      warnings: ['told before'],
    })
  })
})
