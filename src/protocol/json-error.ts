/** What is wrong with bytes that should be a JSON object. */
export type JsonProblem =
  | 'too_long'
  | 'not_utf8'
  | 'byte_order_mark'
  | 'syntax'
  | 'not_an_object'
  | 'too_deep'
  | 'too_many_values'
  | 'duplicate_name'
  | 'forbidden_name'
  | 'lone_surrogate'
  | 'number'

const SENTENCES: Readonly<Record<JsonProblem, string>> = {
  too_long: 'the JSON text is too long',
  not_utf8: 'the text is not UTF-8',
  byte_order_mark: 'the text begins with a byte order mark',
  syntax: 'the text is not JSON',
  not_an_object: 'the JSON text is not an object',
  too_deep: 'the JSON text is nested too deep',
  too_many_values: 'the JSON text holds too many values',
  duplicate_name: 'a JSON object has two members of the same name',
  forbidden_name: 'a JSON object has a member with a name that is not allowed',
  lone_surrogate: 'a JSON string is not well-formed Unicode',
  number: 'a JSON number is out of range',
}

/** Bytes are not JSON as strictly as we take it. Never holds any part of the text. */
export class JsonError extends Error {
  override readonly name = 'JsonError'
  readonly code = 'json_malformed'
  readonly problem: JsonProblem

  constructor(problem: JsonProblem) {
    super(SENTENCES[problem])
    this.problem = problem
  }
}
