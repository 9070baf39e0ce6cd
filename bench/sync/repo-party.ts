import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '../process/child.ts'
import { draftTextOf, EDITED, TALLY_IDS } from './bench-tallies.ts'
import { repoAdapter, type Sent } from './repo-adapter.ts'
import { type RepoLike, repoLibrary } from './repo-library.ts'
import { costSince } from './sync-cost.ts'

/** Nothing was sent for so long: the sync is over, ms. */
const QUIET_MS = 1_000

// One party of a sync by automerge-repo, with its storage: makes the documents, answers who comes, or goes to the other.
const [library = '', directory = ''] = process.argv.slice(2)
const module = await repoLibrary(library)
const sent: Sent = { messages: 0, bytes: 0 }
const server = createServer()
server.listen(0, '127.0.0.1')
await once(server, 'listening')
let before = process.cpuUsage()
let startedAt = performance.now()
let repo: RepoLike | undefined

function open(socket?: Socket): RepoLike {
  const network = socket === undefined ? [] : [repoAdapter(module, socket, sent)]
  const storage = new module.NodeFSStorageAdapter(directory)
  return new module.Repo({ storage, network, sharePolicy: async () => true })
}

async function make(): Promise<readonly string[]> {
  const made = open()
  const handles = TALLY_IDS.map((id) =>
    made.create({ draft: draftTextOf(id, '12D3KooWAlice', '12D3KooWBob').text }),
  )
  await made.flush()
  await made.shutdown()
  return handles.map(({ documentId }) => documentId)
}

async function edit(ids: readonly string[]): Promise<true> {
  const opened = open()
  for (const [nth, id] of ids.slice(0, EDITED).entries()) {
    const handle = await opened.find(`automerge:${id}`)
    handle.change((document) => {
      document['note'] = `lunch ${nth}`
    })
  }
  await opened.flush()
  await opened.shutdown()
  return true
}

async function answer(): Promise<number> {
  server.once('connection', (socket) => {
    repo = open(socket)
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('it does not listen')
  return address.port
}

async function go(port: number, ids: readonly string[]): Promise<true> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const opened = open(socket)
  repo = opened
  await Promise.all(ids.map((id) => opened.find(`automerge:${id}`)))
  return true
}

/** Waits until nothing is sent any more. */
async function quiet() {
  for (let last = -1; last !== sent.messages; ) {
    last = sent.messages
    await sleep(QUIET_MS)
  }
  return { ...costSince(before, startedAt), ...sent }
}

async function edited(ids: readonly string[]): Promise<number> {
  let count = 0
  for (const [nth, id] of ids.slice(0, EDITED).entries()) {
    const handle = await repo?.find(`automerge:${id}`)
    if (handle?.doc()?.['note'] === `lunch ${nth}`) count += 1
  }
  return count
}

interface Question {
  readonly make?: true
  readonly edit?: readonly string[]
  readonly answer?: true
  readonly go?: { readonly port: number; readonly ids: readonly string[] }
  readonly quiet?: true
  readonly edited?: readonly string[]
}

serve<Question>('ready', async (question) => {
  if (question.make) return await make()
  if (question.edit !== undefined) return await edit(question.edit)
  if (question.quiet) return await quiet()
  if (question.edited !== undefined) return await edited(question.edited)
  ;[before, startedAt] = [process.cpuUsage(), performance.now()]
  if (question.answer) return await answer()
  return question.go === undefined ? undefined : await go(question.go.port, question.go.ids)
})
