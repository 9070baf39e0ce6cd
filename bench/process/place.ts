import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Child, startChild } from './child.ts'

/** A folder on the disk and the processes that are started for one measurement. All of it is gone afterwards. */
export class Place {
  readonly directory: string
  readonly #stops: (() => Promise<unknown>)[] = []

  private constructor(directory: string) {
    this.directory = directory
  }

  /** @param parent the folder that holds the new one for as long as `work` takes */
  static async within<Result>(
    parent: string,
    work: (place: Place) => Promise<Result>,
  ): Promise<Result> {
    const place = new Place(mkdtempSync(join(parent, 'run-')))
    try {
      return await work(place)
    } finally {
      for (const stop of place.#stops.reverse()) await stop()
      rmSync(place.directory, { recursive: true, force: true })
    }
  }

  /** As `startChild`. */
  async child(module: string, ...args: string[]): Promise<Child> {
    const child = await startChild(module, ...args)
    this.atEnd(() => child.stop())
    return child
  }

  /** Calls in the end, the last one first. */
  atEnd(stop: () => Promise<unknown>): void {
    this.#stops.push(stop)
  }
}
