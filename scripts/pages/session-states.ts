import { DEFAULT_SESSION_CONFIG } from '../../src/session/config/session-config.ts'
import { stepLimitMs } from '../../src/session/machine/deadlines.ts'
import type { DialerStateName } from '../../src/session/machine/dialer-state.ts'
import { dialerStep } from '../../src/session/machine/dialer-table.ts'
import type { ListenerStateName } from '../../src/session/machine/listener-state.ts'
import { listenerStep } from '../../src/session/machine/listener-table.ts'
import {
  type AnyTransition,
  isIgnored,
} from '../../test/support/session/machine/describe-transition.ts'
import {
  DIALER_EVENTS,
  DIALER_STATES,
  flat,
  LISTENER_EVENTS,
  LISTENER_STATES,
  type Sample,
} from '../../test/support/session/machine/sample-states.ts'

/** The event that each state waits for. The rest of the page is read from the tables. */
const INVITER_WAITS: Readonly<Record<ListenerStateName, string>> = {
  CREATED: 'nothing: the stream was just admitted',
  READING_REQUEST:
    'the first message: a look at the offer, a contact, a decline, or a late acknowledgment',
  VALIDATING_TOKEN: 'the token hook, then the reservation of a use',
  VALIDATING_IDENTITY: 'the identity hook, if the invitation requires disclosures',
  ASKING_INVITER:
    'an invitation by hand: the identity hook, then a place for the request until the inviter says yes or no',
  PROVISIONING_DB:
    'the database hook (stock), or nothing: the building is left to the invitee (foil)',
  SENDING_RESPONSE: 'the stored response to leave',
  AWAITING_ACK: "the invitee's database (foil), then its check",
  COMPLETED: 'nothing: the tally is committed',
  FAILED: 'nothing: there is a reason and a step',
  TIMEOUT: 'nothing: a deadline fired in a step',
}

const INVITEE_WAITS: Readonly<Record<DialerStateName, string>> = {
  CREATED: 'nothing: the attempt is about to be stored',
  CONNECTING: 'a stream to the peer that the link names',
  SENDING_REQUEST: 'the offer, if something is to be disclosed, then the contact to leave',
  AWAITING_RESPONSE: "the inviter's yes or no",
  VALIDATING_RESPONSE: 'the check of the response, by us and by the database hook',
  ACKNOWLEDGING: 'the acknowledgment to leave (stock)',
  PROVISIONING_DB: 'the database hook (foil)',
  SENDING_RESULT: 'the database result to leave (foil)',
  AWAITING_RECEIPT: "the inviter's receipt (foil)",
  COMPLETED: 'nothing: the tally is confirmed',
  FAILED: 'nothing: there is a reason and a step',
  TIMEOUT: 'nothing: a deadline fired in a step',
}

interface Probe {
  readonly state: Sample<{ readonly name: string }>
  readonly event: Sample<object>
  readonly answer: AnyTransition
}

interface Side {
  readonly title: string
  readonly waits: Readonly<Record<string, string>>
  readonly probes: readonly Probe[]
  limit(state: string): number | undefined
}

const ENDINGS = ['FAILED', 'TIMEOUT']

/** Makes docs/session-states.md by asking both tables about every sample of a state and an event. */
export function generate(): string {
  return `${[INTRODUCTION, ...[inviter(), invitee()].flatMap(section)].join('\n\n')}\n`
}

const INTRODUCTION = `# Session states

Both sides of a bootstrap are tables in \`src/session/machine\`: every state has an answer to every event. This page is
generated from them (\`npm run docs\`) by asking for each answer.

A deadline that fires aborts the step's work and ends the session as \`TIMEOUT\`. The whole session has
${seconds(DEFAULT_SESSION_CONFIG.sessionTimeoutMs)}. All of these are the defaults; they can be configured.

A session that ends as \`FAILED\` with the reason \`pending\` has not failed: its request waits for the inviter's word. \`taleus
sessions\`, the dashboard, the counts of the feed and the metrics tell it as \`asked\`, with the sign \`?\` ([ask me first](approval.md)).

In the matrices, \`→ STATE\` leads there, \`stays\` does something without leading anywhere, and \`·\` ignores the
event. Several answers in one cell depend on what is in the state or the event.`

function inviter(): Side {
  return {
    title: "The inviter's side",
    waits: INVITER_WAITS,
    limit: (state) => limitOf(LISTENER_STATES, state),
    probes: flat(LISTENER_STATES).flatMap((state) =>
      flat(LISTENER_EVENTS).map((event) => {
        return { state, event, answer: listenerStep(state.item, event.item) }
      }),
    ),
  }
}

function invitee(): Side {
  return {
    title: "The invitee's side",
    waits: INVITEE_WAITS,
    limit: (state) => limitOf(DIALER_STATES, state),
    probes: flat(DIALER_STATES).flatMap((state) =>
      flat(DIALER_EVENTS).map((event) => {
        return { state, event, answer: dialerStep(state.item, event.item) }
      }),
    ),
  }
}

function limitOf<Name extends ListenerStateName | DialerStateName>(
  states: Readonly<Record<Name, unknown>>,
  state: string,
): number | undefined {
  return isIn(states, state) ? stepLimitMs(state, DEFAULT_SESSION_CONFIG) : undefined
}

function isIn<Name extends string>(
  record: Readonly<Record<Name, unknown>>,
  name: string,
): name is Name {
  return Object.hasOwn(record, name)
}

function section(side: Side): readonly string[] {
  return [
    `## ${side.title}`,
    diagram(side),
    stateTable(side),
    `### Every state and event: ${side.title.toLowerCase()}`,
    matrix(side),
  ]
}

function diagram({ waits, probes }: Side): string {
  const edges = Object.keys(waits).flatMap((name) =>
    targets(probes, name)
      .filter((target) => !ENDINGS.includes(target))
      .map((target) => `  ${name} --> ${target}`),
  )
  const lines = ['```mermaid', 'stateDiagram-v2', '  [*] --> CREATED', ...edges]
  return [
    ...lines,
    '  COMPLETED --> [*]',
    '```',
    '',
    'Every live state can also end in `FAILED` or `TIMEOUT`.',
  ].join('\n')
}

function stateTable({ waits, probes, limit }: Side): string {
  const rows = Object.entries(waits).map(([name, wait]) => {
    const to = targets(probes, name).map((target) => `\`${target}\``)
    const ms = limit(name)
    return [
      `\`${name}\``,
      wait,
      ms === undefined ? '–' : seconds(ms),
      to.length === 0 ? '–' : to.join(', '),
    ]
  })
  return table(['state', 'waits for', 'at most', 'leaves to'], rows)
}

function matrix({ waits, probes }: Side): string {
  const states = Object.keys(waits)
  const events = [...new Set(probes.map(({ event }) => event.name))]
  const rows = events.map((event) => [
    `\`${event}\``,
    ...states.map((state) => {
      const asked = probes.filter((each) => each.state.name === state && each.event.name === event)
      return [...new Set(asked.map(cell))].join(' / ')
    }),
  ])
  return table(['event', ...states.map((state) => `\`${state}\``)], rows)
}

function cell({ state, answer }: Probe): string {
  if (isIgnored(state.item, answer)) return '·'
  return answer.state.name === state.name ? 'stays' : `→ ${answer.state.name}`
}

function targets(probes: readonly Probe[], name: string): readonly string[] {
  const from = probes.filter(({ state }) => state.name === name)
  const names = new Set(from.map(({ answer }) => answer.state.name))
  names.delete(name)
  return [...names].sort((a, b) => Number(ENDINGS.includes(a)) - Number(ENDINGS.includes(b)))
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function seconds(ms: number): string {
  return `${ms / 1_000} s`
}
