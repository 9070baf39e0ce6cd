import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { commandHooks } from '../../../src/hooks/command/command-hooks.ts'
import { HookCommandError } from '../../../src/hooks/command/errors.ts'
import { HookCommand } from '../../../src/hooks/command/hook-command.ts'
import { createMemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import { HookNotes } from '../../../src/hooks/own/hook-notes.ts'
import {
  context,
  draftFor,
  INFO,
  provisionContext,
  RIGHT,
  shown,
} from '../../contract/hooks-fixtures.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const ALL =
  '["token.validate","token.reserve","token.markUsed","token.release","identity.validate","database.provision","database.deprovision","database.status","database.verify","audit.logSession"]'

/** A program that keeps each question and answers as told. */
async function answering(answer: string) {
  const directory = await temporaryDirectory()
  const program = join(directory, 'program')
  const which = `{"v":1,"answer":${ALL}}`
  writeFileSync(
    program,
    `#!/bin/sh
read -r question
printf '%s\\n' "$question" >>${directory}/asked
case $question in *'"hook":"hooks"'*) echo '${which}' ;; *) ${answer} ;; esac
`,
  )
  chmodSync(program, 0o755)
  const environment = { PATH: process.env['PATH'] }
  const notes = new HookNotes()
  const command = new HookCommand({ words: [program, 'word'], environment, notes })
  const usual = createMemoryHooks()
  const hooks = await commandHooks(command, usual)
  const asked = (): readonly Record<string, unknown>[] =>
    readFileSync(join(directory, 'asked'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  return { hooks, usual, notes, asked }
}

it('each hook is asked by one line of JSON with its name, version, context and arguments', async () => {
  const { hooks, asked } = await answering(`echo '{"v":1}'`)
  const token = { ...INFO, tokenId: RIGHT.tokenId }
  await hooks.token?.validate?.(RIGHT.tokenId, shown(RIGHT))
  await hooks.token?.reserve?.(token, context())
  await hooks.token?.markUsed?.(RIGHT.tokenId, 'session-1', context())
  await hooks.token?.release?.(RIGHT.tokenId, context())
  await hooks.identity?.validate({ name: 'Bob' }, ['name'], context())
  await hooks.database?.provision?.('stock', 'alice', 'bob', 'session-1', provisionContext('t'))
  await hooks.database?.deprovision?.('t', context())
  await hooks.database?.status?.('t', context())
  const tally = { tallyId: 't', createdBy: 'stock' } as const
  const database = { engine: 'e', endpoint: 'p', credentialsRef: 'c', secret: 's' }
  await hooks.database?.verify?.({ tally, database, draft: draftFor('stock')('t') }, context())
  await hooks.audit?.logSession('session-1', { type: 'state', at: 0, data: { to: 'FAILED' } })
  const [which, ...questions] = asked()
  expect(which).toEqual({ v: 1, hook: 'hooks' })
  const own = {
    sessionId: 'session-1',
    redemptionId: 'redemption-1',
    fence: 1,
    deadline: expect.stringMatching(/^\d{4}-.*Z$/),
    peerId: expect.any(String),
  }
  const { tokenId } = RIGHT
  const secretHash = Buffer.from(RIGHT.secretHash).toString('hex')
  const draft = draftFor('stock')('t')
  const asks = (hook: string, more: object) => ({ v: 1, hook, ...more, context: own })
  expect(questions).toEqual([
    asks('token.validate', { tokenId, secretHash }),
    asks('token.reserve', { token }),
    asks('token.markUsed', { tokenId }),
    asks('token.release', { tokenId }),
    asks('identity.validate', { identity: { name: 'Bob' }, required: ['name'] }),
    asks('database.provision', {
      tallyId: 't',
      createdBy: 'stock',
      initiatorPeerId: 'alice',
      respondentPeerId: 'bob',
      draft,
    }),
    asks('database.deprovision', { tallyId: 't' }),
    asks('database.status', { tallyId: 't' }),
    asks('database.verify', { tally, database, draft }),
    {
      v: 1,
      hook: 'audit.logSession',
      event: { type: 'state', at: '1970-01-01T00:00:00.000Z', data: { to: 'FAILED' } },
      context: { sessionId: 'session-1' },
    },
  ])
})

it('a program is told of a peer that it is an older one', async () => {
  const { hooks, asked } = await answering(`echo '{"v":1}'`)
  await hooks.identity?.validate({}, [], { ...context(), protocol: '1.0.0' })
  expect(asked()[1]).toMatchObject({ context: { protocol: '1.0.0' } })
})

it('an answer is given on as it is, and none at all is nothing', async () => {
  const answer = { refused: 'denied', reason: 'no' }
  const { hooks } = await answering(`echo '{"v":1,"answer":${JSON.stringify(answer)}}'`)
  expect(await hooks.token?.validate?.(RIGHT.tokenId, shown(RIGHT))).toEqual(answer)
  const none = await answering(`echo '{"v":1,"answer":null}'`)
  expect(await none.hooks.database?.status?.('t', context())).toBeUndefined()
})

it('what is left to the usual hooks is asked of them', async () => {
  const { hooks, usual } = await answering(`echo '{"v":1,"usual":true}'`)
  usual.token.issue({ ...RIGHT, info: INFO })
  expect(await hooks.token?.validate?.(RIGHT.tokenId, shown(RIGHT))).toMatchObject(INFO)
  expect(await hooks.token?.reserve?.({ ...INFO, tokenId: 'x' }, context())).toBe(true)
  expect(await hooks.identity?.validate({}, ['name'], context())).toMatchObject({
    refused: 'identity_required',
  })
  await hooks.token?.markUsed?.(RIGHT.tokenId, 'session-1', context())
  expect(usual.token.uses(RIGHT.tokenId)).toBe(1)
})

it('there is no usual answer for databases that the command builds itself', async () => {
  const { hooks } = await answering(`echo '{"v":1,"usual":true}'`)
  const { provision, deprovision, status } = hooks.database ?? {}
  const none = 'there is no usual answer'
  const built = provision?.('stock', 'alice', 'bob', 's', provisionContext('t'))
  await expect(built).rejects.toThrow(none)
  await expect(deprovision?.('t', context())).rejects.toThrow(none)
  await expect(status?.('t', context())).rejects.toThrow(none)
})

it.each([
  [`echo '{"v":1,"error":"out of order"}'`, 'said_so', 'out of order', 'hook_command'],
  [
    `echo '{"v":1,"error":"away","code":"database_unreachable"}'`,
    'said_so',
    'away',
    'database_unreachable',
  ],
  [`echo '{"v":1,"error":"x","code":"mine"}'`, 'no_answer', 'its answer must be', 'hook_command'],
  [`echo '{"v":1,"answer":true,"more":1}'`, 'no_answer', 'its answer must be', 'hook_command'],
  [`echo '{"v":1,"usual":false}'`, 'no_answer', 'its answer must be', 'hook_command'],
  [`echo '{"answer":true}'`, 'no_answer', 'its answer must be', 'hook_command'],
  [`echo '{"v":1,"answer":true,"answer":false}'`, 'no_answer', 'no JSON document', 'hook_command'],
  [`printf '{"v":1,"answer":"\\377"}'`, 'no_answer', 'no JSON document', 'hook_command'],
  [`echo '{"v":1}{"v":1}'`, 'no_answer', 'no JSON document', 'hook_command'],
  [':', 'no_answer', 'answered nothing', 'hook_command'],
  ['exit 9', 'exit_code', 'exit code 9', 'hook_command'],
])('`%s` is a failed hook (%s)', async (script, problem, words, code) => {
  const { hooks } = await answering(script)
  const error: unknown = await hooks.identity?.validate({}, [], context()).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(HookCommandError)
  expect(error).toMatchObject({ problem, code, message: expect.stringContaining(words) })
})

it('what a command that answers writes to stderr is noted with the hook’s name', async () => {
  const { hooks, notes } = await answering(`echo 'a word' >&2; echo '{"v":1,"answer":true}'`)
  const heard: string[] = []
  notes.onSaid((note) => heard.push(note))
  expect(await hooks.identity?.validate({}, [], context())).toBe(true)
  expect(heard).toEqual(['identity.validate: a word'])
})

it('calls beyond the bound fail at once, those that wait are served', async () => {
  const { hooks } = await answering(`echo '{"v":1,"answer":true}'`)
  const event = { type: 'state', at: 0, data: {} } as const
  const calls = Array.from({ length: 300 }, async () => hooks.audit?.logSession('s', event))
  const ends = await Promise.allSettled(calls)
  const busy = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
  expect(busy.length).toBe(300 - 1 - 256)
  for (const error of busy) expect(error).toMatchObject({ problem: 'busy' })
})
