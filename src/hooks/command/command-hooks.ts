import { compact } from '../../protocol/base/compact.ts'
import type { OwnHooks } from '../own/hook-module.ts'
import type {
  AuditHook,
  DatabaseHook,
  HookContext,
  IdentityHook,
  SessionHooks,
  TokenHook,
} from '../session-hooks.ts'
import type { CommandHook, CommandQuestion } from './command-messages.ts'
import { HookCommandError } from './errors.ts'
import type { HookCommand } from './hook-command.ts'

/**
 * Hooks of a command: those that it says to answer, each a process of its own for each call. Answers are given on as they
 * are: whoever calls a hook checks them.
 * @param usual the hooks that are asked where the command leaves the answer to them
 * @throws HookCommandError
 */
export async function commandHooks(command: HookCommand, usual: SessionHooks): Promise<OwnHooks> {
  const names: readonly string[] = await command.which()
  const call = callOf(command)
  const [identity, audit] = [identityCalls(call, usual.identity), auditCalls(command, usual.audit)]
  return compact({
    token: among('token', tokenCalls(call, usual.token), names),
    identity: names.includes('identity.validate') ? identity : undefined,
    database: among('database', databaseCalls(call, usual.database), names),
    audit: names.includes('audit.logSession') ? audit : undefined,
  })
}

/** Those of a hook's functions that are named; undefined if none is. */
function among<Hook extends object>(
  part: string,
  calls: Hook,
  names: readonly string[],
): Partial<Hook> | undefined {
  const own = Object.entries(calls).filter(([name]) => names.includes(`${part}.${name}`))
  return own.length === 0 ? undefined : (Object.fromEntries(own) as Partial<Hook>)
}

interface Question extends CommandQuestion {
  readonly hook: CommandHook
}

/** Asks a command. What it answers is taken for an answer of that type: whoever called the hook checks it. */
type Call = <Answer>(
  question: Question,
  context: HookContext,
  usually?: () => Promise<Answer>,
) => Promise<Answer>

function callOf(command: HookCommand): Call {
  return async <Answer>(
    question: Question,
    context: HookContext,
    usually?: () => Promise<Answer>,
  ) => {
    const said = await command.ask({ ...question, context: toldContext(context) }, context.signal)
    if (said.kind === 'answer') return said.answer as Answer
    if (usually !== undefined) return await usually()
    throw new HookCommandError(`there is no usual answer to ${question.hook}`, {
      problem: 'no_answer',
    })
  }
}

function toldContext({ deadline, ...context }: HookContext) {
  const { sessionId, redemptionId, fence, peerId, protocol } = context
  const until = new Date(deadline).toISOString()
  return compact({ sessionId, redemptionId, fence, deadline: until, peerId, protocol })
}

function tokenCalls(call: Call, usual: TokenHook): Omit<TokenHook, 'mustBeTold'> {
  return {
    validate: (tokenId, context) => {
      const secretHash = Buffer.from(context.secretHash).toString('hex')
      return call({ hook: 'token.validate', tokenId, secretHash }, context, () =>
        usual.validate(tokenId, context),
      )
    },
    reserve: (token, context) =>
      call({ hook: 'token.reserve', token }, context, async () => true as const),
    markUsed: (tokenId, sessionId, context) =>
      call({ hook: 'token.markUsed', tokenId }, context, () =>
        usual.markUsed(tokenId, sessionId, context),
      ),
    release: (tokenId, context) =>
      call({ hook: 'token.release', tokenId }, context, async () => undefined),
  }
}

function identityCalls(call: Call, usual: IdentityHook): IdentityHook {
  return {
    validate: (identity, required, context) =>
      call({ hook: 'identity.validate', identity, required }, context, () =>
        usual.validate(identity, required, context),
      ),
  }
}

/** Databases that are built by the command have no usual answers: the usual hooks know nothing of them. */
function databaseCalls(call: Call, usual: DatabaseHook): Omit<DatabaseHook, 'leavesNoTrace'> {
  return {
    provision: (createdBy, initiatorPeerId, respondentPeerId, _sessionId, context) => {
      const { tallyId } = context
      const draft = context.draftFor(tallyId)
      const parties = { initiatorPeerId, respondentPeerId }
      return call({ hook: 'database.provision', tallyId, createdBy, ...parties, draft }, context)
    },
    deprovision: (tallyId, context) => call({ hook: 'database.deprovision', tallyId }, context),
    status: (tallyId, context) => call({ hook: 'database.status', tallyId }, context),
    verify: (built, context) =>
      call({ hook: 'database.verify', ...built }, context, async () =>
        usual.verify === undefined ? true : await usual.verify(built, context),
      ),
  }
}

/** An event has no session that waits for it, and no deadline. */
function auditCalls(command: HookCommand, usual: AuditHook): AuditHook {
  return {
    logSession: async (sessionId, event) => {
      const { at, ...rest } = event
      const told = { ...rest, at: new Date(at).toISOString() }
      const said = await command.tell({
        hook: 'audit.logSession',
        event: told,
        context: { sessionId },
      })
      if (said.kind === 'usual') await usual.logSession(sessionId, event)
    },
  }
}
