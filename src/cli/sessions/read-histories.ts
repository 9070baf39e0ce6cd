import { z } from 'zod/mini'
import type { ComparedSession, PartyHistory } from '../../service/comparison/history.ts'
import { readGivenJson } from '../../service/given/given-json.ts'
import { UsageError } from '../errors/errors.ts'
import { readLines } from '../input/read-bounded.ts'
import { SESSIONS_EXPORT_TYPE, SESSIONS_EXPORT_VERSION } from './export-sessions.ts'

/**
 * The longest line that is read, characters: hundreds of times what a session takes. The file may be somebody else's,
 * and a line without an end must not fill the memory.
 */
const MAX_LINE = 4_194_304

/** The longest file that is read, bytes: the sessions of years, some 2 KB each. */
const MAX_BYTES = 4_294_967_296

/** So many sessions are read of a file: ten times what one is kept of by the largest setting there is sense in. */
const MAX_SESSIONS = 1_000_000

/** Longer than any id or state. */
const MAX_TEXT = 512

/** More messages than fit into one stream, both ways. */
const MAX_MESSAGES = 64

const text = z.string().check(z.maxLength(MAX_TEXT))
const maybeText = z._default(z.nullable(text), null)

const HEAD = z.object({
  type: z.literal(SESSIONS_EXPORT_TYPE),
  v: z.number(),
  peerId: text,
})

const MESSAGE = z.object({
  from: text,
  type: z.nullable(text),
  bytes: z.number(),
  digest: text,
})

const SESSION = z.object({
  id: text,
  side: z.enum(['listener', 'dialer']),
  state: text,
  reason: maybeText,
  peerId: text,
  role: maybeText,
  tokenId: maybeText,
  redemptionId: maybeText,
  tallyId: maybeText,
  tallyStatus: maybeText,
  transcriptDigest: maybeText,
  messages: z._default(z.nullable(z.array(MESSAGE).check(z.maxLength(MAX_MESSAGES))), null),
})

/**
 * Reads one side's sessions, as `sessions export` wrote them. Of each only what is compared is kept.
 * @throws UsageError that names the file and the line
 */
export async function readHistory(path: string): Promise<PartyHistory> {
  const sessions: ComparedSession[] = []
  let peerId: string | undefined
  let line = 0
  for await (const one of readLines(path, { maxLine: MAX_LINE, maxBytes: MAX_BYTES })) {
    line += 1
    if (one.trim() === '') continue
    const value = parsed(one, path, line)
    if (peerId === undefined) peerId = headOf(value, path)
    else sessions.push(sessionOf(value, path, line))
    if (sessions.length > MAX_SESSIONS) {
      throw new UsageError(`${path} has more than ${MAX_SESSIONS} sessions`)
    }
  }
  if (peerId === undefined) throw new UsageError(`${path} is empty`)
  return { peerId, sessions }
}

function headOf(value: unknown, path: string): string {
  const head = z.safeParse(HEAD, value)
  if (!head.success) {
    throw new UsageError(`${path} is not what \`taleus sessions export\` writes: line 1`)
  }
  if (head.data.v !== SESSIONS_EXPORT_VERSION) {
    throw new UsageError(`${path} was written by another version of taleus; update the older one`)
  }
  return head.data.peerId
}

function sessionOf(value: unknown, path: string, line: number): ComparedSession {
  const session = z.safeParse(SESSION, value)
  if (!session.success) throw new UsageError(`${path} has no session in line ${line}`)
  return session.data
}

function parsed(text: string, path: string, line: number): unknown {
  const given = readGivenJson(text)
  if ('value' in given) return given.value
  throw new UsageError(`${path}, line ${line}: what stands there ${given.problem}`)
}
