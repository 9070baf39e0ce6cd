import { type TakenCheckpoint, takeShown } from '../../audit/witness/take-shown.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { TrailWrite } from '../../session/ports/write.ts'
import type { Appliers } from './appliers.ts'
import { WriteRefused } from './write-refused.ts'

export const TRAIL_WRITES: Appliers<TrailWrite> = {
  saveSession: ({ sessions }, { summary, isNew, entries }) => {
    const isNext = isNew ? sessions.save(summary, entries) : sessions.update(summary, entries)
    if (!isNext) throw new WriteRefused('fence')
  },
  appendLate: ({ sessions }, { sessionId, entries }) => sessions.appendLate(sessionId, entries),
  // Like the records of any write, it is appended by `applyWork`.
  appendAudit: () => undefined,
  rememberTime: ({ time }, { at }) => time.remember(at),
  keepCheckpoint: ({ witnessed }, { shown }) => {
    const taken = judged(() => takeShown(shown, witnessed.ofPeer(shown.peerId)))
    if ('problem' in taken) return taken
    const { drop, seenAgain, put, record, alarm } = taken
    for (const each of drop) witnessed.drop(each)
    if (seenAgain !== undefined) witnessed.touch(seenAgain, shown.at)
    if (put !== undefined) witnessed.put(put)
    return compact({ record, alarm })
  },
}

/** A fault in judging is not one of the work that the checkpoint came with. */
function judged(judge: () => TakenCheckpoint): TakenCheckpoint | { readonly problem: string } {
  try {
    return judge()
  } catch (error) {
    return { problem: String(error) }
  }
}
