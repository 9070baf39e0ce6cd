import pg from 'pg'
import { STORE_TYPES } from '../../../../src/store/postgres/connection/column-values.ts'
import { ServerPool } from '../../../../src/store/postgres/connection/server-pool.ts'
import { type Life, never } from '../life.ts'
import type { RealWork } from './real-work.ts'
import type { ServerDrive } from './server-drive.ts'

/** What becomes of a COMMIT. */
export type CommitFate = 'well' | 'fails' | 'reply is lost'

export interface WatchedPoolInit {
  readonly drive: ServerDrive
  readonly work: RealWork
  /** The process whose connections these are; absent: they are nobody's, and nothing befalls them. */
  readonly life?: Life
  fate(): CommitFate
  /** Something was committed. What comes after waits for it. */
  committed(): Promise<void>
}

/** How each transaction begins that may write. */
const WRITING = 'READ COMMITTED'

/** As the server reports what its disk reports: io_error. */
function serverDiskError(): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('could not write', 0, 'error'), { code: '58030' })
}

/** Connections of one process, which may die at a COMMIT, or lose the reply. */
export class WatchedPool extends ServerPool {
  readonly #init: WatchedPoolInit

  constructor(init: WatchedPoolInit) {
    const { address, password } = init.drive
    super({ address, password: () => password, types: STORE_TYPES, pipeline: true })
    this.#init = init
  }

  override async connected(): Promise<pg.PoolClient> {
    const { work, life } = this.#init
    if (life?.alive === false) return never()
    return this.#watched(await work.track(super.connected()))
  }

  #watched(client: pg.PoolClient): pg.PoolClient {
    const { work, life } = this.#init
    let isWriting = false
    const query = (...given: readonly unknown[]): Promise<unknown> => {
      const asked = (): Promise<unknown> => work.track(Reflect.apply(client.query, client, given))
      if (life?.alive === false) return cutOff(client)
      const [first] = given
      if (typeof first === 'string' && first.startsWith('BEGIN'))
        isWriting = first.includes(WRITING)
      return first === 'COMMIT' && isWriting ? this.#commit(client, asked) : asked()
    }
    return new Proxy(client, {
      get: (target, name) => {
        if (name === 'query') return query
        const member: unknown = Reflect.get(target, name, target)
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
  }

  /** Sends at once what it sends: it is part of a pipeline. */
  #commit(client: pg.PoolClient, asked: () => Promise<unknown>): Promise<unknown> {
    const { life, work } = this.#init
    if (life?.survives('before a commit') === false) return cutOff(client)
    const fate = this.#init.fate()
    if (fate === 'fails') {
      const undone = work.track(client.query('ROLLBACK'))
      return undone.then(() => Promise.reject(serverDiskError()))
    }
    return work.track(this.#committed(client, asked(), fate))
  }

  async #committed(
    client: pg.PoolClient,
    asked: Promise<unknown>,
    fate: CommitFate,
  ): Promise<unknown> {
    const result = await asked
    await this.#init.committed()
    if (this.#init.life?.survives('after a commit') === false) return cutOff(client)
    if (fate === 'well') return result
    destroy(client)
    throw new Error('Connection terminated unexpectedly')
  }
}

/** The process is gone, and its connections with it. */
function cutOff(client: pg.PoolClient): Promise<never> {
  destroy(client)
  return never()
}

/** The connection breaks: pg notices it by itself. */
function destroy(client: pg.PoolClient): void {
  // Its types do not know the stream.
  const { connection } = client as unknown as {
    readonly connection: { readonly stream: { destroy(): void } }
  }
  connection.stream.destroy()
}
