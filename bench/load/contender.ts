import type { Child } from '../process/child.ts'
import { type ProcessUsage, processUsageSchema } from '../process/usage.ts'
import { type Load, type Loadable, type Measurement, measuredSchema } from './load.ts'

/** A server that tells its usage, and a client that loads it, each a process of its own. */
export class Contender implements Loadable {
  protected readonly server: Child
  protected readonly client: Child
  /** Exchanges that ended well, those to warm up included. */
  protected ended = 0
  /** Times that one was tried again. */
  protected again = 0
  #measured = 0
  #commits = 0

  constructor(server: Child, client: Child) {
    this.server = server
    this.client = client
  }

  /** All loads until now were to warm up: they do not count in `commitsEach`. */
  warmedUp(): void {
    this.#measured = 0
    this.#commits = 0
  }

  /** Commits of the server's store for each measured exchange. */
  get commitsEach(): number {
    return this.#commits / this.#measured
  }

  async measure(load: Load): Promise<Measurement> {
    const before = await this.usage()
    const measured = measuredSchema.parse(await this.client.ask(load))
    const after = await this.usage()
    this.ended += load.count - measured.failed
    this.again += measured.again
    this.#measured += load.count
    this.#commits += after.commits - before.commits
    return { ...measured, serverCpu: (after.cpu - before.cpu) / load.count }
  }

  /** Asks the server for its usage. @param collect collects garbage first */
  async usage(collect = false): Promise<ProcessUsage> {
    return processUsageSchema.parse(await this.server.ask({ ask: 'usage', collect }))
  }
}
