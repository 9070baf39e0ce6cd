import { openMulticast } from './multicast.ts'
import { answeredNames } from './neighbour-name.ts'

/** Ways of one peer that are told: more than a listener has ports. */
export const MAX_NEIGHBOUR_WAYS = 8

/** How often an answer is given at most, ms; RFC 6762, section 6. */
const ANSWER_EVERY_MS = 1_000

/** For how long an answer may be kept, seconds: it is for a dial that goes on now. */
const ANSWER_TTL_S = 10

export interface NeighbourAnswers {
  readonly peer: string
  /** The ends of the multiaddrs after the host, e.g. `/tcp/4710`, as of now. */
  ways(): readonly string[]
  /** Nobody on this network can ask. */
  onProblem(problem: string): void
}

/**
 * Answers those on this network who know the peer id, and ask where it is now. Says nothing by itself, and to a question
 * no more than the ports: the host is where the answer comes from.
 * @returns stops answering
 */
export function answerNeighbours({ peer, ways, onProblem }: NeighbourAnswers): () => void {
  const multicast = openMulticast(onProblem)
  let answeredAt = Number.NEGATIVE_INFINITY
  multicast.on('query', ({ questions = [] }) => {
    const names = answeredNames(peer, Date.now())
    const asked = questions.find(({ name, type }) => type === 'TXT' && names.has(name))
    const now = performance.now()
    if (asked === undefined || now - answeredAt < ANSWER_EVERY_MS) return
    answeredAt = now
    const data = ways().slice(0, MAX_NEIGHBOUR_WAYS)
    multicast.respond([{ name: asked.name, type: 'TXT', ttl: ANSWER_TTL_S, data: [...data] }])
  })
  return () => multicast.destroy()
}
