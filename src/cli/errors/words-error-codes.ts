import { type ErrorMeaning, fixed } from './error-meaning.ts'

/** The codes about the words that two people compare. */
export const WORDS_ERROR_CODES = {
  no_words: fixed(
    11,
    'There are no words to compare for that tally.',
    'They come with the last message of a bootstrap: have the invitee run its link again. An older version gives none; then make another invitation.',
  ),
  not_compared: fixed(
    2,
    'The words of that tally were not compared, and the setting `compare` requires it.',
    'Compare them with your partner, by `taleus tally compare`.',
  ),
  words_differ: fixed(
    11,
    'The words are not the same: somebody may stand between you and your partner.',
    'Do not use this tally. Ask your partner, in person, for its party id and compare it with the one in `taleus tally show`; then make a new invitation.',
  ),
} satisfies Record<string, ErrorMeaning>
