import { appendRecord } from '../../audit/record/chain.ts'
import type { WitnessedCheckpoint } from '../../audit/witness/witnessed-checkpoint.ts'
import type { Tables } from '../work/tables.ts'
import { by } from './order.ts'
import type { Rows } from './rows.ts'

/** The audit, whose records are each chained to the one before. */
export function memoryAudit({ audit, auditHead }: Rows): Tables['audit'] {
  return {
    append: (draft) => {
      const record = appendRecord(auditHead.value, draft)
      audit.put(record)
      auditHead.set(record)
    },
  }
}

/** Checkpoints that other parties signed over their own audits. */
export function memoryWitnessed({ witnessed, witnessedOfPeer }: Rows): Tables['witnessed'] {
  const alike = ({ peerId, size, standing }: WitnessedCheckpoint) =>
    witnessedOfPeer.rows(peerId).filter((each) => each.size === size && each.standing === standing)
  return {
    ofPeer: (peerId) =>
      witnessedOfPeer.rows(peerId).toSorted(
        by(
          ({ size }) => size,
          ({ standing }) => standing,
          ({ root }) => Buffer.from(root).toString('hex'),
        ),
      ),
    put: (checkpoint) => witnessed.put(checkpoint),
    touch: (checkpoint, seenAt) => {
      for (const each of alike(checkpoint)) witnessed.put({ ...each, seenAt })
    },
    drop: (checkpoint) => {
      for (const each of alike(checkpoint)) witnessed.remove(each)
    },
  }
}

export function memoryTime({ highestTime }: Rows): Tables['time'] {
  return {
    highest: () => highestTime.value,
    remember: (at) => highestTime.set(Math.max(at, highestTime.value)),
  }
}
