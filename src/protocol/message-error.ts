import type { JsonProblem } from './json-error.ts'

export interface MessageErrorOptions extends ErrorOptions {
  readonly json?: JsonProblem
}

/** A payload is not a message, or a message can't be sent. Never holds what a field contains. */
export class MessageError extends Error {
  override readonly name = 'MessageError'
  readonly code = 'malformed'
  /** The field at fault, by names of our own schema only, e.g. `built.draft.text`; `` for the whole. */
  readonly path: string
  /** What is wrong with the JSON text as such, before any schema. */
  readonly json: JsonProblem | undefined

  constructor(path: string, options: MessageErrorOptions = {}) {
    const { json } = options
    super(json === undefined ? `not a valid message: ${path}` : `not a message: ${json}`, options)
    this.path = path
    this.json = json
  }
}
