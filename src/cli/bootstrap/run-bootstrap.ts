import { compact } from '../../protocol/base/compact.ts'
import { runningStatus } from '../../service/control/control-client.ts'
import { hintSync } from '../../service/control/hint-sync.ts'
import { reasonInWords } from '../../service/feed/session-reasons.ts'
import type { SeenOffer } from '../../service/redeeming/seen-offer.ts'
import type { HearWait, WaitNews } from '../../service/waiting/not-yet.ts'
import { type Context, type NewPartyTold, withContext } from '../context.ts'
import { CommandFailure, UsageError } from '../errors/errors.ts'
import { type Interruption, watchInterruption } from '../input/interruption.ts'
import { type LinkSources, readLink } from '../link/read-link.ts'
import type { Locations } from '../locations.ts'
import { wrongClockWarning } from '../output/clock-warning.ts'
import { parseIdentityFields } from '../settings/identity-fields.ts'
import { parseSetting } from '../settings/setting-values.ts'
import type { Settings } from '../settings/settings.ts'
import { sessionConfigOf } from '../settings/settings-table.ts'
import { parseDuration } from '../text/duration.ts'
import { line } from '../text/screen-text.ts'
import { isoTime } from '../text/time-text.ts'
import { mustHaveSomebodyToAsk, wordsAfter } from '../words/words-after.ts'
import { answerOf, type BootstrapAnswer, completedAnswer } from './bootstrap-answer.ts'
import { routeTo } from './bootstrap-document.ts'
import { BootstrapProgress } from './bootstrap-progress.ts'
import { progressStyle } from './dial-progress.ts'
import { Dialogue, type DialogueInit } from './dialogue.ts'
import { failureOfRefusal, withAttempts } from './result-failure.ts'

export interface BootstrapOptions extends DialogueInit {
  readonly locations: Locations
  readonly source: LinkSources
  /** Peer id that the link must be of; the user knows it from elsewhere. */
  readonly inviter: string | undefined
  readonly disclose: readonly string[]
  readonly timeout: string | undefined
  /** How long to try again, as a duration; undefined: not at all. */
  readonly wait: string | undefined
  /** Where to build what the inviter leaves to this side; a value of the setting of that name. */
  readonly database: string | undefined
  readonly another: boolean
  /** Tell where this party can be reached. */
  readonly cadre: boolean
  readonly dryRun: boolean
  readonly decline: boolean
  readonly reason: string | undefined
  /** Ask whether the inviter's screen shows the same words. */
  readonly compare: boolean
  /** Nobody wants to hear of progress. */
  readonly isSilent: boolean
  readonly newParty: NewPartyTold
}

/** It is waited no longer than a week: what takes longer is begun again, by hand or by a timer of the system's. */
const MAX_WAIT_MS = 604_800_000

/** The shortest wait that makes sense, ms. */
const MIN_WAIT_MS = 1_000

/** Where a person is asked. */
const TERMINAL = { input: process.stdin, output: process.stderr }

/**
 * Redeems or declines an invitation.
 * @throws UsageError, LinkError, CommandFailure, and what store and network throw
 */
export async function runBootstrap(options: BootstrapOptions): Promise<BootstrapAnswer> {
  const { source, decline, compare } = options
  const waitMs = waitOf(options.wait)
  if (compare) mustHaveSomebodyToAsk(TERMINAL)
  const text = await checkedLink(await readLink(source, process.stdin), options)
  const progress = new BootstrapProgress(
    process.stderr,
    progressStyle(process.stderr, process.env, options.isSilent),
  )
  const interruption = watchInterruption((signal) => process.exit(signal === 'SIGINT' ? 130 : 143))
  try {
    const work = async (context: Context) => {
      const timeoutMs = await timeoutOf(context, options.timeout)
      const step = decline ? sayNo : sayYes
      return await step(context, options, {
        text,
        timeoutMs,
        waitMs,
        progress,
        hearWait: (news) => progress.hearWait(news),
        interrupted: interruption.signal,
      })
    }
    return await withContext(options.locations, work, options.newParty)
  } catch (error) {
    throw interruptedBy(interruption, withAttempts(error, progress.attempts), progress.waited)
  } finally {
    progress.clear()
    interruption.release()
  }
}

/** Looks at a link before anything is done with it. @throws UsageError for what an older inviter can't be told; LinkError */
async function checkedLink(text: string, options: BootstrapOptions): Promise<string> {
  const { isLegacyLink, pinLink } = await import('../../service/redeeming/pin-link.ts')
  const { inviter, decline, another } = options
  if (isLegacyLink(text) && (decline || another)) {
    const flag = decline ? '--decline' : '--another'
    throw new UsageError(`${flag} is not for an older link: its inviter can not be told`)
  }
  return inviter === undefined ? text : pinLink(text, inviter)
}

interface Given {
  readonly text: string
  readonly timeoutMs: number
  readonly waitMs: number | undefined
  readonly progress: BootstrapProgress
  readonly hearWait: HearWait
  readonly interrupted: AbortSignal
}

/** @throws UsageError */
function waitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return parseDuration(text, { of: '--wait', min: MIN_WAIT_MS, max: MAX_WAIT_MS })
}

async function timeoutOf(context: Context, text: string | undefined): Promise<number> {
  const given = text === undefined ? undefined : parseSetting('timeout', [text])
  const settings = await context.settings()
  return settings.number('timeout', typeof given === 'number' ? given : undefined)
}

async function sayNo(
  context: Context,
  { reason }: BootstrapOptions,
  given: Given,
): Promise<BootstrapAnswer> {
  const { declineLink, recordDecline } = await import('../../service/redeeming/decline-link.ts')
  const { tallyOfLink } = await import('../../service/redeeming/link-history.ts')
  const { tallyId } = (await tallyOfLink(await context.store(), given.text)) ?? {}
  if (tallyId !== undefined) {
    throw new CommandFailure('usage', {
      detail: `you have said yes to this before, and tally ${tallyId} came of it`,
      advice: `Look at it: taleus tally show ${tallyId.slice(0, 8)}`,
    })
  }
  const redeemer = await context.redeemer(
    {},
    {
      hearDial: (news) => given.progress.hearDial(news),
    },
  )
  const refusal = await declineLink(redeemer, { ...given, reason })
  if (refusal !== undefined) throw failureOfRefusal(refusal)
  await recordDecline(await context.store(), given.text)
  return { text: line('Declined; the inviter has been told.'), document: { declined: true } }
}

/** The settings of what is kept of a session. */
function recordingOf(settings: Settings) {
  const all = sessionConfigOf((key) => settings.effective(key).value)
  const { maxSessionHistory, auditLevel } = all
  return compact({ maxSessionHistory, auditLevel })
}

/** The nodes that this party nominates, or where it listens now. */
async function cadreOf({ directory }: Context, { cadre }: Settings): Promise<readonly string[]> {
  if (cadre.length > 0) return cadre
  const { toldAddresses } = await import('../../service/sync/told-addresses.ts')
  return toldAddresses([], (await runningStatus(directory))?.addresses ?? [])
}

async function sayYes(
  context: Context,
  options: BootstrapOptions,
  given: Given,
): Promise<BootstrapAnswer> {
  const { redeemLink } = await import('../../service/redeeming/redeem-link.ts')
  const { progress } = given
  const settings = await context.settings()
  const ports = {
    store: await context.store(),
    redeemer: await context.redeemer(recordingOf(settings), {
      hearDial: (news) => progress.hearDial(news),
      hearHooks: (note) => options.warn(`your hooks: ${note}`),
      database: databaseOf(options),
    }),
    localPeer: await context.peerId(),
    identity: settings.identity,
    cadre: options.cadre ? await cadreOf(context, settings) : [],
  }
  const { another, dryRun } = options
  const dialogue = new Dialogue(options, TERMINAL, widthOf(process.stderr))
  const result = await redeemLink(ports, {
    ...given,
    given: parseIdentityFields(options.disclose),
    another,
    dryRun,
    complete: (offer, disclosure) => {
      progress.clear()
      return dialogue.complete(offer, disclosure)
    },
    agree: (offer, disclosure, isAnew) => {
      progress.clear()
      return dialogue.agree(offer, disclosure, isAnew)
    },
  })
  progress.clear()
  const isSynced = result.kind === 'completed' && result.outcome.protocol === undefined
  if (isSynced && context.isServed()) await hintSync(context.directory, result.outcome.tallyId)
  await signAudit(context, options)
  await warnOfInviter(context, given.text, options)
  if (result.kind === 'looked') warnOfOwnClock(options, result.offer)
  if (result.kind !== 'completed') return answerOf(result, widthOf(process.stdout))
  const { compare, show } = options
  const told = await wordsAfter(context, result.outcome.tallyId, compare, show)
  return completedAnswer(result, told, routeTo(progress.met), show)
}

/** @throws SettingValueError */
function databaseOf({ database }: BootstrapOptions): string | undefined {
  const parsed = database === undefined ? undefined : parseSetting('database', [database])
  return typeof parsed === 'string' ? parsed : undefined
}

function warnOfOwnClock({ warn }: BootstrapOptions, { wrongOwnTime, expiresAt }: SeenOffer): void {
  if (wrongOwnTime !== undefined) warn(wrongClockWarning(wrongOwnTime, expiresAt * 1000))
}

/** Signs how far the audit has grown. The result is in the store either way, so a failure is a warning. */
async function signAudit(context: Context, { warn }: BootstrapOptions): Promise<void> {
  const { currentCheckpoint } = await import('../../service/trail/take-checkpoint.ts')
  try {
    await currentCheckpoint(await context.store(), await context.privateKey())
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    warn(`the audit was not signed: ${why}`)
  }
}

/** Warns if an alarm about this partner stands, be it new or old. */
async function warnOfInviter(
  context: Context,
  link: string,
  { warn }: BootstrapOptions,
): Promise<void> {
  const { alarmOfInviter } = await import('../../service/witness/alarm-of-inviter.ts')
  const peerId = await alarmOfInviter(await context.store(), link)
  if (peerId === undefined) return
  warn(`the inviter’s audit contradicts what it showed before: taleus audit witnesses ${peerId}`)
}

/** An error after a signal is told as that signal, with what was waited for. */
function interruptedBy(
  interruption: Interruption,
  cause: unknown,
  waited: WaitNews | undefined,
): unknown {
  const received = interruption.received()
  if (received === undefined) return cause
  const detail = waited && `while waiting: ${reasonInWords(waited.code)}`
  const code = received === 'SIGINT' ? 'interrupted' : 'terminated'
  const pendingUntil = waited?.keptUntil
  const advice =
    pendingUntil === undefined
      ? undefined
      : `Run the same command again: your place is kept until ${isoTime(pendingUntil)}.`
  return new CommandFailure(code, compact({ detail, pendingUntil, advice, cause }))
}

/** Some terminals say that they have no columns at all. */
function widthOf({ columns }: NodeJS.WriteStream): number {
  return columns > 0 ? columns : 80
}
