import type { EmbeddedPostgres } from '../../../support/postgres/embedded-postgres.ts'
import type { DiskInit, Disks, NodeDisk } from './node-disk.ts'
import { RealWork } from './real-work.ts'
import { ServerDisk } from './server-disk.ts'
import { ServerDrive } from './server-drive.ts'

/** As many nodes as a world has at most: two inviters, four invitees. */
const MAX_NODES = 6

/** Stores of all nodes of a world on a real server, a schema each. Virtual time stands still for it. */
export class ServerDisks implements Disks {
  readonly #work = new RealWork()
  readonly #drives: readonly ServerDrive[]
  #free: ServerDrive[]

  private constructor(drives: readonly ServerDrive[]) {
    this.#drives = drives
    this.#free = [...drives]
  }

  static async create(server: EmbeddedPostgres): Promise<ServerDisks> {
    const drives: ServerDrive[] = []
    while (drives.length < MAX_NODES) drives.push(await ServerDrive.create(server))
    return new ServerDisks(drives)
  }

  make(init: DiskInit): NodeDisk {
    const drive = this.#free.pop()
    if (drive === undefined) throw new RangeError(`more than ${MAX_NODES} nodes`)
    return new ServerDisk(drive, init, this.#work)
  }

  readonly settled = (): Promise<void> => this.#work.settled()

  /** Empties all, for the next run. */
  async wipe(): Promise<void> {
    await this.settled()
    for (const drive of this.#drives) await drive.wipe()
    this.#free = [...this.#drives]
  }

  async dispose(): Promise<void> {
    await this.settled()
    for (const drive of this.#drives) await drive.dispose()
  }
}
