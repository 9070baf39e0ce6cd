/** Here people give up on an offer after so long, ms: longer than any session, shorter than the chaos lasts. */
export const OFFER_AGE_MS = 35_000
