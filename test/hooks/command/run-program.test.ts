import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { HookCommandError } from '../../../src/hooks/command/errors.ts'
import { programEnvironment } from '../../../src/hooks/command/program-environment.ts'
import { type ProgramOrder, runProgram } from '../../../src/hooks/command/run-program.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const PATIENCE = { timeout: 20_000, interval: 10 }

function shell(script: string, more: Partial<ProgramOrder> = {}) {
  const { signal } = new AbortController()
  const environment = programEnvironment(process.env)
  return runProgram({
    words: ['sh', '-c', script],
    environment,
    input: '',
    maxOutputBytes: 1_000,
    signal,
    ...more,
  })
}

async function problemOf(run: Promise<unknown>): Promise<HookCommandError> {
  const error: unknown = await run.catch((thrown: unknown) => thrown)
  if (error instanceof HookCommandError) return error
  throw new Error(`no HookCommandError: ${error}`)
}

/** The numbers of processes that a script has written. */
async function processesIn(file: string): Promise<readonly number[]> {
  return await vi.waitFor(() => {
    const numbers = readFileSync(file, 'utf8').trim().split('\n').map(Number)
    expect(numbers.length).toBe(2)
    return numbers
  }, PATIENCE)
}

async function expectGone(processes: readonly number[]): Promise<void> {
  await vi.waitFor(() => {
    for (const process of processes) expect(existsSync(`/proc/${process}`)).toBe(false)
  }, PATIENCE)
}

it('a program reads its input and writes its answer', async () => {
  const { stdout, stderr } = await shell('cat; echo noted >&2', { input: '{"a":1}\n' })
  expect(stdout.toString()).toBe('{"a":1}\n')
  expect(stderr).toBe('noted')
})

it('no shell looks at the words', async () => {
  const words = ['printf', '%s|', '$HOME', '*', '`id`', '; exit 1']
  expect((await shell('', { words })).stdout.toString()).toBe('$HOME|*|`id`|; exit 1|')
})

it('a program that does not read its input is judged by its answer', async () => {
  const input = 'x'.repeat(1_000_000)
  expect((await shell('exec <&-; echo fine', { input })).stdout.toString()).toBe('fine\n')
  expect((await shell('echo fine', { input })).stdout.toString()).toBe('fine\n')
})

it.each([
  ['exit 3', 'exit_code', 'it ended with exit code 3'],
  ['echo one >&2; echo why >&2; exit 1', 'exit_code', 'it ended with exit code 1: why'],
  ['kill -KILL $$', 'killed', 'SIGKILL ended it'],
  ['head -c 2000 /dev/zero', 'too_long', 'more than 1000 bytes'],
  ['while :; do echo y; done', 'too_long', 'more than 1000 bytes'],
])('`%s` is %s', async (script, problem, message) => {
  const error = await problemOf(shell(script))
  expect(error).toMatchObject({ problem, code: 'hook_command' })
  expect(error.message).toContain(message)
})

it('a program that is not there, or is none, is named as such', async () => {
  const directory = await temporaryDirectory()
  const plain = join(directory, 'plain')
  writeFileSync(plain, 'no program')
  const absent = await problemOf(shell('', { words: [join(directory, 'absent')] }))
  expect(absent).toMatchObject({ problem: 'not_started', message: 'there is no such program' })
  const unrunnable = await problemOf(shell('', { words: [plain] }))
  expect(unrunnable).toMatchObject({
    problem: 'not_started',
    message: expect.stringContaining('executable'),
  })
  expect(await problemOf(shell('', { words: ['a\0b'] }))).toMatchObject({ problem: 'not_started' })
})

it('what it writes to stderr is kept within a bound, and never holds it up', async () => {
  const { stderr } = await shell('head -c 1000000 /dev/zero | tr "\\0" x >&2; echo fine')
  expect(stderr).toBe('x'.repeat(4_096))
})

it('without a bound for it, what it writes to stdout is dropped', async () => {
  const { signal } = new AbortController()
  const words = ['sh', '-c', 'head -c 1000000 /dev/zero']
  const environment = programEnvironment(process.env)
  const { stdout } = await runProgram({ words, environment, input: '', signal })
  expect(stdout.length).toBe(0)
})

it('an abort ends the program and all that it has started', async () => {
  const file = join(await temporaryDirectory(), 'processes')
  const stop = new AbortController()
  const run = shell(`echo $$ >${file}; sleep 600 & echo $! >>${file}; wait`, {
    signal: stop.signal,
  })
  const processes = await processesIn(file)
  const reason = new Error('too late')
  stop.abort(reason)
  await expect(run).rejects.toBe(reason)
  await expectGone(processes)
})

it('one that does not heed SIGTERM is killed', async () => {
  const file = join(await temporaryDirectory(), 'processes')
  const stop = new AbortController()
  const script = `trap "" TERM; echo $$ >${file}; sleep 600 & echo $! >>${file}; while :; do wait; done`
  const run = shell(script, { signal: stop.signal })
  const processes = await processesIn(file)
  stop.abort(new Error('too late'))
  await expect(run).rejects.toThrow('too late')
  await expectGone(processes)
})

it('what a program leaves behind ends with it, and its answer counts', async () => {
  const file = join(await temporaryDirectory(), 'processes')
  const script = `echo $$ >${file}; sleep 600 & echo $! >>${file}; echo fine`
  expect((await shell(script)).stdout.toString()).toBe('fine\n')
  await expectGone(await processesIn(file))
})

it('an answer is not waited for because somebody else holds the output open', async () => {
  const file = join(await temporaryDirectory(), 'process')
  const run = shell(
    `setsid sh -c 'echo $$ >${file}; exec sleep 600' & until [ -s ${file} ]; do :; done; echo fine`,
  )
  expect((await run).stdout.toString()).toBe('fine\n')
  process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL')
})

it('nothing is started after the abort', async () => {
  const directory = await temporaryDirectory()
  const signal = AbortSignal.abort(new Error('over'))
  await expect(shell(`: >${directory}/begun`, { signal })).rejects.toThrow('over')
  expect(existsSync(join(directory, 'begun'))).toBe(false)
})

it('of the environment only what a program needs is passed on', async () => {
  const environment = programEnvironment({
    PATH: process.env['PATH'],
    LC_ALL: 'C',
    HOME: '/home/me',
    PGPASSWORD: 'secret',
    TALEUS_DATA_DIR: '/x',
    NODE_OPTIONS: '--x',
    LANG: undefined,
  })
  const { stdout } = await shell('', { words: ['env'], environment })
  const names = stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split('=')[0])
  expect(names.toSorted()).toEqual(['HOME', 'LC_ALL', 'PATH'])
})
