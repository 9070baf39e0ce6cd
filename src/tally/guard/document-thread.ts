import { parentPort } from 'node:worker_threads'
import { TallyRefusedError } from '../errors.ts'
import type { GuardAnswer, GuardRequest } from './guard-messages.ts'
import { type OwnDocument, SyncedDocument } from './synced-document.ts'

// The thread of a document: see guarded-document.ts. Anything that it does not know how to answer ends it.
let document: SyncedDocument | undefined

parentPort?.on('message', (request: GuardRequest) => {
  parentPort?.postMessage(answerTo(request))
})

function answerTo(request: GuardRequest): GuardAnswer {
  try {
    if (request.own !== undefined) open(request.own)
    switch (request.op) {
      case 'heads':
        return { kind: 'told', heads: opened().heads }
      case 'generate':
        return { kind: 'said', message: opened().generate() }
      case 'receive':
        return { kind: 'taken', taken: opened().receive(request.message, request.signatures) }
      case 'check':
        return {
          kind: 'checked',
          checked: opened().check(request.changes, request.signatures),
        }
      default:
        return request satisfies never
    }
  } catch (error) {
    if (error instanceof TallyRefusedError) return { kind: 'refused', stop: error.stop }
    throw error
  }
}

/** Lets go of the document before. */
function open(own: OwnDocument): void {
  document?.free()
  document = undefined
  document = new SyncedDocument(own)
}

function opened(): SyncedDocument {
  if (document === undefined) throw new TypeError('no document is open')
  return document
}
