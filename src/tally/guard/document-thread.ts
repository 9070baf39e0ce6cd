import { parentPort, workerData } from 'node:worker_threads'
import { TallyRefusedError } from '../errors.ts'
import type { GuardAnswer, GuardRequest } from './guard-messages.ts'
import { type OwnDocument, SyncedDocument } from './synced-document.ts'

// The thread of one document: see guarded-document.ts. Anything that it does not know how to answer ends it.
const own: OwnDocument = workerData
let document: SyncedDocument | undefined

parentPort?.on('message', (request: GuardRequest) => {
  parentPort?.postMessage(answerTo(request))
})

function answerTo(request: GuardRequest): GuardAnswer {
  try {
    document ??= new SyncedDocument(own)
    switch (request.op) {
      case 'open':
        return { kind: 'opened', heads: document.heads }
      case 'generate':
        return { kind: 'said', message: document.generate() }
      case 'receive':
        return { kind: 'taken', taken: document.receive(request.message) }
      default:
        return request satisfies never
    }
  } catch (error) {
    if (error instanceof TallyRefusedError) return { kind: 'refused', stop: error.stop }
    throw error
  }
}
