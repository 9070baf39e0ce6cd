import type { SyncChannel } from '../../../src/tally/sync/sync-ports.ts'

/** What happens to one frame, the first one being number 0, whoever sends it. */
export interface WireTrouble {
  readonly at: number
  /** `cut`: it and all after it are lost. `twice`: it comes twice. `meanwhile`: something else is done before it goes. */
  readonly kind: 'cut' | 'twice' | 'meanwhile'
  meanwhile?(): Promise<void>
}

/** Two ends of a stream on which something may go wrong, once. */
export class FaultyWire {
  readonly #trouble: WireTrouble | undefined
  readonly #queues: readonly [Uint8Array[], Uint8Array[]] = [[], []]
  readonly #waiting: [(() => void) | undefined, (() => void) | undefined] = [undefined, undefined]
  #sent = 0
  #isCut = false

  constructor(trouble?: WireTrouble) {
    this.#trouble = trouble
  }

  /** Both ends hear no more. */
  cut(): void {
    this.#isCut = true
    for (const wake of this.#waiting.splice(0, 2, undefined, undefined)) wake?.()
  }

  end(side: 0 | 1): SyncChannel {
    const other = side === 0 ? 1 : 0
    return {
      send: async (payload) => {
        const trouble = this.#sent === this.#trouble?.at ? this.#trouble : undefined
        this.#sent += 1
        await trouble?.meanwhile?.()
        if (trouble?.kind === 'cut') this.cut()
        this.#mustHold()
        const copies = trouble?.kind === 'twice' ? 2 : 1
        for (let nth = 0; nth < copies; nth += 1) this.#queues[other].push(payload)
        this.#waiting[other]?.()
        this.#waiting[other] = undefined
      },
      receive: async () => {
        while (this.#queues[side].length === 0) {
          this.#mustHold()
          await new Promise<void>((resolve) => {
            this.#waiting[side] = resolve
          })
        }
        return this.#queues[side].shift() ?? new Uint8Array(0)
      },
    }
  }

  #mustHold(): void {
    if (this.#isCut) throw new Error('the wire is cut')
  }
}
